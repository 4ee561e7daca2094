"""Reading a connected platform: names always, steps where they are to be had, and lists."""

from __future__ import annotations

from typing import Any

import pytest

from apps.accounts.models import Connection
from apps.ops.jobs import Job
from apps.workflows.models import ReferenceList, Workflow, WorkflowVersion
from apps.workflows.samples import sample
from tests.players.server import Reply

pytestmark = pytest.mark.django_db


def listed(number: int, status: str = "published") -> dict[str, Any]:
    return {
        "id": f"w{number}",
        "name": f"Workflow {number}",
        "status": status,
        "version": 3,
        "createdAt": "2026-01-01T00:00:00.000Z",
        "updatedAt": "2026-02-01T00:00:00.000Z",
        "locationId": "x",
    }


def steps(name: str = "medium") -> dict[str, Any]:
    """What the definition endpoint may answer: the workflow without its id."""
    definition = dict(sample(name)["workflow"])
    definition.pop("_id", None)
    definition.pop("id", None)
    return definition


def rows(client) -> list[dict[str, Any]]:
    answer = client.get("/api/workflows", {"ordering": "name"})
    found: list[dict[str, Any]] = answer.json()["data"]
    return found


def job() -> Job:
    return Job.objects.get(kind="workflows.sync")


# -- HighLevel -------------------------------------------------------------------------------------


def test_a_list_alone_gives_names_and_no_score(alice, highlevel, connection, sync):
    highlevel.workflows = [listed(1), listed(2, "draft"), listed(3, "surprise")]
    sync()
    found = rows(alice.client)
    assert [(row["name"], row["status"], row["hasDefinition"]) for row in found] == [
        ("Workflow 1", "active", False),
        ("Workflow 2", "draft", False),
        ("Workflow 3", "unknown", False),
    ]
    assert {row["source"] for row in found} == {"highlevel"}
    assert {row["healthScore"] for row in found} == {None}
    answer = alice.client.post("/api/analyze", {"workflowId": found[0]["id"]}, format="json")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "conflict")
    connection.refresh_from_db()
    assert connection.synced_at


def test_that_definitions_are_closed_is_asked_once_and_no_trouble(highlevel, connection, sync):
    highlevel.workflows = [listed(number) for number in range(5)]
    sync()
    asked = [path for path in highlevel.paths() if path.endswith("/definition")]
    assert asked == ["GET /workflows/w0/definition"]
    connection.refresh_from_db()
    assert (connection.state, job().state) == ("connected", "done")


def test_where_they_are_open_steps_come_along(alice, highlevel, connection, sync):
    highlevel.workflows = [listed(1), listed(2), listed(3)]
    highlevel.definitions = {"w1": steps(), "w2": {"workflow": steps("healthy"), "triggers": []}}
    sync()
    first, second, third = rows(alice.client)
    assert [row["externalId"] for row in (first, second, third)] == ["w1", "w2", "w3"]
    assert [row["hasDefinition"] for row in (first, second, third)] == [True, True, False]
    assert highlevel.calls("/workflows/w1/definition")[0].headers["Version"] == "v3"
    answer = alice.client.post("/api/analyze", {"workflowId": first["id"]}, format="json")
    assert answer.status_code == 200


def test_the_same_again_adds_nothing(alice, highlevel, connection, sync):
    highlevel.workflows, highlevel.definitions = [listed(1)], {"w1": steps()}
    sync()
    sync()
    assert (Workflow.objects.count(), WorkflowVersion.objects.count()) == (1, 1)
    highlevel.definitions = {"w1": steps("healthy")}
    sync()
    assert (Workflow.objects.count(), WorkflowVersion.objects.count()) == (1, 2)


def test_a_definition_that_nobody_understands_leaves_the_name(alice, highlevel, connection, sync):
    highlevel.workflows = [listed(1), listed(2)]
    highlevel.definitions = {"w1": {"nodes": "?"}, "w2": steps()}
    sync()
    assert [row["hasDefinition"] for row in rows(alice.client)] == [False, True]
    assert job().state == "done"


def test_lists_are_read_as_far_as_the_scopes_go(alice, highlevel, connection, sync):
    scopes = ["locations/tags.readonly", "forms.readonly", "users.readonly", "calendars.write"]
    Connection.objects.update(scopes=["workflows.readonly", *scopes])
    highlevel.lists = {
        "tags": {"tags": [{"id": "t1", "name": "hot lead"}]},
        "users": {"users": [{"id": "u1", "name": "Ada"}]},
    }
    sync()
    found = dict(ReferenceList.objects.values_list("kind", "data"))
    assert found["tags"] == [{"id": "t1", "name": "hot lead"}]
    assert found["users"] == [{"id": "u1", "name": "Ada"}]
    assert "customFields" not in found
    assert set(ReferenceList.objects.values_list("source", flat=True)) == {"highlevel"}
    assert ReferenceList.objects.filter(location_id=connection.location_id).exists()


