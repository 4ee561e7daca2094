"""Two analyses side by side: which findings are new, fixed or unchanged, and why the score moved.

Findings are the same when their fingerprints are: the rule, the step's stable id and the parameter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Issue = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Side:
    """One analysis as the wire has it; ``breakdown`` rows are ``{ruleId, deduction, count}``."""

    score: int | None
    issues: Sequence[Issue]
    breakdown: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class RuleChange:
    """What a rule cost before and costs after; the score moves by the difference."""

    rule_id: str
    before: float
    after: float

    @property
    def change(self) -> float:
        """Points won (above 0) or lost."""
        return round(self.before - self.after, 1)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Each list in the order to fix. ``score_change`` is ``None`` where either has no score."""

    new: list[Issue]
    fixed: list[Issue]
    unchanged: list[Issue]
    score_change: int | None
    rule_changes: list[RuleChange]


def compare(before: Side, after: Side) -> Comparison:
    """From ``before`` to ``after``: swapped, new and fixed are swapped."""
    old = {issue["fingerprint"] for issue in before.issues}
    now = {issue["fingerprint"] for issue in after.issues}
    known = before.score is not None and after.score is not None
    return Comparison(
        new=[issue for issue in after.issues if issue["fingerprint"] not in old],
        fixed=[issue for issue in before.issues if issue["fingerprint"] not in now],
        unchanged=[issue for issue in after.issues if issue["fingerprint"] in old],
        score_change=(after.score or 0) - (before.score or 0) if known else None,
        rule_changes=_rule_changes(before, after) if known else [],
    )


def _rule_changes(before: Side, after: Side) -> list[RuleChange]:
    """The rules whose cost changed, the largest change first; the changes add up to the score's."""
    costs = [
        {row["ruleId"]: float(row["deduction"]) for row in side.breakdown}
        for side in (before, after)
    ]
    rules = sorted(costs[0].keys() | costs[1].keys())
    changes = [RuleChange(rule, costs[0].get(rule, 0.0), costs[1].get(rule, 0.0)) for rule in rules]
    changed = [each for each in changes if each.change]
    return sorted(changed, key=lambda each: (-abs(each.change), each.rule_id))
