"""Findings set aside: silenced with a reason, or known from a baseline; counted, never lost."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from apps.workflows.analysis.engine import Analysis
from apps.workflows.analysis.findings import Finding
from apps.workflows.analysis.graph import Graph
from apps.workflows.analysis.scoring import health, score


@dataclass(frozen=True, slots=True)
class Suppression:
    """Silences one finding by fingerprint, or a rule everywhere, on a workflow or on a step.

    ``workflow`` is the workflow's id or name, ``step`` the step's id. From the day ``expires`` on
    it no longer holds.
    """

    reason: str
    fingerprint: str = ""
    rule_id: str = ""
    workflow: str = ""
    step: str = ""
    expires: datetime.date | None = None

    def covers(self, finding: Finding, graph: Graph) -> bool:
        if self.workflow and self.workflow not in (graph.id, graph.name):
            return False
        if self.fingerprint:
            return finding.fingerprint == self.fingerprint
        if finding.rule_id != self.rule_id:
            return False
        return not self.step or self.step in finding.node_ids

    def has_expired(self, today: datetime.date) -> bool:
        return self.expires is not None and self.expires <= today

    def __str__(self) -> str:
        what = self.fingerprint or self.rule_id
        where = "".join(f" on {name}" for name in (self.workflow, self.step) if name)
        return f"{what}{where} ({self.reason})"


@dataclass(frozen=True, slots=True)
class SetAside:
    """A finding that is not reported, and why."""

    finding: Finding
    reason: str


def suppress(
    analyses: Iterable[Analysis], suppressions: Sequence[Suppression], today: datetime.date
) -> list[Suppression]:
    """Set aside what is covered; returns the stale suppressions: expired or covering nothing."""
    used: set[int] = set()
    for analysis in analyses:
        kept, aside = [], []
        for finding in analysis.findings:
            place = _covering(finding, analysis.graph, suppressions, today)
            if place is None:
                kept.append(finding)
            else:
                used.add(place)
                aside.append(SetAside(finding, suppressions[place].reason))
        set_aside(analysis, kept, aside)
    return [item for place, item in enumerate(suppressions) if place not in used]


def _covering(
    finding: Finding, graph: Graph, suppressions: Sequence[Suppression], today: datetime.date
) -> int | None:
    for place, suppression in enumerate(suppressions):
        if not suppression.has_expired(today) and suppression.covers(finding, graph):
            return place
    return None


#: What a baseline knows of each workflow (by id, else by name): its findings' fingerprints.
Baseline = Mapping[str, frozenset[str]]


def subtract_baseline(analyses: Iterable[Analysis], baseline: Baseline) -> int:
    """Set aside what the baseline knows; returns how many of its findings are gone."""
    known = sum(len(fingerprints) for fingerprints in baseline.values())
    for analysis in analyses:
        graph = analysis.graph
        before = baseline.get(graph.id or graph.name, frozenset())
        kept = [finding for finding in analysis.findings if finding.fingerprint not in before]
        aside = [
            SetAside(finding, "in the baseline")
            for finding in analysis.findings
            if finding.fingerprint in before
        ]
        known -= len(aside)
        set_aside(analysis, kept, aside)
    return max(0, known)


def set_aside(analysis: Analysis, kept: list[Finding], aside: list[SetAside]) -> None:
    """Report only ``kept``; the score follows what is reported."""
    if not aside:
        return
    analysis.findings = kept
    analysis.suppressed = [*analysis.suppressed, *((each.finding, each.reason) for each in aside)]
    if analysis.score is not None:
        analysis.score = score(kept)
    analysis.categories = {
        category: None
        if value is None
        else health(finding for finding in kept if finding.category is category)
        for category, value in analysis.categories.items()
    }
