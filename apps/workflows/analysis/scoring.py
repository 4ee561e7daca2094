"""The health score: a pure function of the findings, 0 (worst) to 100, and what each rule costs.

Deterministic and independent of order; one more finding never raises the score; repeats of one
rule weigh less and less; any critical finding caps it at 49, any high one at 89.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from apps.workflows.analysis.findings import Confidence, Finding, Severity

#: Points one finding costs, before repeats and sites.
WEIGHTS = {
    Severity.CRITICAL: 18.0,
    Severity.HIGH: 13.0,
    Severity.MEDIUM: 9.0,
    Severity.LOW: 3.0,
    Severity.INFO: 1.0,
}
CAPS = {Severity.CRITICAL: 49, Severity.HIGH: 89}
#: A root cause counts once; every doubling of the steps it shows at adds this share.
SITE_SHARE = 0.9
GRADES = (
    (90, "Excellent"),
    (75, "Good"),
    (50, "Needs Attention"),
    (20, "High Risk"),
    (0, "Critical"),
)


@dataclass(frozen=True, slots=True)
class Deduction:
    rule_id: str
    points: float
    count: int


@dataclass(frozen=True, slots=True)
class Score:
    """``breakdown`` adds up exactly to 100 − ``value``, the costliest rule first."""

    value: int
    breakdown: tuple[Deduction, ...]

    @property
    def grade(self) -> str:
        return grade(self.value)


def grade(value: int) -> str:
    """The grade of a score."""
    return next(name for least, name in GRADES if value >= least)


def score(findings: Iterable[Finding]) -> Score:
    """Score findings; none gives 100."""
    by_rule = _by_rule(findings)
    if not by_rule:
        return Score(100, ())
    costs = {rule_id: _cost(group) for rule_id, group in sorted(by_rule.items())}
    value, worst = _value(by_rule, costs)
    missing = 100 - value - sum(costs.values())
    if missing > 0:  # the cap took more than the parts: it is those of the worst severity's doing
        capping = [r for r, g in by_rule.items() if any(_weighed(f) is worst for f in g)]
        for rule_id in capping:
            costs[rule_id] += missing / len(capping)
    points = _share(costs, (100 - value) * 10)
    rows = [Deduction(r, points[r] / 10, len(by_rule[r])) for r in costs]
    rows.sort(key=lambda row: (-row.points, row.rule_id))
    return Score(value, tuple(rows))


def health(findings: Iterable[Finding]) -> int:
    """The score's value alone."""
    by_rule = _by_rule(findings)
    if not by_rule:
        return 100
    return _value(by_rule, {rule_id: _cost(by_rule[rule_id]) for rule_id in sorted(by_rule)})[0]


def _by_rule(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(finding.rule_id, []).append(finding)
    return groups


def _value(by_rule: dict[str, list[Finding]], costs: dict[str, float]) -> tuple[int, Severity]:
    worst = min((_weighed(f) for group in by_rule.values() for f in group), key=_rank)
    total = min(100, math.floor(sum(costs.values()) + 0.5))
    return min(100 - total, CAPS.get(worst, 100)), worst


def _rank(severity: Severity) -> int:
    return severity.rank


def _weighed(finding: Finding) -> Severity:
    """The severity that counts: what is only worth a look never weighs more than low."""
    if finding.confidence is Confidence.TENTATIVE and finding.severity.rank < Severity.LOW.rank:
        return Severity.LOW
    return finding.severity


def _cost(group: Sequence[Finding]) -> float:
    """What one rule costs: the gravest finding in full, the second half, the third a third…"""
    if len(group) == 1:
        return _points(group[0])
    single = sorted((_points(finding) for finding in group), reverse=True)
    return math.fsum(points / place for place, points in enumerate(single, 1))


def _points(finding: Finding) -> float:
    points = WEIGHTS[_weighed(finding)]
    if finding.confidence is Confidence.TENTATIVE:
        points /= 2
    return points * (1 + SITE_SHARE * math.log2(finding.sites))


def _share(costs: dict[str, float], total: int) -> dict[str, int]:
    """Split ``total`` in proportion to ``costs`` into whole numbers (largest remainders)."""
    whole = math.fsum(costs.values())
    if not total or not whole:
        return dict.fromkeys(costs, 0)
    exact = {rule_id: cost * total / whole for rule_id, cost in costs.items()}
    shares = {rule_id: math.floor(part) for rule_id, part in exact.items()}
    left = total - sum(shares.values())
    for rule_id in sorted(exact, key=lambda r: (shares[r] - exact[r], r))[:left]:
        shares[rule_id] += 1
    return shares
