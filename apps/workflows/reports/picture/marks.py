"""What findings say about steps: the gravest severity, and which rules found something."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from apps.workflows.analysis.findings import Finding, Severity


@dataclass(frozen=True, slots=True)
class Mark:
    """``severity`` is the gravest of the findings; ``rules`` has a rule's id for each of them."""

    severity: Severity
    rules: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        return len(self.rules)


def marks_of(findings: Iterable[Finding]) -> dict[str, Mark]:
    """Step id -> mark, the gravest first."""
    return _marks((each.severity, each.rule_id, each.node_ids) for each in findings)


def marks_of_issues(issues: Iterable[Mapping[str, Any]]) -> dict[str, Mark]:
    """The same from findings as the API writes them."""
    return _marks(
        (Severity(issue["severity"]), issue["ruleId"], issue["nodeIds"]) for issue in issues
    )


def _marks(findings: Iterable[tuple[Severity, str, Sequence[str]]]) -> dict[str, Mark]:
    found: dict[str, list[tuple[Severity, str]]] = {}
    for severity, rule, steps in findings:
        for step in dict.fromkeys(steps):
            found.setdefault(step, []).append((severity, rule))
    marks = {step: _mark(each) for step, each in found.items()}
    return dict(sorted(marks.items(), key=lambda item: item[1].severity.rank))


def _mark(findings: Sequence[tuple[Severity, str]]) -> Mark:
    gravest = min((severity for severity, _ in findings), key=lambda severity: severity.rank)
    return Mark(gravest, tuple(rule for _, rule in findings))


def joined(marks: Mapping[str, Mark], steps: Iterable[str]) -> Mark | None:
    """The mark of several steps that share a box."""
    found = [marks[step] for step in steps if step in marks]
    if not found:
        return None
    gravest = min((mark.severity for mark in found), key=lambda severity: severity.rank)
    return Mark(gravest, tuple(rule for mark in found for rule in mark.rules))
