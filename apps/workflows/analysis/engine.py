"""Runs the rules over a graph in one walk and makes findings of what they return."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Container
from dataclasses import dataclass, field
from functools import lru_cache

from apps.workflows.analysis.config import DEFAULT, Config
from apps.workflows.analysis.findings import (
    CATEGORIES,
    Category,
    Finding,
    Hit,
    NotChecked,
    Severity,
    digest,
)
from apps.workflows.analysis.graph import LONGEST_WALK, Graph, Kind, Need, Step
from apps.workflows.analysis.rule import Found, GraphCheck, Rule, StepCheck
from apps.workflows.analysis.rules import all_rules
from apps.workflows.analysis.scoring import Score, health, score

log = logging.getLogger(__name__)


@dataclass(eq=False)
class Analysis:
    """The result for one workflow; ``score`` is ``None`` when its content is not in the file."""

    graph: Graph
    findings: list[Finding]
    not_checked: list[NotChecked]
    coverage: float
    score: Score | None
    categories: dict[Category, int | None]
    duration_ms: float = 0.0
    #: Findings that are set aside, each with the reason.
    suppressed: list[tuple[Finding, str]] = field(default_factory=list)
    #: Findings that this reader is not shown; they count all the same.
    withheld: list[Finding] = field(default_factory=list)

    @property
    def summary(self) -> dict[str, int]:
        counts = dict.fromkeys((severity.value for severity in Severity), 0)
        for finding in (*self.findings, *self.withheld):
            counts[finding.severity.value] += 1
        total = len(self.findings) + len(self.withheld)
        return counts | {"total": total, "suppressed": len(self.suppressed)}


@dataclass(frozen=True, slots=True)
class Plan:
    """The rules for one platform, sorted by what they look at.

    ``blocked`` are those that cannot run for what the file lacks; ``free`` counts the others.
    """

    blocked: tuple[NotChecked, ...]
    free: dict[Category, int]
    by_kind: dict[Kind, list[tuple[Rule, StepCheck]]]
    texts: list[tuple[Rule, tuple[str, ...], StepCheck]]
    graphs: list[tuple[Rule, GraphCheck]]


@lru_cache(maxsize=256)
def _plan(platform: str, off: frozenset[str], missing: tuple[tuple[Need, str], ...]) -> Plan:
    reasons = dict(missing)
    free, blocked = [], []
    for rule in all_rules().values():
        if platform in rule.platforms and rule.id not in off:
            need = _unmet_need(rule, reasons)
            if need is None:
                free.append(rule)
            else:
                blocked.append(NotChecked(reasons[need], rule.id))
    by_kind: dict[Kind, list[tuple[Rule, StepCheck]]] = {kind: [] for kind in Kind}
    for rule in free:
        for kinds, check in rule.step_checks:
            for kind in kinds or Kind:
                by_kind[kind].append((rule, check))
    counts = Counter(rule.category for rule in free)
    return Plan(
        tuple(blocked),
        {category: counts[category] for category in CATEGORIES},
        by_kind,
        [(rule, needles, check) for rule in free for needles, check in rule.text_checks],
        [(rule, check) for rule in free for check in rule.graph_checks],
    )


def _unmet_need(rule: Rule, unmet: Container[Need]) -> Need | None:
    """What keeps the rule from running; without the steps only rules about triggers alone can."""
    for need in rule.needs:
        if need in unmet:
            return need
    if Need.CONTENT in unmet and rule.needs != (Need.TRIGGERS,):
        return Need.CONTENT
    return None


@dataclass(slots=True)
class _Run:
    """What one run has collected; a fresh one per workflow, so nothing survives it."""

    skipped: dict[Rule, str] = field(default_factory=dict)  # why a rule could not run
    hits: list[tuple[Rule, Hit]] = field(default_factory=list)

    def take(self, rule: Rule, found: Found) -> None:
        if isinstance(found, Hit):
            self.hits.append((rule, found))
        elif isinstance(found, NotChecked):
            self.skipped.setdefault(rule, found.reason)
        elif found is not None:
            self.hits.extend((rule, hit) for hit in found)

    def failed(self, rule: Rule, error: Exception) -> None:
        """A rule that raises is no reason to lose the others' findings."""
        log.error("rule %s failed", rule.id, exc_info=error)
        self.skipped[rule] = f"the rule failed ({type(error).__name__}); please report it"


def analyse(graph: Graph, config: Config = DEFAULT) -> Analysis:
    """Run every rule that fits the graph's platform; never raises for what a file may hold."""
    started = time.perf_counter()
    plan = _plan(graph.platform, config.off, tuple(_missing(graph).items()))
    graph.options = config.options
    run = _Run()
    _look_at_graph(graph, plan, run)
    _look_at_steps(graph, plan, run)
    _look_at_texts(graph, plan, run)
    analysis = _assess(graph, plan, run, _findings(graph, run.hits, config))
    analysis.duration_ms = (time.perf_counter() - started) * 1000
    return analysis


