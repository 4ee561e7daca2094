"""References across the account and the map of who starts whom."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from apps.billing.models import Subscription
from apps.workflows.models import Workflow
from apps.workflows.platforms.loading import Document
from apps.workflows.samples import sample
from apps.workflows.services import Listed, workflow_from_listing, workflow_import
from tests.workflows.analysis.drawing import (
    branch,
    condition,
    drawn,
    flow,
    if_else,
    node,
    step,
)


def trigger(kind: str, **filters: Any) -> dict[str, Any]:
    conditions = [{"field": f, "operator": "==", "value": v} for f, v in filters.items()]
    return {"id": f"t-{kind}", "type": kind, "name": kind, "active": True, "conditions": conditions}


def tagging(key: str, adds: str, on: str = "", **more: Any) -> dict[str, Any]:
    start = trigger("contact_tag", tagsAdded=on) if on else trigger("contact_created")
    adding = step(f"{key}-add", "add_contact_tag", tags=[adds])
    return flow(adding, id=key, name=key.upper(), triggers=[start], **more)


def keep(account, *definitions) -> dict[str, str]:
    """Import the definitions; the ids of the account's workflows by name."""
    documents = [Document(f"{n}.json", each) for n, each in enumerate(definitions)]
    assert workflow_import(account=account, documents=documents).errors == []
    return {each.name: str(each.pk) for each in Workflow.objects.filter(account=account)}


def get(person, path):
    answer = person.client.get(f"/api/{path}")
    assert answer.status_code == 200, answer.content
    return answer.json()["data"]


# -- references --------------------------------------------------------------------------------


@pytest.fixture
def several(pro) -> dict[str, str]:
    asks = if_else("if", (branch("Hot", condition("tags", "index-of-true", ["hot-lead"])), None))
    return keep(
        pro,
        tagging("a", "Hot-Lead"),
        tagging("b", "cold", on="hot-lead"),
        flow(asks, step("u", "update_contact_field", actionType="update_field_data",
                        fields=[{"field": "city", "value": "Bonn"}]), id="c", name="C"),
        flow(step("m", "sms", body="Hi {{contact.city}}, {{custom_values.offer}}"),
             step("hook", "custom_webhook", url="https://u:p@api.acme-tools.com/leads?key=sk_9"),
             id="d", name="D"),
        drawn({"W": node("webhook", path="lead"), "X": node("executeWorkflow", workflowId="42")},
              "W > X", id="n", name="N"),
    )  # fmt: skip


def rows(data) -> set[tuple[str, str, str]]:
    return {(each["workflowName"], each["nodeId"], each["access"]) for each in data["references"]}


def test_every_step_that_reads_or_writes_a_tag_is_found(alice, several):
    for asked in ("hot-lead", "HOT-LEAD"):
        assert rows(get(alice, f"references?kind=tag&value={asked}")) == {
            ("A", "a-add", "write"), ("B", "t-contact_tag", "read"), ("C", "if", "read"),
        }  # fmt: skip


def test_rows_name_workflow_and_step(alice, several):
    row = get(alice, "references?kind=tag&value=cold")["references"][0]
    assert row == {
        "kind": "tag", "value": "cold", "access": "write", "workflowId": several["B"],
        "workflowName": "B", "nodeId": "b-add", "nodeName": "b-add",
    }  # fmt: skip


def test_fields_are_found_in_writes_conditions_and_merge_fields(alice, several):
    assert rows(get(alice, "references?kind=field&value=city")) == {
        ("C", "u", "write"), ("D", "m", "read"),
    }  # fmt: skip
    for kind in ("custom-value", "customValue", "Custom%20value", "custom_value"):
        assert rows(get(alice, f"references?kind={kind}&value=offer")) == {("D", "m", "read")}


def test_addresses_are_found_without_their_secrets(alice, several):
    found = get(alice, "references?kind=webhook")
    values = {each["value"] for each in found["index"]}
    assert values == {"https://api.acme-tools.com/leads", "lead"}
    assert "sk_9" not in str(found)


def test_a_workflow_that_is_run_by_another_is_found(alice, several):
    assert rows(get(alice, "references?kind=workflow&value=42")) == {("N", "X", "write")}


def test_without_a_value_there_is_an_index(alice, several):
    found = get(alice, "references?kind=tag")
    assert found["index"] == [
        {"kind": "tag", "value": "cold", "reads": 0, "writes": 1, "workflows": 1},
        {"kind": "tag", "value": "hot-lead", "reads": 2, "writes": 1, "workflows": 3},
    ]
    assert len(found["references"]) == 4


def test_the_index_comes_in_pages(alice, several):
    answer = alice.client.get("/api/references?kind=tag&pageSize=1&page=2").json()
    assert [each["value"] for each in answer["data"]["index"]] == ["hot-lead"]
    assert answer["meta"]["pagination"] == {"page": 2, "pageSize": 1, "total": 2, "pages": 2}
    assert alice.client.get("/api/references?page=99").status_code == 404


def test_what_nobody_uses_has_no_references(alice, several):
    assert get(alice, "references?kind=tag&value=nothing")["references"] == []
    assert get(alice, "references?kind=form&value=hot-lead")["references"] == []


@pytest.mark.parametrize("query", ["kind=colour", "kind=", "page=0", "value="])
def test_what_makes_no_sense_is_refused(alice, several, query):
    answer = alice.client.get(f"/api/references?{query}")
    assert answer.status_code == (200 if query in ("kind=", "value=") else 400)


