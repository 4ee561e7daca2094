"""What an account silences is set aside from its next analysis on, counted and listed."""

import datetime
import json

import pytest
from django.utils import timezone

from apps.workflows.models import Analysis, Suppression, Workflow
from apps.workflows.samples import sample
from apps.workflows.services import Listed, workflow_from_listing
from tests.workflows.api.asking import RULE, analyze, rules_in, silence, states


def test_a_silenced_finding_is_counted_apart_and_not_lost(alice, pro, definition):
    before = analyze(alice, definition=definition)
    worst = before["issues"][0]
    answer = silence(alice, fingerprint=worst["fingerprint"])
    assert answer.status_code == 201
    after = analyze(alice, definition=definition)
    assert after["summary"]["suppressed"] == 1
    assert after["summary"]["total"] == before["summary"]["total"] - 1
    assert after["healthScore"] > before["healthScore"]
    [kept] = Analysis.objects.get(pk=after["analysisId"]).findings["suppressed"]
    assert (kept["fingerprint"], kept["reason"]) == (worst["fingerprint"], "known")
    pk = answer.json()["data"]["id"]
    assert alice.client.delete(f"/api/suppressions/{pk}").status_code == 204
    assert analyze(alice, definition=definition)["summary"]["suppressed"] == 0


def test_a_row_says_all_there_is_to_know(alice, analysis):
    until = timezone.now() + datetime.timedelta(days=1)
    body = {"ruleId": RULE, "workflowId": str(analysis.workflow_id), "nodeId": "n"}
    data = silence(alice, **body, expiresAt=until.isoformat()).json()["data"]
    assert {key: data[key] for key in body} == body
    assert (data["fingerprint"], data["reason"]) == (None, "known")
    assert data["expiresAt"][:19] == until.isoformat()[:19]
    assert [data] == alice.client.get("/api/suppressions").json()["data"]


def test_a_rule_is_silenced_where_it_was_said(alice, pro, definition):
    first = analyze(alice, definition=definition)
    other = json.loads(json.dumps(definition).replace(definition["workflow"]["name"], "Other"))
    other["workflow"]["_id"] = "other"
    node = next(row for row in first["issues"] if row["ruleId"] == RULE)["nodeIds"][0]
    pk = first["workflow"]["id"]
    cases = [
        ({"ruleId": RULE}, True, True),
        ({"ruleId": RULE, "workflowId": pk}, True, False),
        ({"ruleId": RULE, "nodeId": node}, True, True),
        ({"ruleId": RULE, "nodeId": "elsewhere"}, False, False),
        ({"ruleId": "insecure-url", "workflowId": pk}, False, False),
    ]
    for body, here, there in cases:
        silence(alice, **body)
        assert (RULE not in rules_in(analyze(alice, definition=definition))) is here
        assert (RULE not in rules_in(analyze(alice, definition=other))) is there
        Suppression.objects.all().delete()


def test_what_is_silenced_on_a_listed_workflow_is_so_in_an_export_without_an_id(alice, pro):
    [workflow] = workflow_from_listing(
        account=alice.account,
        platform="highlevel",
        source=Workflow.Source.HIGHLEVEL,
        rows=[Listed("w1", "Only a name")],
    )
    silence(alice, ruleId=RULE, workflowId=str(workflow.pk))
    definition = {**sample("medium")["workflow"], "name": "Only a name"}
    for key in ("id", "_id"):
        definition.pop(key, None)
    data = analyze(alice, definition=definition)
    assert data["workflow"]["id"] == str(workflow.pk)
    assert data["summary"]["suppressed"] == 1


def test_an_expired_one_silences_nothing_and_is_still_listed(alice, pro, definition):
    silence(alice, ruleId=RULE)
    Suppression.objects.update(expires_at=timezone.now())
    assert RULE in rules_in(analyze(alice, definition=definition))
    assert states(alice) == ["expired"]


def test_one_with_nothing_left_to_silence_is_stale(alice, definition):
    silence(alice, ruleId=RULE)
    assert states(alice) == ["active"]  # nothing has been analysed
    first = analyze(alice, definition=definition)
    assert states(alice) == ["active"]
    assert silence(alice, fingerprint="nowhere").json()["data"]["state"] == "stale"
    workflow = first["workflow"]["id"]
    assert silence(alice, ruleId=RULE, workflowId=workflow).json()["data"]["state"] == "active"
    data = silence(alice, ruleId="insecure-url", workflowId=workflow).json()["data"]
    assert data["state"] == "stale"
    analyze(alice, definition=sample("healthy"))
    assert states(alice) == ["stale", "active", "stale", "active"]


def test_the_same_again_renews_it(alice):
    first = silence(alice, ruleId=RULE)
    second = silence(alice, ruleId=RULE, reason="better known", expiresAt="2199-01-01")
    assert (first.status_code, second.status_code) == (201, 200)
    [row] = alice.client.get("/api/suppressions").json()["data"]
    assert (row["reason"], row["expiresAt"]) == ("better known", "2199-01-01T00:00:00.000Z")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "fingerprint"),
        ({"fingerprint": "f", "ruleId": RULE}, "fingerprint"),
        ({"fingerprint": ""}, "fingerprint"),
        ({"fingerprint": "f" * 65}, "fingerprint"),
        ({"fingerprint": "f", "nodeId": "n"}, "nodeId"),
        ({"ruleId": "loop-without-exti"}, "ruleId"),
        ({"ruleId": RULE, "reason": " "}, "reason"),
        ({"ruleId": RULE, "reason": None}, "reason"),
        ({"ruleId": RULE, "reason": "\x00"}, "reason"),
        ({"ruleId": RULE, "workflowId": "x"}, "workflowId"),
        ({"ruleId": RULE, "expiresAt": "2020-01-01T00:00:00Z"}, "expiresAt"),
        ({"ruleId": RULE, "expiresAt": "tomorrow"}, "expiresAt"),
    ],
)
def test_a_wrong_one_says_what_is_wrong(alice, body, field):
    answer = silence(alice, **body)
    assert answer.status_code == 400
    assert answer.json()["error"]["details"][0]["field"] == field
    assert not Suppression.objects.exists()


def test_strangers_neither_see_nor_touch(alice, bob, charlie, analysis):
    pk = silence(alice, ruleId=RULE).json()["data"]["id"]
    assert states(charlie) == []
    assert charlie.client.delete(f"/api/suppressions/{pk}").status_code == 404
    workflow = str(analysis.workflow_id)
    assert silence(charlie, ruleId=RULE, workflowId=workflow).status_code == 404
    assert bob.client.delete(f"/api/suppressions/{pk}").status_code == 403
    assert states(bob) == ["active"]
    assert RULE in rules_in(analyze(charlie, definition=sample("medium")))


def test_the_list_takes_the_same_few_queries_however_long(
    alice, analysis, django_assert_num_queries
):
    for number in range(6):
        silence(alice, fingerprint=f"f{number}")
    with django_assert_num_queries(4):  # the token, how many there are, the page, the findings
        assert len(states(alice)) == 6