NO_ACCOUNT = "the account's other workflows are not in the file"
NO_LISTS = "no account lists"


def _missing(graph: Graph) -> dict[Need, str]:
    if graph.account is None:
        return {Need.ACCOUNT: NO_ACCOUNT, Need.LISTS: NO_LISTS, **graph.missing}
    if not graph.account.lists:
        return {Need.LISTS: NO_LISTS, **graph.missing}
    return graph.missing


def _look_at_graph(graph: Graph, plan: Plan, run: _Run) -> None:
    for rule, check in plan.graphs:
        try:
            found = check(graph)
        except Exception as error:
            run.failed(rule, error)
        else:
            if found:
                run.take(rule, found)


def _look_at_steps(graph: Graph, plan: Plan, run: _Run) -> None:
    by_kind = plan.by_kind
    for step in graph.steps:
        if not step.enabled:
            continue
        for rule, check in by_kind[step.spec.kind]:
            try:
                found = check(step, graph)
            except Exception as error:
                run.failed(rule, error)
            else:
                if found:
                    run.take(rule, found)


def _look_at_texts(graph: Graph, plan: Plan, run: _Run) -> None:
    """Call the text checks, but only for steps that hold one of their needles."""
    haystack = graph.lower_text
    present: dict[str, bool] = {}
    for rule, needles, check in plan.texts:
        found_here = []
        for needle in needles:
            if needle not in present:
                present[needle] = needle in haystack
            if present[needle]:
                found_here.append(needle)
        for step in _holding(graph, found_here) if found_here else ():
            try:
                found = check(step, graph)
            except Exception as error:
                run.failed(rule, error)
            else:
                if found:
                    run.take(rule, found)


def _holding(graph: Graph, needles: list[str]) -> list[Step]:
    return [
        step
        for step in graph.steps
        if step.enabled
        and step.spec.kind is not Kind.NOTE
        and any(needle in step.lower_text for needle in needles)
    ]


def _findings(graph: Graph, hits: list[tuple[Rule, Hit]], config: Config) -> list[Finding]:
    findings = [_finding(graph, rule, hit, config) for rule, hit in hits]
    findings.sort(key=lambda finding: (*finding.order, finding.message, finding.node_ids))
    seen: dict[str, int] = {}
    for place, finding in enumerate(findings):
        copy = seen[finding.fingerprint] = seen.get(finding.fingerprint, 0) + 1
        if copy > 1:
            findings[place] = finding.renumbered(copy)
    return findings


def _finding(graph: Graph, rule: Rule, hit: Hit, config: Config) -> Finding:
    steps = hit.steps
    anchor = steps[0] if steps and hit.anchored else None
    path = hit.path if hit.path is not None else graph.path_to(steps[0]) if steps else ()
    return Finding(
        rule_id=rule.id,
        severity=_severity(graph, rule, hit, config),
        confidence=hit.confidence or rule.confidence,
        category=rule.category,
        title=hit.title or rule.page.title,
        message=hit.message,
        node_ids=tuple(step.id for step in steps),
        path=tuple(step.id for step in path[-LONGEST_WALK:]),
        impact=rule.impact,
        affected_steps=graph.count_behind(steps),
        remedy=hit.remedy or rule.remedy,
        fingerprint=digest(rule.id, anchor.id if anchor else "", hit.param),
        sites=1 if hit.anchored else max(1, len(steps)),
    )


def _severity(graph: Graph, rule: Rule, hit: Hit, config: Config) -> Severity:
    chosen = config.severities.get(rule.id)
    if chosen is not None:
        return chosen
    severity = hit.severity or rule.severity
    return severity.lowered() if rule.live_only and graph.active is False else severity


def _assess(graph: Graph, plan: Plan, run: _Run, findings: list[Finding]) -> Analysis:
    """Put findings, what could not be checked and the scores together."""
    reported = {finding.rule_id for finding in findings}
    silent = [rule for rule in run.skipped if rule.id not in reported]
    ran = dict(plan.free)
    for rule in silent:
        ran[rule.category] -= 1
    not_checked = [*plan.blocked, *(NotChecked(run.skipped[rule], rule.id) for rule in silent)]
    not_checked.sort(key=lambda row: row.rule_id)
    applicable = len(plan.blocked) + sum(plan.free.values())
    return Analysis(
        graph=graph,
        findings=findings,
        not_checked=not_checked,
        coverage=round(1 - len(not_checked) / applicable, 4) if applicable else 1.0,
        score=None if Need.CONTENT in graph.missing else score(findings),
        categories=_category_scores(findings, ran),
    )


def _category_scores(
    findings: list[Finding], ran: dict[Category, int]
) -> dict[Category, int | None]:
    """A category none of whose rules could run is not assessed: ``None``, never 100."""
    by_category: dict[Category, list[Finding]] = {}
    for finding in findings:
        by_category.setdefault(finding.category, []).append(finding)
    return {
        category: health(by_category.get(category, ())) if count else None
        for category, count in ran.items()
    }
