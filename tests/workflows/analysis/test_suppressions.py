"""Findings set aside: silenced or known from a baseline, counted apart and never lost."""

import datetime

import pytest

from apps.workflows.analysis.engine import Analysis
from apps.workflows.analysis.suppressions import Suppression, subtract_baseline, suppress
from apps.workflows.inspection import inspect_document
from apps.workflows.samples import sample

TODAY = datetime.date(2026, 11, 25)


@pytest.fixture
def analysis() -> Analysis:
    [item] = inspect_document(sample("medium"))
    assert item.analysis is not None
    return item.analysis


def silence(**fields) -> Suppression:
    return Suppression(reason="agreed with the client", **fields)


def test_a_fingerprint_silences_that_finding_alone(analysis):
    worst = analysis.findings[0]
    stale = suppress([analysis], [silence(fingerprint=worst.fingerprint)], TODAY)
    assert stale == []
    assert worst not in analysis.findings
    assert analysis.suppressed == [(worst, "agreed with the client")]
    assert analysis.summary["total"] == 6
    assert analysis.summary["suppressed"] == 1


def test_the_score_follows_what_is_reported(analysis):
    before = analysis.score.value
    suppress([analysis], [silence(rule_id="loop-without-exit")], TODAY)
    assert analysis.score.value > before
    assert sum(row.points for row in analysis.score.breakdown) == 100 - analysis.score.value
    assert analysis.categories["flow"] > 49


def test_a_rule_can_be_silenced_on_one_workflow_or_step(analysis):
    step = analysis.findings[0].node_ids[0]
    rule_id = analysis.findings[0].rule_id
    here = silence(rule_id=rule_id, workflow="Webinar follow-up", step=step)
    elsewhere = silence(rule_id=rule_id, workflow="Another")
    other_step = silence(rule_id=rule_id, step="no-such-step")
    assert suppress([analysis], [elsewhere, other_step, here], TODAY) == [elsewhere, other_step]
    assert rule_id not in {finding.rule_id for finding in analysis.findings}


def test_what_has_expired_or_covers_nothing_is_stale(analysis):
    expired = silence(rule_id="loop-without-exit", expires=TODAY)
    future = silence(rule_id="loop-without-exit", expires=TODAY + datetime.timedelta(days=1))
    unknown = silence(fingerprint="0" * 20)
    assert suppress([analysis], [expired, unknown], TODAY) == [expired, unknown]
    assert len(analysis.findings) == 7
    assert suppress([analysis], [future], TODAY) == []
    assert len(analysis.findings) == 6


def test_a_baseline_leaves_only_what_is_new_and_counts_what_is_gone(analysis):
    known = [finding.fingerprint for finding in analysis.findings[2:]]
    baseline = {analysis.graph.id: frozenset([*known, "f" * 20])}
    gone = subtract_baseline([analysis], baseline)
    assert gone == 1
    assert len(analysis.findings) == 2
    assert len(analysis.suppressed) == 5


def test_the_baseline_of_another_workflow_hides_nothing(analysis):
    baseline = {"another": frozenset(finding.fingerprint for finding in analysis.findings)}
    assert subtract_baseline([analysis], baseline) == 7
    assert len(analysis.findings) == 7


def test_nothing_to_set_aside_changes_nothing(analysis):
    before = analysis.score
    assert suppress([analysis], [], TODAY) == []
    assert analysis.score is before
