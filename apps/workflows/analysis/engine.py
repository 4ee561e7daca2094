"""Runs the rules over a graph in one walk and makes findings of what they return."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
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
from apps.workflows.analysis.scoring import Score, score

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

    @property
    def summary(self) -> dict[str, int]:
        counts = dict.fromkeys((severity.value for severity in Severity), 0)
        for finding in self.findings:
            counts[finding.severity.value] += 1
        return counts | {"total": len(self.findings), "suppressed": len(self.suppressed)}


@dataclass(frozen=True, slots=True)
class Plan:
    """The rules for one platform, sorted by what they look at.

    ``blocked`` are the rules that cannot run, each with the need that is not met.
    """

    rules: tuple[Rule, ...]
    blocked: tuple[tuple[Rule, Need], ...]
    by_kind: dict[Kind, list[tuple[Rule, StepCheck]]]
    texts: list[tuple[Rule, tuple[str, ...], StepCheck]]
    graphs: list[tuple[Rule, GraphCheck]]


@lru_cache(maxsize=256)
def _plan(platform: str, off: frozenset[str], unmet: frozenset[Need]) -> Plan:
    rules = tuple(r for r in all_rules().values() if platform in r.platforms and r.id not in off)
    blocked = tuple((rule, need) for rule in rules if (need := _unmet_need(rule, unmet)))
    stopped = {rule.id for rule, _ in blocked}
    free = [rule for rule in rules if rule.id not in stopped]
    by_kind: dict[Kind, list[tuple[Rule, StepCheck]]] = {kind: [] for kind in Kind}
    for rule in free:
        for kinds, check in rule.step_checks:
            for kind in kinds or Kind:
                by_kind[kind].append((rule, check))
    return Plan(
        rules,
        blocked,
        by_kind,
        [(rule, needles, check) for rule in free for needles, check in rule.text_checks],
        [(rule, check) for rule in free for check in rule.graph_checks],
    )


def _unmet_need(rule: Rule, unmet: frozenset[Need]) -> Need | None:
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

    skipped: dict[str, str]  # rule id -> why it could not run
    hits: list[tuple[Rule, Hit]] = field(default_factory=list)

    def take(self, rule: Rule, found: Found) -> None:
        if isinstance(found, Hit):
            self.hits.append((rule, found))
        elif isinstance(found, NotChecked):
            self.skipped.setdefault(rule.id, found.reason)
        elif found is not None:
            self.hits.extend((rule, hit) for hit in found)

    def failed(self, rule: Rule, error: Exception) -> None:
        """A rule that raises is no reason to lose the others' findings."""
        log.error("rule %s failed", rule.id, exc_info=error)
        self.skipped[rule.id] = f"the rule failed ({type(error).__name__}); please report it"


def analyse(graph: Graph, config: Config = DEFAULT) -> Analysis:
    """Run every rule that fits the graph's platform; never raises for what a file may hold."""
    started = time.perf_counter()
    missing = _missing(graph)
    plan = _plan(graph.platform, config.off, frozenset(missing))
    graph.options = config.options
    run = _Run({rule.id: missing[need] for rule, need in plan.blocked})
    _look_at_graph(graph, plan, run)
    _look_at_steps(graph, plan, run)
    _look_at_texts(graph, plan, run)
    findings = _findings(graph, run.hits, config)
    return _assess(graph, findings, run.skipped, plan.rules, started)


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


def _assess(
    graph: Graph,
    findings: list[Finding],
    skipped: dict[str, str],
    rules: Iterable[Rule],
    started: float,
) -> Analysis:
    """Put findings, what could not be checked and the scores together."""
    reported = {finding.rule_id for finding in findings}
    ran: dict[Category, int] = dict.fromkeys(CATEGORIES, 0)
    applicable = 0
    not_checked = []
    for rule in rules:
        applicable += 1
        if rule.id in skipped and rule.id not in reported:
            not_checked.append(NotChecked(skipped[rule.id], rule.id))
        else:
            ran[rule.category] += 1
    hit = {finding.category for finding in findings}
    categories = {
        category: None
        if not count
        else score(f for f in findings if f.category is category).value
        if category in hit
        else 100
        for category, count in ran.items()
    }
    return Analysis(
        graph=graph,
        findings=findings,
        not_checked=not_checked,
        coverage=round((applicable - len(not_checked)) / applicable, 4) if applicable else 1.0,
        score=None if Need.CONTENT in graph.missing else score(findings),
        categories=categories,
        duration_ms=(time.perf_counter() - started) * 1000,
    )
