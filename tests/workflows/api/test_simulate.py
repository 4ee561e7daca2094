"""A contact walked through a definition over the API."""

from __future__ import annotations

import uuid

import pytest

from apps.workflows.models import Workflow
from apps.workflows.platforms.loading import Document
from apps.workflows.samples import sample
from apps.workflows.services import Listed, workflow_from_listing, workflow_import
from tests.workflows.analysis.drawing import flow, step, wait

FLOW = flow(
    step("one", "sms", "w", body="Hi"), wait("w", "two", "days", 2), step("two", "sms", body="?"),
    stopOnResponse=True,
)  # fmt: skip
START = "2026-03-02T10:00:00Z"


def simulate(person, **body):
    body.setdefault("definition", FLOW)
    body.setdefault("startAt", START)
    return person.client.post("/api/simulate", body, format="json")


def walked(person, **body):
    answer = simulate(person, **body)
    assert answer.status_code == 200, answer.content
    return answer.json()["data"]


def test_a_walk_is_told_step_by_step(alice):
    data = walked(alice)
    assert [(each["nodeId"], each["at"], each["outcome"]) for each in data["steps"]] == [
        ("one", "2026-03-02T10:00:00.000Z", "sent"),
        ("w", "2026-03-02T10:00:00.000Z", "waited"),
        ("two", "2026-03-04T10:00:00.000Z", "sent"),
    ]
    assert data["messages"][1] == {
        "channel": "sms", "nodeId": "two", "at": "2026-03-04T10:00:00.000Z",
    }  # fmt: skip
    assert data["end"]["code"] == "completed"
    assert all(each["name"] and each["reason"] for each in data["steps"])


@pytest.mark.parametrize(
    ("after", "at"),
    [
        (3600, "11:00"), (90.5, "10:01"), (0, "10:00"), ("2h", "12:00"), ("90m", "11:30"),
        ("1h30m", "11:30"), ("PT2H", "12:00"), ("P0DT45M", "10:45"), ("1.5h", "11:30"),
    ],
)  # fmt: skip
def test_events_happen_so_long_after_the_start(alice, after, at):
    end = walked(alice, events=[{"type": "reply", "after": after}])["end"]
    assert end["code"] == "reply"
    assert end["at"].startswith(f"2026-03-02T{at}")


@pytest.mark.parametrize(
    "after", ["soon", "", "-1h", -5, True, None, "PT", [], {}, "9999999999d", 1e18, "P1Y"]
)
def test_a_time_that_makes_no_sense_is_refused(alice, after):
    answer = simulate(alice, events=[{"type": "reply", "after": after}])
    assert answer.status_code == 400
    assert answer.json()["error"]["details"][0]["field"] == "events[0].after"


@pytest.mark.parametrize("name", ["reply", "Customer-Reply", "replied"])
def test_events_go_by_several_names(alice, name):
    assert walked(alice, events=[{"type": name, "after": 60}])["end"]["code"] == "reply"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"contacts": {}}, "contacts"),
        ({"contact": {"tag": ["a"]}}, "contact.tag"),
        ({"contact": {"tags": "a"}}, "contact.tags"),
        ({"contact": {"fields": []}}, "contact.fields"),
        ({"contact": {"fields": {"a": {"b": 1}}}}, "contact.fields.a"),
        ({"contact": {"timezone": "Mars/Base"}}, "contact.timezone"),
        ({"events": [{"type": "sneeze", "after": 1}]}, "events[0].type"),
        ({"events": [{"type": "reply"}]}, "events[0].after"),
        ({"events": [{"type": "reply", "after": 1, "when": 2}]}, "events[0].when"),
        ({"events": {}}, "events"),
        ({"maxSteps": 0}, "maxSteps"),
        ({"maxSteps": 5001}, "maxSteps"),
        ({"startAt": "yesterday"}, "startAt"),
        ({"startAt": "9999-12-31T23:59:59Z"}, "startAt"),
        ({"startAt": "0001-01-01T00:00:00Z"}, "startAt"),
        ({"definition": "x"}, "definition"),
        ({"platform": "zapier"}, "platform"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(alice, body, field):
    answer = simulate(alice, **body)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "validation_error"
    assert field in [detail["field"] for detail in answer.json()["error"]["details"]]


@pytest.mark.parametrize("start", ["1900-01-01T00:00:00Z", "9000-12-31T23:59:59Z"])
def test_a_walk_may_begin_long_ago_and_far_ahead(alice, start):
    events = [{"type": "reply", "after": "3660d"}]
    assert simulate(alice, startAt=start, events=events).status_code == 200


def test_facts_of_the_contact_count(alice):
    definition = flow(step("one", "sms", body="Hi"), window={"start": "09:00", "end": "17:00"},
                      timezone="contact")  # fmt: skip
    contact = {
        "timezone": "America/New_York",
        "firstName": "Ann",
        "fields": {"a": None},
        "tags": [],
    }
    assert walked(alice, definition=definition, contact=contact)["messages"][0]["at"].startswith(
        "2026-03-02T14:00"
    )


def test_either_a_definition_or_a_workflow_is_walked(alice, account):
    [workflow] = _imported(account)
    for body in ({"startAt": START}, {"definition": FLOW, "workflowId": str(workflow.pk)}):
        assert alice.client.post("/api/simulate", body, format="json").status_code == 400
    answer = alice.client.post("/api/simulate", {"workflowId": str(workflow.pk)}, format="json")
    assert len(answer.json()["data"]["steps"]) > 2


def _imported(account):
    return workflow_import(
        account=account, documents=[Document("a.json", sample("healthy"))]
    ).workflows


def test_a_stored_workflow_is_found_in_its_own_account_only(alice, charlie, account):
    [workflow] = _imported(account)
    body = {"workflowId": str(workflow.pk)}
    assert charlie.client.post("/api/simulate", body, format="json").status_code == 404
    body = {"workflowId": str(uuid.uuid4())}
    assert alice.client.post("/api/simulate", body, format="json").status_code == 404


def test_a_workflow_known_only_from_a_list_cannot_be_walked(alice, account):
    [workflow] = workflow_from_listing(
        account=account,
        platform="highlevel",
        source=Workflow.Source.HIGHLEVEL,
        rows=[Listed("w1", "Welcome")],
    )
    answer = alice.client.post("/api/simulate", {"workflowId": str(workflow.pk)}, format="json")
    assert answer.status_code == 409


@pytest.mark.parametrize("definition", [{"hello": 1}, [], {"workflows": []}])
def test_what_is_no_workflow_is_unsupported(alice, definition):
    assert simulate(alice, definition=definition).status_code == 422


@pytest.mark.parametrize("name", ["critical", "medium", "healthy"])
def test_samples_walk_to_an_end(alice, name):
    data = walked(alice, definition=sample(name), events=[{"type": "reply", "after": "5h"}])
    assert data["end"]["reason"]


def test_nothing_is_stored(alice, account):
    walked(alice)
    assert not account.workflows.exists()
    assert not account.analyses.exists()
