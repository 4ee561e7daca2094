"""The account's workflows: the list, one of them, its structure."""

import json
import uuid

import pytest

from apps.workflows.models import Workflow
from apps.workflows.samples import sample
from apps.workflows.services import Listed, analysis_create, workflow_from_listing

ROW = {
    "id", "name", "platform", "externalId", "status", "source", "hasDefinition", "healthScore",
    "grade", "updatedAt", "analyzedAt",
}  # fmt: skip


def n8n(name: str, **more):
    node = {"id": "1", "name": "Start", "type": "n8n-nodes-base.manualTrigger", "position": [4, 2]}
    return {"name": name, "nodes": [{**node, "parameters": {}}], "connections": {}, **more}


def bring(person, definition, **more):
    body = {"definition": definition, **more}
    answer = person.client.post("/api/workflows", body, format="json")
    assert answer.status_code in (200, 201), answer.content
    return answer.json()["data"]


@pytest.fixture
def listed(account) -> Workflow:
    [workflow] = workflow_from_listing(
        account=account,
        platform="highlevel",
        source=Workflow.Source.HIGHLEVEL,
        rows=[Listed("w1", "Only a name", "draft")],
    )
    return workflow


def names(person, query: str) -> list[str]:
    answer = person.client.get(f"/api/workflows?{query}")
    assert answer.status_code == 200, answer.content
    return [row["name"] for row in answer.json()["data"]]


def test_a_row_says_where_the_workflow_stands(alice, analysis):
    [row] = alice.client.get("/api/workflows").json()["data"]
    assert set(row) == ROW
    assert (row["healthScore"], row["grade"], row["hasDefinition"]) == (22, "High Risk", True)
    assert (row["platform"], row["source"], row["status"]) == ("highlevel", "api", "active")
    assert row["analyzedAt"].endswith("Z")


def test_one_known_from_a_list_alone_has_no_score(alice, listed):
    [row] = alice.client.get("/api/workflows").json()["data"]
    assert (row["hasDefinition"], row["healthScore"], row["grade"]) == (False, None, None)
    assert (row["status"], row["source"], row["externalId"]) == ("draft", "highlevel", "w1")
    assert row["analyzedAt"] is None
    data = alice.client.get(f"/api/workflows/{listed.pk}").json()["data"]
    assert (data["versions"], data["definition"]) == ([], None)


def test_structure_of_one_known_from_a_list_is_a_conflict(alice, listed):
    answer = alice.client.get(f"/api/workflows/{listed.pk}/structure")
    assert answer.status_code == 409
    error = answer.json()["error"]
    assert error["code"] == "conflict"
    assert error["message"] == "The steps of “Only a name” are not available: upload an export."


def test_the_list_is_searched_filtered_and_ordered(alice, listed):
    bring(alice, n8n("beta 50%"))
    bring(alice, n8n("Alpha", active=True))
    analysis_create(account=alice.account, definition=sample("healthy"))
    healthy = sample("healthy")["workflow"]["name"]
    assert names(alice, "ordering=name") == sorted(
        ["Alpha", "beta 50%", healthy, "Only a name"], key=str.lower
    )
    assert names(alice, "ordering=-healthScore")[0] == healthy
    assert names(alice, "ordering=healthScore")[0] == healthy
    assert names(alice, "") == [healthy, "Alpha", "beta 50%", "Only a name"]
    assert names(alice, "search=ALPH") == ["Alpha"]
    assert names(alice, "search=50%25") == ["beta 50%"]
    assert names(alice, "search=_eta") == []
    assert names(alice, "search=") == names(alice, "")
    assert names(alice, "platform=n8n&ordering=name") == ["Alpha", "beta 50%"]
    assert names(alice, "grade=Excellent") == [healthy]
    assert names(alice, "grade=Critical") == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("ordering=size", "ordering"),
        ("platform=zapier", "platform"),
        ("grade=Fine", "grade"),
        ("search=%00", "search"),
        (f"search={'x' * 201}", "search"),
        ("page=0", "page"),
        ("pageSize=101", "pageSize"),
    ],
)
def test_a_wrong_query_says_what_is_wrong(alice, query, field):
    answer = alice.client.get(f"/api/workflows?{query}")
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert error["code"] == "validation_error"
    assert error["details"][0]["field"] == field


def test_a_wrong_choice_is_told_what_there_is_to_choose_from(alice):
    error = alice.client.get("/api/workflows?ordering=size").json()["error"]
    assert error["message"].startswith("ordering: “size” is none of -updatedAt, updatedAt, -name,")


def test_the_list_comes_by_page(alice):
    for number in range(3):
        bring(alice, n8n(f"w{number}"))
    answer = alice.client.get("/api/workflows?pageSize=2&page=2&ordering=name").json()
    assert [row["name"] for row in answer["data"]] == ["w2"]
    assert answer["meta"]["pagination"] == {"page": 2, "pageSize": 2, "total": 3, "pages": 2}
    assert alice.client.get("/api/workflows?pageSize=2&page=3").status_code == 404


