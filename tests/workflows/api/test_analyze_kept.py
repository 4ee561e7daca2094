"""POST /api/analyze of what the account has: its workflows by id, with its reference lists."""

import uuid

import pytest

from apps.workflows.models import Analysis
from apps.workflows.platforms.loading import Document
from apps.workflows.samples import sample
from apps.workflows.services import workflow_import
from tests.workflows.api.asking import analyze


def test_a_workflow_is_analysed_as_it_is_now(alice, analysis):
    workflow_import(account=alice.account, documents=[Document("x", changed())])
    data = analyze(alice, workflowId=str(analysis.workflow_id))
    assert data["workflow"]["id"] == str(analysis.workflow_id)
    found = Analysis.objects.get(pk=data["analysisId"])
    assert found.version != analysis.version
    assert (found.workflow, found.created_by) == (analysis.workflow, alice.user)
    history = alice.client.get(f"/api/history?workflow={analysis.workflow_id}").json()["data"]
    assert [row["analysisId"] for row in history] == [str(found.pk), str(analysis.pk)]
    history = alice.client.get(f"/api/history?version={analysis.version_id}").json()["data"]
    assert [row["analysisId"] for row in history] == [str(analysis.pk)]


def changed():
    definition = sample("medium")
    definition["workflow"]["workflowData"]["templates"].pop()
    return definition


def test_analysing_by_id_gives_what_analysing_the_definition_gave(alice, pro, definition):
    first = analyze(alice, definition=definition)
    second = analyze(alice, workflowId=first["workflow"]["id"])
    for data in (first, second):
        for changing in ("analysisId", "createdAt", "durationMs"):
            del data[changing]
    assert first == second


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"workflowId": "x"}, "workflowId"),
        ({"workflowId": None}, "workflowId"),
        ({"workflowId": str(uuid.uuid4()), "definition": {}}, "definition"),
        ({"settings": {}}, "definition"),
    ],
)
def test_what_to_analyse_is_said_once(alice, body, field):
    answer = alice.client.post("/api/analyze", body, format="json")
    assert answer.status_code == 400
    assert answer.json()["error"]["details"][0]["field"] == field


def test_a_strangers_workflow_is_not_there_to_analyse(charlie, analysis):
    body = {"workflowId": str(analysis.workflow_id)}
    assert charlie.client.post("/api/analyze", body, format="json").status_code == 404


def test_lists_of_the_account_are_looked_at(alice, pro):
    bundle = {"workflows": [sample("medium")], "users": [{"id": "u1", "name": "Anna"}]}
    alone = analyze(alice, definition=sample("medium"))
    workflow_import(account=alice.account, documents=[Document("bundle", bundle)])
    data = analyze(alice, workflowId=alone["workflow"]["id"])
    before = {row["ruleId"]: row["reason"] for row in alone["notChecked"]}
    after = {row["ruleId"]: row["reason"] for row in data["notChecked"]}
    assert before["missing-reference"] == "no account lists"
    assert after.get("missing-reference") != "no account lists"
    assert after["workflow-cycle"] == before["workflow-cycle"]
    assert data["coverage"] > alone["coverage"]


def test_a_bundle_of_one_is_no_longer_taken_for_the_whole_account(alice):
    bundle = {"workflows": [sample("medium")], "users": [{"id": "old", "name": "Anna"}]}
    done = workflow_import(account=alice.account, documents=[Document("x", bundle)])
    workflow_import(account=alice.account, documents=[Document("y", sample("healthy"))])
    data = analyze(alice, workflowId=str(done.workflows[0].pk))
    reasons = {row["ruleId"]: row["reason"] for row in data["notChecked"]}
    assert reasons["workflow-cycle"] == "the account's other workflows are not in the file"


@pytest.mark.parametrize("location", ["of the account", "of the bundle", "of the list"])
def test_lists_of_another_location_judge_nothing(alice, location):
    bundle = {"workflows": [sample("medium")], "users": [{"id": "u"}]}
    own = bundle["workflows"][0]["source"].pop("locationId")
    del bundle["workflows"][0]["workflow"]["locationId"]
    if location == "of the account":
        alice.account.location_id = own
        alice.account.save()
    elif location == "of the bundle":
        bundle["locationId"] = own
    else:
        bundle["users"][0]["locationId"] = own
    workflow_import(account=alice.account, documents=[Document("bundle", bundle)])
    definition = sample("healthy")
    for where, judged in ((own, True), ("another", False)):
        definition["workflow"]["locationId"] = where
        reasons = {row["reason"] for row in analyze(alice, definition=definition)["notChecked"]}
        assert ("no account lists" not in reasons) is judged