def test_lists_in_pages_are_read_to_the_end(highlevel, connection, sync):
    Connection.objects.update(scopes=["forms.readonly"])
    pages = [[{"id": str(number)} for number in range(50)], [{"id": "last"}]]
    answers = iter(pages)
    highlevel.form_pages = answers
    sync()
    assert len(ReferenceList.objects.get(kind="forms").data) == 51


def test_a_scope_that_is_missing_is_no_broken_connection(highlevel, connection, sync):
    body = {"statusCode": 401, "message": "The token is not authorized for this scope."}
    highlevel.always = None
    highlevel.answers["/workflows/"] = Reply(401, body)
    sync()
    connection.refresh_from_db()
    assert (connection.state, job().state) == ("connected", "done")


def test_an_outage_is_tried_again_later(highlevel, connection, sync):
    highlevel.answers["/workflows/"] = Reply(500)
    sync()
    assert job().state in {"queued", "retrying", "waiting", "failed"}
    connection.refresh_from_db()
    assert (connection.state, connection.synced_at) == ("connected", None)


def test_a_withdrawn_installation_ends_the_work(highlevel, connection, sync):
    highlevel.expire_access_tokens()
    highlevel.tokens.refresh.clear()
    highlevel.may_reconnect = False
    sync()
    connection.refresh_from_db()
    assert (connection.state, job().state) == ("needs_attention", "done")


@pytest.mark.parametrize("body", [[], {}, {"workflows": {}}, b"<html>"])
def test_a_list_that_is_none_changes_nothing(highlevel, connection, sync, body):
    highlevel.answers["/workflows/"] = Reply(200, body)
    sync()
    assert Workflow.objects.count() == 0
    assert job().state != "done"


def test_rows_that_are_none_are_passed_over(alice, highlevel, connection, sync):
    highlevel.workflows = [None, 5, {}, {"id": ""}, {"id": 5}, {"id": "w9"}]
    sync()
    assert [row["externalId"] for row in rows(alice.client)] == ["w9"]


def test_asking_twice_is_one_job(alice, connection):
    for _ in range(2):
        answer = alice.client.post("/api/workflows/sync")
        assert answer.json()["data"] == {
            "state": "queued",
            "connections": [{"id": str(connection.pk), "provider": "highlevel"}],
        }
    assert Job.objects.filter(kind="workflows.sync").count() == 1


@pytest.mark.parametrize("state", ["needs_attention", "revoked"])
def test_what_is_not_connected_is_not_read(alice, connection, state):
    Connection.objects.update(state=state)
    assert alice.client.post("/api/workflows/sync").status_code == 409


# -- n8n -------------------------------------------------------------------------------------------


def workflow(number: int) -> dict[str, Any]:
    node = {"id": "1", "name": "Start", "type": "n8n-nodes-base.manualTrigger", "position": [0, 0]}
    return {
        "id": f"n{number}",
        "name": f"Flow {number}",
        "active": number % 2 == 0,
        "nodes": [node | {"parameters": {}, "typeVersion": 1}],
        "connections": {},
        "settings": {},
    }


def test_an_instance_is_read_page_by_page(alice, pro, n8n, sync):
    n8n.workflows = [workflow(number) for number in range(120)]
    sync()
    assert Workflow.objects.filter(platform="n8n", source="n8n").count() == 120
    assert WorkflowVersion.objects.count() == 120
    assert len(n8n.requests) == 2
    assert n8n.requests[1].query["cursor"] == "100"
    assert Workflow.objects.get(external_id="n2").status == "active"


def test_where_the_plan_ends_names_are_kept(alice, n8n, sync):
    n8n.workflows = [workflow(number) for number in range(12)]
    sync()
    found = rows(alice.client)
    assert len(found) == 12
    assert not any(row["hasDefinition"] for row in found)
    assert job().state == "done"


def test_a_key_that_was_withdrawn_needs_attention(alice, n8n, sync):
    Connection.objects.update(state="connected")
    n8n.always = Reply(401, {"message": "unauthorized"})
    sync()
    instance = Connection.objects.get()
    assert (instance.state, job().state) == ("needs_attention", "done")
    assert "new one" in instance.last_error


def test_an_instance_that_never_ends_is_left(alice, pro, n8n, sync, monkeypatch):
    from apps.workflows.sources import n8n as source

    monkeypatch.setattr(source, "MOST_PAGES", 3)
    n8n.always = Reply(200, {"data": [workflow(1)], "nextCursor": "again"})
    sync()
    assert len(n8n.requests) == 3
    assert Workflow.objects.count() == 1
