"""Two analyses compared over the API."""

from __future__ import annotations

import copy
import uuid

import pytest

from apps.workflows.samples import sample
from apps.workflows.services import analysis_create


def repaired() -> dict:
    """The medium sample with its loop opened: the goto is gone."""
    definition = copy.deepcopy(sample("medium"))
    steps = definition["workflow"]["workflowData"]["templates"]
    definition["workflow"]["workflowData"]["templates"] = [
        step for step in steps if step["type"] != "goto"
    ]
    for step in steps:
        if step["type"] == "wait" and step["attributes"]["type"] == "time":
            step.pop("next")
    return definition


@pytest.fixture
def later(alice, analysis):
    return analysis_create(account=alice.account, definition=repaired())


def compare(person, after, before):
    return person.client.get(f"/api/analysis/{after.pk}/compare?with={before.pk}")


def test_what_was_fixed_is_told_with_what_it_brought(alice, pro, analysis, later):
    data = compare(alice, later, analysis).json()["data"]
    assert data["from"]["analysisId"] == str(analysis.pk)
    assert data["to"]["analysisId"] == str(later.pk)
    assert "loop-without-exit" in [issue["ruleId"] for issue in data["fixed"]]
    assert data["new"] == []
    assert len(data["unchanged"]) + len(data["fixed"]) == 7
    assert data["scoreChange"] == later.health_score - analysis.health_score > 0
    assert round(sum(row["change"] for row in data["scoreChanges"]), 1) == data["scoreChange"]
    assert data["sameWorkflow"] is True


def test_the_other_way_round_new_and_fixed_change_places(alice, pro, analysis, later):
    ahead = compare(alice, later, analysis).json()["data"]
    back = compare(alice, analysis, later).json()["data"]
    assert back["new"] == ahead["fixed"]
    assert back["scoreChange"] == -ahead["scoreChange"]


def test_an_analysis_compared_with_itself_has_not_changed(alice, pro, analysis):
    data = compare(alice, analysis, analysis).json()["data"]
    assert (data["new"], data["fixed"], data["scoreChange"]) == ([], [], 0)
    assert data["scoreChanges"] == []
    assert len(data["unchanged"]) == 7


def test_two_workflows_of_the_account_may_be_compared(alice, pro, analysis):
    other = analysis_create(account=alice.account, definition=sample("critical"))
    data = compare(alice, other, analysis).json()["data"]
    assert data["sameWorkflow"] is False
    assert data["counts"] == {"new": 12, "fixed": 7, "unchanged": 0}


def test_the_free_plan_hides_here_what_it_hides_elsewhere(alice, analysis, later):
    data = compare(alice, later, analysis).json()["data"]
    shown = {
        issue["fingerprint"] for each in (analysis, later) for issue in each.findings["issues"][:3]
    }
    lists = [data[key] for key in ("new", "fixed", "unchanged")]
    assert {issue["fingerprint"] for found in lists for issue in found} <= shown
    assert data["hiddenIssues"] == sum(data["counts"].values()) - sum(map(len, lists)) > 0
    assert data["upgrade"]


@pytest.mark.parametrize("query", ["", "?with=", "?with=7", "?with=not-an-id"])
def test_without_an_analysis_to_compare_with_it_is_refused(alice, analysis, query):
    answer = alice.client.get(f"/api/analysis/{analysis.pk}/compare{query}")
    assert answer.status_code == 400
    assert answer.json()["error"]["details"][0]["field"] == "with"


def test_an_analysis_of_another_account_is_not_found(alice, charlie, analysis):
    theirs = analysis_create(account=charlie.account, definition=sample("medium"))
    assert compare(alice, analysis, theirs).status_code == 404
    assert compare(alice, theirs, analysis).status_code == 404
    unknown = alice.client.get(f"/api/analysis/{analysis.pk}/compare?with={uuid.uuid4()}")
    assert unknown.status_code == 404
