"""An account's workflows as one graph: who starts whom over what, circles, conflicts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from apps.workflows.analysis.algorithms import strong_components
from apps.workflows.analysis.facts.account import Account
from apps.workflows.analysis.facts.rivals import rivals, written_together
from apps.workflows.analysis.facts.urls import called
from apps.workflows.analysis.facts.values import text
from apps.workflows.analysis.facts.writes import Target, writes_of
from apps.workflows.analysis.graph import N8N, Step, Trait

#: Where n8n's webhooks lie: ``/webhook/<path>``.
_WEBHOOK = re.compile(r"/webhook/(.{1,200})")


@dataclass(slots=True)
class Way:
    """All links from one workflow to another over one thing; workflows are numbers in the account.

    ``steps`` are ids in the source. ``is_automatic`` says that some of them works by itself.
    """

    source: int
    target: int
    kind: str
    value: str
    steps: list[str] = field(default_factory=list)
    is_automatic: bool = False


@dataclass(frozen=True, slots=True)
class Conflict:
    """Workflows that write different values to ``target`` on the same start."""

    target: Target
    steps: dict[int, list[str]]


@dataclass(frozen=True, slots=True)
class Map:
    ways: list[Way]
    cycles: list[list[int]]
    conflicts: list[Conflict]


def map_of(account: Account) -> Map:
    ways: dict[tuple[int, int, str, str], Way] = {}
    for link in account.links:
        _add(ways, link.source, link.target, link.kind, link.value, link.step, link.is_automatic)
    for source, target, url, step in _calls(account):
        _add(ways, source, target, "call", url, step, True)
    found = list(ways.values())
    return Map(found, _cycles(len(account.graphs), found), _conflicts(account))


def _add(
    ways: dict[tuple[int, int, str, str], Way],
    source: int,
    target: int,
    kind: str,
    value: str,
    step: Step,
    is_automatic: bool,
) -> None:
    way = ways.setdefault((source, target, kind, value), Way(source, target, kind, value))
    if step.id not in way.steps:
        way.steps.append(step.id)
    way.is_automatic = way.is_automatic or is_automatic


def _calls(account: Account) -> Iterator[tuple[int, int, str, Step]]:
    """Calls of an address that is another workflow's webhook, as n8n writes both."""
    taken = {
        path: number
        for number in reversed(account.live)
        for trigger in account.graphs[number].triggers
        if account.graphs[number].platform == N8N
        and Trait.WEBHOOK in trigger.spec.traits
        and (path := text(trigger.params.get("path")).strip("/"))
    }
    for source in account.live if taken else ():
        for step, url in called(account.graphs[source]):
            match = _WEBHOOK.search(url.path)
            target = taken.get(match[1].strip("/")) if match else None
            if target is not None and step.enabled:
                yield source, target, url.shown, step


def _cycles(count: int, ways: Sequence[Way]) -> list[list[int]]:
    """Workflows that start one another by themselves in a circle; one alone starts itself."""
    out: list[list[Way]] = [[] for _ in range(count)]
    alone = set()
    for way in ways:
        if way.is_automatic and way.source == way.target:
            alone.add(way.source)
        elif way.is_automatic:
            out[way.source].append(way)
    circles = [sorted(group) for group in strong_components(out) if len(group) > 1]
    grouped = {number for group in circles for number in group}
    return [*sorted(circles), *([number] for number in sorted(alone - grouped))]


def _conflicts(account: Account) -> list[Conflict]:
    found: dict[tuple[Target, frozenset[int]], Conflict] = {}
    for writers_of in account.shared(written_together).values():
        for target, writers in writers_of.items():
            clashing = {number for number in writers if rivals(number, writers)}
            if clashing:
                key = (target, frozenset(clashing))
                found.setdefault(key, Conflict(target, _steps(account, target, clashing)))
    return sorted(found.values(), key=lambda each: (each.target.kind, each.target.name))


def _steps(account: Account, target: Target, workflows: set[int]) -> dict[int, list[str]]:
    return {
        number: [write.step.id for write in account.graphs[number].shared(writes_of)[target]]
        for number in sorted(workflows)
    }