def test_the_list_takes_the_same_few_queries_however_long(
    alice, analysis, django_assert_num_queries
):
    for number in range(8):
        bring(alice, n8n(f"w{number}"))
    alice.client.get("/api/workflows?pageSize=1")
    with django_assert_num_queries(3):  # the token, how many there are, the page
        assert len(names(alice, "ordering=name")) == 9


def test_strangers_see_nothing(charlie, analysis, listed):
    assert names(charlie, "") == []
    for pk in (analysis.workflow_id, listed.pk):
        assert charlie.client.get(f"/api/workflows/{pk}").status_code == 404
        assert charlie.client.get(f"/api/workflows/{pk}/structure").status_code == 404


@pytest.mark.parametrize("pk", [uuid.UUID(int=7), "no-uuid", "%00", "1"])
def test_what_is_not_there_is_404(alice, pk):
    assert alice.client.get(f"/api/workflows/{pk}").status_code == 404


def test_a_workflow_shows_its_versions_newest_first(alice):
    first = sample("medium")
    second = sample("medium")
    second["workflow"]["workflowData"]["templates"].pop()
    analysis_create(account=alice.account, definition=first)
    pk = bring(alice, second)["workflows"][0]["id"]
    data = alice.client.get(f"/api/workflows/{pk}").json()["data"]
    assert set(data) == ROW | {"versions", "definition"}
    assert [row["healthScore"] for row in data["versions"]] == [None, 22]
    assert [row["grade"] for row in data["versions"]] == [None, "High Risk"]
    assert data["definition"] == second
    assert bring(alice, first)["unchanged"] == 1
    data = alice.client.get(f"/api/workflows/{pk}").json()["data"]
    assert [row["healthScore"] for row in data["versions"]] == [22, None]
    assert data["definition"] == first


@pytest.mark.parametrize(
    "written",
    [
        '{"z": 1.0, "a": 1.10, "m": 1E5, "big": 12345678901234567890123}',
        '{"f": 0.1000000000000000055, "e": -0.0}',
        '{"twice": 1, "twice": 2, "Keys_stay": {"snake_case": null, "camelCase": []}}',
        '{"text": "\\ud800 \\u0000 \\u00e9 é 😀 \\/ </script>"}',
        '[ 1 ,\n\t2 ]',
    ],
)  # fmt: skip
def test_a_definition_leaves_as_it_came(alice, written):
    text = json.dumps(n8n("Exact")).replace('"parameters": {}', f'"parameters": {{"x": {written}}}')
    body = f' {{"platform" : "n8n","definition":{{}},  "definition" : {text} ,"name":null}} '
    for path in ("/api/workflows", "/api/analyze"):
        answer = alice.client.generic("POST", path, body, content_type="application/json")
        assert answer.status_code in (200, 201), answer.content
    pk = Workflow.objects.get().pk
    answer = alice.client.get(f"/api/workflows/{pk}").content.decode()
    assert f'"definition":{text}}}' in answer


def test_structure_is_the_canonical_graph(alice):
    definition = n8n("Flow")
    step = {"id": "2", "name": "Then", "type": "n8n-nodes-base.noOp", "parameters": {}}
    definition["nodes"].append({**step, "disabled": True})
    definition["connections"] = {"Start": {"main": [[{"node": "Then", "index": 0}]]}}
    pk = bring(alice, definition)["workflows"][0]["id"]
    data = alice.client.get(f"/api/workflows/{pk}/structure").json()["data"]
    assert set(data) == {"nodes", "edges", "settings", "entryNodeIds"}
    start, then = data["nodes"]
    assert start == {
        "id": "1",
        "name": "Start",
        "kind": "trigger",
        "type": "n8n-nodes-base.manualTrigger",
        "enabled": True,
        "position": {"x": 4.0, "y": 2.0},
    }
    assert (then["enabled"], then["position"]) == (False, None)
    assert data["edges"] == [{"source": "1", "target": "2", "label": "", "kind": "next"}]
    assert data["entryNodeIds"] == ["1"]
    assert set(data["settings"]) == {
        "reentry", "stopOnResponse", "timezone", "window", "errorWorkflow",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["critical", "medium", "healthy"])
def test_structure_of_a_sample_has_all_its_steps(alice, name):
    pk = bring(alice, sample(name))["workflows"][0]["id"]
    data = alice.client.get(f"/api/workflows/{pk}/structure").json()["data"]
    ids = {node["id"] for node in data["nodes"]}
    assert len(ids) == len(data["nodes"]) > 5
    assert {edge[end] for edge in data["edges"] for end in ("source", "target")} <= ids
    assert set(data["entryNodeIds"]) <= ids
