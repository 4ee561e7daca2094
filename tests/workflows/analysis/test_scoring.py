"""The health score's promises, held for arbitrary findings."""

import random
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from apps.workflows.analysis.findings import (
    CATEGORIES,
    SEVERITIES,
    Category,
    Confidence,
    Finding,
    Severity,
)
from apps.workflows.analysis.scoring import GRADES, grade, score


def finding(
    rule_id: str = "some-rule",
    severity: Severity = Severity.LOW,
    confidence: Confidence = Confidence.CERTAIN,
    sites: int = 1,
) -> Finding:
    return Finding(
        rule_id=rule_id,
        severity=severity,
        confidence=confidence,
        category=Category.FLOW,
        title="",
        message="",
        node_ids=(),
        sites=sites,
        path=(),
        impact="",
        affected_steps=0,
        remedy="",
        fingerprint="",
    )


findings = st.builds(
    finding,
    rule_id=st.sampled_from([f"rule-{n}" for n in range(8)]),
    severity=st.sampled_from(SEVERITIES),
    confidence=st.sampled_from(list(Confidence)),
    sites=st.integers(1, 40),
)
lists = st.lists(findings, max_size=30)


@given(lists)
def test_breakdown_adds_up_exactly_to_what_is_missing(found):
    result = score(found)
    tenths = sum(round(row.points * 10) for row in result.breakdown)
    assert tenths == (100 - result.value) * 10
    assert sum(row.count for row in result.breakdown) == len(found)


@given(lists, findings)
def test_one_more_finding_never_raises_the_score(found, more):
    assert score([*found, more]).value <= score(found).value


@given(lists, st.randoms(use_true_random=False))
def test_order_changes_nothing(found, chance: random.Random):
    shuffled = list(found)
    chance.shuffle(shuffled)
    assert score(shuffled) == score(found)


@given(lists)
def test_a_critical_finding_caps_at_49_and_a_high_one_at_89(found):
    value = score(found).value
    certain = {f.severity for f in found if f.confidence is not Confidence.TENTATIVE}
    assert 0 <= value <= 100
    assert Severity.CRITICAL not in certain or value <= 49
    assert Severity.HIGH not in certain or value <= 89


@given(findings)
def test_a_graver_finding_never_scores_better(one):
    graver = [replace(one, severity=severity) for severity in SEVERITIES]
    values = [score([each]).value for each in graver]
    assert values == sorted(values)


def test_nothing_found_is_100():
    assert score([]).value == 100
    assert score([]).breakdown == ()


def test_repeats_of_one_rule_weigh_less_and_less():
    costs = [100 - score([finding(severity=Severity.MEDIUM)] * n).value for n in (1, 2, 4, 8)]
    assert costs[1] < 2 * costs[0]
    assert costs[3] < 4 * costs[0]


def test_sites_of_one_root_cause_add_slowly():
    alone = 100 - score([finding(severity=Severity.HIGH)]).value
    spread = 100 - score([finding(severity=Severity.HIGH, sites=16)]).value
    assert alone < spread <= 5 * alone


def test_a_tentative_finding_never_weighs_more_than_low():
    tentative = finding(severity=Severity.CRITICAL, confidence=Confidence.TENTATIVE)
    assert score([tentative]).value >= score([finding(severity=Severity.LOW)]).value


def test_info_costs_next_to_nothing():
    assert score([finding(severity=Severity.INFO)]).value == 99
    assert score([finding(severity=Severity.INFO)] * 20).value >= 95


def test_grades_begin_where_the_contract_says():
    assert [grade(value) for value in (100, 90, 89, 75, 74, 50, 49, 20, 19, 0)] == [
        "Excellent", "Excellent", "Good", "Good", "Needs Attention", "Needs Attention",
        "High Risk", "High Risk", "Critical", "Critical",
    ]  # fmt: skip
    assert [least for least, _ in GRADES] == sorted((g[0] for g in GRADES), reverse=True)
    assert len(CATEGORIES) == 5
