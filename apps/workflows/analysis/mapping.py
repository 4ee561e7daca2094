"""An account's workflows as one graph: who starts whom over what, circles, conflicts."""

from __future__ import annotations

from dataclasses import dataclass, field

from apps.workflows.analysis.facts.account import Account
from apps.workflows.analysis.facts.rivals import rivals, written_together
from apps.workflows.analysis.facts.writes import Target, writes_of


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
    alone: set[int] = set()
    for link in account.links:
        way = ways.setdefault(
            (link.source, link.target, link.kind, link.value),
            Way(link.source, link.target, link.kind, link.value),
        )
        if link.step.id not in way.steps:
            way.steps.append(link.step.id)
        way.is_automatic = way.is_automatic or link.is_automatic
        if link.source == link.target and link.is_automatic:
            alone.add(link.source)
    grouped = {number for group in account.cycles for number in group}
    cycles = [*account.cycles, *([number] for number in sorted(alone - grouped))]
    return Map(list(ways.values()), cycles, _conflicts(account))


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
