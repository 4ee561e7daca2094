"""A blueprint's nested flows laid out flat: every module, and which leads to which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from apps.workflows.analysis.graph import EdgeKind
from apps.workflows.platforms.make.fields import items, mapping, number, objects, text

MERGE = "builtin:BasicMerge"
_LOOPS = frozenset({"builtin:BasicFeeder", "builtin:BasicRepeater"})
#: The label of a router's fallback route and of an if-else's last branch.
ELSE = "else"
_LONGEST_LABEL = 120


@dataclass(frozen=True, slots=True)
class End:
    """A loose end: what comes next is reached from this place in this way."""

    place: int
    kind: EdgeKind = EdgeKind.NEXT
    label: str = ""
    port: int = 0


@dataclass(frozen=True, slots=True)
class Placed:
    """One module, and whether all it is nested in is switched on."""

    module: dict[str, Any]
    enabled: bool


@dataclass(slots=True)
class Layout:
    """All modules by place, the links between them and the places where a run starts."""

    placed: list[Placed] = field(default_factory=list)
    links: list[tuple[End, int]] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Job:
    """A list of modules still to lay out; its last one leads to the merge behind ``joins``."""

    modules: list[Any]
    ends: tuple[End, ...] = ()
    enabled: bool = True
    joins: int | None = None
    starts: bool = False


def lay_out(blueprint: Mapping[str, Any], flows: list[list[Any]]) -> Layout:
    """Lay out the flows a run starts with and what lies unconnected beside them."""
    jobs = [_Job(flow, starts=True) for flow in flows]
    designer = mapping(mapping(blueprint.get("metadata")).get("designer"))
    orphans = items(designer.get("orphans"))
    jobs += [_Job(orphan if isinstance(orphan, list) else [orphan]) for orphan in orphans]
    return _Walk(jobs).run()


class _Walk:
    """Lays out one list of modules after the other; nesting costs memory, not recursion."""

    def __init__(self, jobs: list[_Job]) -> None:
        self.layout = Layout()
        self.jobs = jobs[::-1]
        self.merges: dict[int, int] = {}  # if-else -> the merge after it
        self.tails: list[tuple[int, End]] = []  # if-else, where one of its branches ends

    def run(self) -> Layout:
        while self.jobs:
            self._chain(self.jobs.pop())
        for branching, end in self.tails:
            if branching in self.merges:
                self.layout.links.append((end, self.merges[branching]))
        return self.layout

    def _chain(self, job: _Job) -> None:
        ends, passed = job.ends, None
        if job.starts and objects(job.modules):
            self.layout.starts.append(len(self.layout.placed))
        for module in objects(job.modules):
            place = self._place(module, job)
            if passed is not None and text(module.get("module")) == MERGE:
                self.merges[passed] = place
                ends = ()  # the branches lead here, not the if-else itself
            self.layout.links += [(end, place) for end in ends]
            ends = self._ends(place, module)
            passed = place if any(map(_rejoins, _branches(module))) else None
        if job.joins is not None:
            self.tails += [(job.joins, end) for end in ends]

    def _place(self, module: dict[str, Any], job: _Job) -> int:
        enabled = job.enabled and module.get("disabled") is not True
        self.layout.placed.append(Placed(module, enabled))
        return len(self.layout.placed) - 1

    def _ends(self, place: int, module: dict[str, Any]) -> tuple[End, ...]:
        """Queue what is nested in a module; say how what follows it is reached."""
        self.jobs += reversed(list(_inner_jobs(place, self.layout.placed[place])))
        kind = EdgeKind.LOOP if text(module.get("module")) in _LOOPS else EdgeKind.NEXT
        return (End(place, kind, port=branch_count(module)),)


def _inner_jobs(place: int, placed: Placed) -> Iterator[_Job]:
    """The lists nested in a module: routes, branches, and what runs when it fails."""
    module, enabled = placed.module, placed.enabled
    fallback = _fallback(module)
    routes = objects(module.get("routes"))
    for n, route in enumerate(routes):
        end = End(place, EdgeKind.BRANCH, _route_label(route, n, fallback), n)
        on = enabled and route.get("disabled") is not True
        yield _Job(items(route.get("flow")), (end,), on)
    for n, branch in enumerate(_branches(module), len(routes)):
        end = End(place, EdgeKind.BRANCH, _branch_label(branch, n), n)
        on = enabled and branch.get("disabled") is not True
        joins = place if _rejoins(branch) else None
        yield _Job(items(branch.get("flow")), (end,), on, joins)
    error = End(place, EdgeKind.ERROR, "on error")
    yield _Job(items(module.get("onerror")), (error,), enabled)


def _branches(module: Mapping[str, Any]) -> list[dict[str, Any]]:
    return objects(module.get("branches"))


def _rejoins(branch: Mapping[str, Any]) -> bool:
    return branch.get("merge") is not False


def _fallback(module: Mapping[str, Any]) -> float | None:
    """The route a router takes when no other matches."""
    for place in ("parameters", "mapper"):
        found = number(mapping(module.get(place)).get("else"))
        if found is not None:
            return found
    return None


def _route_label(route: Mapping[str, Any], n: int, fallback: float | None) -> str:
    if n == fallback or route.get("else") is True or route.get("fallback") is True:
        return ELSE
    # The condition of a route is the filter of its first module; generators put it on the route.
    for holder in (*objects(route.get("flow"))[:1], route):
        name = text(mapping(holder.get("filter")).get("name")).strip()
        if name:
            return name[:_LONGEST_LABEL]
    return f"route {n + 1}"


def _branch_label(branch: Mapping[str, Any], n: int) -> str:
    if branch.get("type") == "else":
        return ELSE
    return text(branch.get("label")).strip()[:_LONGEST_LABEL] or f"branch {n + 1}"


def branch_count(module: Mapping[str, Any]) -> int:
    """How many routes or branches a module splits into."""
    return len(objects(module.get("routes"))) + len(_branches(module))