def test_only_the_newest_definition_counts(alice, pro, django_capture_on_commit_callbacks):
    keep(pro, tagging("a", "old"))
    assert get(alice, "references?kind=tag&value=old")["references"]
    with django_capture_on_commit_callbacks(execute=True):  # what was kept is dropped
        keep(pro, tagging("a", "new"))
    assert get(alice, "references?kind=tag&value=old")["references"] == []
    assert get(alice, "references?kind=tag&value=new")["references"]


# -- map ---------------------------------------------------------------------------------------


def test_the_map_tells_who_starts_whom_over_what(alice, pro):
    ids = keep(pro, tagging("a", "x"), tagging("b", "y", on="x"), tagging("c", "z", on="w"))
    found = get(alice, "map")
    assert {each["name"]: each["id"] for each in found["workflows"]} == ids
    assert found["links"] == [
        {"source": ids["A"], "target": ids["B"], "kind": "tag", "value": "x",
         "nodeIds": ["a-add"], "automatic": True},
    ]  # fmt: skip
    assert found["cycles"] == []


def test_circles_are_marked_and_so_is_who_starts_itself(alice, pro):
    ids = keep(
        pro, tagging("a", "x", on="z"), tagging("b", "y", on="x"), tagging("c", "z", on="y"),
        tagging("d", "own", on="own"), tagging("e", "end", on="x"),
    )  # fmt: skip
    found = get(alice, "map")
    assert sorted(map(sorted, found["cycles"])) == sorted(
        [sorted([ids["A"], ids["B"], ids["C"]]), [ids["D"]]]
    )


def test_an_enrolment_names_the_workflow_it_starts(alice, pro):
    enrolling = flow(step("go", "add_to_workflow", workflow_id=["b"]), id="a", name="A")
    ids = keep(pro, enrolling, tagging("b", "x"))
    [link] = get(alice, "map")["links"]
    assert (link["kind"], link["value"], link["target"]) == ("workflow", ids["B"], ids["B"])


def test_a_call_of_another_workflow_s_webhook_is_a_link(alice, pro):
    def calling(name: str, path: str, url: str) -> dict[str, Any]:
        request = node("httpRequest", 4, url=url, method="POST")
        return drawn({"W": node("webhook", path=path), "R": request}, "W > R", name=name, id=name)

    ids = keep(
        pro,
        calling("A", "in-a", "https://n8n.acme-tools.com/webhook/in-b?key=secret-1"),
        calling("B", "in-b", "https://n8n.acme-tools.com/webhook/in-a"),
        calling("C", "in-c", "https://api.acme-tools.com/in-a"),
    )
    found = get(alice, "map")
    assert {(each["source"], each["target"], each["kind"]) for each in found["links"]} == {
        (ids["A"], ids["B"], "call"), (ids["B"], ids["A"], "call"),
    }  # fmt: skip
    assert [set(group) for group in found["cycles"]] == [{ids["A"], ids["B"]}]
    assert "secret-1" not in str(found)


def test_a_workflow_that_is_switched_off_starts_nobody(alice, pro):
    keep(pro, tagging("a", "x"), tagging("b", "y", on="x", status="draft"))
    found = get(alice, "map")
    assert found["links"] == []
    assert len(found["workflows"]) == 2


def test_workflows_that_write_different_values_on_the_same_start_conflict(alice, pro):
    def writing(key: str, value: str) -> dict[str, Any]:
        fields = [{"field": "source", "value": value}]
        more: dict[str, Any] = {"actionType": "update_field_data", "fields": fields}
        setting = step(f"{key}-set", "update_contact_field", None, **more)
        start = trigger("form_submission", **{"form.id": "f1"})
        return flow(setting, id=key, name=key.upper(), triggers=[start])

    ids = keep(pro, writing("a", "Web"), writing("b", "Ads"), writing("c", "Web"))
    [conflict] = get(alice, "map")["conflicts"]
    assert (conflict["kind"], conflict["value"]) == ("field", "source")
    assert {each["id"] for each in conflict["workflows"]} == set(ids.values())
    assert [each["nodeIds"] for each in conflict["workflows"]] == [["a-set"], ["b-set"], ["c-set"]]


def test_what_is_known_only_from_a_list_stands_on_the_map_without_links(alice, pro):
    workflow_from_listing(
        account=pro, platform="highlevel", source=Workflow.Source.HIGHLEVEL, rows=[Listed("w", "W")]
    )
    assert [each["name"] for each in get(alice, "map")["workflows"]] == ["W"]


# -- both --------------------------------------------------------------------------------------


def test_another_account_s_workflows_are_in_neither(alice, charlie, several):
    Subscription.objects.create(account=charlie.account, plan="pro", state="active")
    assert get(charlie, "map")["workflows"] == []
    assert get(charlie, "references")["references"] == []
    assert get(alice, "map")["workflows"]


@pytest.mark.parametrize("path", ["map", "references"])
def test_both_belong_to_a_paid_plan(alice, path):
    answer = alice.client.get(f"/api/{path}")
    assert answer.status_code == 402
    assert answer.json()["error"]["code"] == "plan_limit"


def test_a_second_look_reads_no_definitions(alice, several, django_assert_max_num_queries):
    first = get(alice, "map"), get(alice, "references")
    with django_assert_max_num_queries(8):
        assert (get(alice, "map"), get(alice, "references")) == first


def test_samples_and_hostile_names_stand_on_the_map(alice, pro):
    hostile = copy.deepcopy(sample("medium"))
    hostile["workflow"]["name"] = "<script>\u202e" + "x" * 900
    keep(pro, sample("critical"), hostile)
    assert len(get(alice, "map")["workflows"]) == 2
    assert get(alice, "references")["index"]
