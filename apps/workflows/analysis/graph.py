"""The canonical graph: the steps and edges of one workflow, with the facts that rules share.

Platforms translate their files into it; rules, scoring, reports and pictures read nothing else.
Every derived fact is computed once, on first use, without recursion, in time linear in the graph.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from apps.workflows.analysis.algorithms import marks_behind, shortest_walk, strong_components
from apps.workflows.analysis.edge import Dangling, Edge, EdgeKind
from apps.workflows.analysis.step import (
    EFFECTS,
    HIGHLEVEL,
    MAKE,
    N8N,
    NODE_RED,
    OFF_FLOW,
    PLATFORMS,
    UNKNOWN_TYPE,
    Effect,
    Filter,
    Kind,
    Step,
    StepType,
    Trait,
    Wait,
    located_strings,
    strings,
)

if TYPE_CHECKING:
    from apps.workflows.analysis.facts.account import Account

__all__ = [
    "EFFECTS", "HIGHLEVEL", "MAKE", "N8N", "NODE_RED", "OFF_FLOW", "PLATFORMS", "UNKNOWN_TYPE",
    "Dangling", "Edge", "EdgeKind", "Effect", "Filter", "Graph", "Kind", "Need", "Settings",
    "Step", "StepType", "Trait", "Wait", "located_strings", "strings",
]  # fmt: skip


Fact = TypeVar("Fact")

#: Steps of a walk that are shown; real workflows are far shorter.
LONGEST_WALK = 100


class Need(StrEnum):
    """What a rule needs beside the steps; a file may lack it."""

    CONTENT = "content"  # the steps themselves
    TRIGGERS = "triggers"
    ACCOUNT = "account"  # all workflows of the account
    LISTS = "lists"  # the account's reference lists


@dataclass(slots=True)
class Settings:
    """What the workflow as a whole is set to; ``None`` where the file does not say."""

    reentry: bool | None = None
    stop_on_response: bool | None = None
    timezone: str | None = None
    window: Mapping[str, Any] | None = None
    error_workflow: str | None = None
    raw: Mapping[str, Any] = field(default_factory=dict)


@dataclass(eq=False)
class Graph:
    """One workflow. ``missing`` says what the file does not contain, with the reason in words."""

    platform: str
    name: str
    steps: list[Step]
    edges: list[Edge]
    entries: list[int]
    id: str = ""
    active: bool | None = None
    settings: Settings = field(default_factory=Settings)
    dangling: list[Dangling] = field(default_factory=list)
    unknown_sources: list[str] = field(default_factory=list)
    bad_connections: list[tuple[int, str]] = field(default_factory=list)
    duplicate_ids: dict[str, list[int]] = field(default_factory=dict)
    duplicate_names: dict[str, list[int]] = field(default_factory=dict)
    connections: int = 0  # how many the file holds, dangling ones included
    missing: dict[Need, str] = field(default_factory=dict)
    options: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    #: The account the workflow was read with (``account.Account``); ``None``: it stands alone.
    account: Account | None = None
    raw: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._shared: dict[Callable[[Graph], Any], Any] = {}
        self._walks: dict[int, list[Step]] = {}
        count = len(self.steps)
        self.out: list[list[Edge]] = [[] for _ in range(count)]
        self.into: list[list[Edge]] = [[] for _ in range(count)]
        #: consumer index -> the edges of the sub-nodes that serve it
        self.attached: dict[int, list[Edge]] = {}
        for edge in self.edges:
            if edge.kind is EdgeKind.ATTACH:
                self.attached.setdefault(edge.target, []).append(edge)
            else:
                self.out[edge.source].append(edge)
                self.into[edge.target].append(edge)

    def shared(self, fact: Callable[[Graph], Fact]) -> Fact:
        """A fact that several rules need and this module does not know: made once per graph."""
        if fact not in self._shared:
            self._shared[fact] = fact(self)
        found: Fact = self._shared[fact]
        return found

    # -- looking around ------------------------------------------------------------------

    def of_kind(self, *kinds: Kind) -> list[Step]:
        """The enabled steps of these kinds."""
        if len(kinds) == 1:
            return list(self._by_kind.get(kinds[0], ()))
        found = [step for kind in set(kinds) for step in self._by_kind.get(kind, ())]
        return sorted(found, key=lambda step: step.index)

    @cached_property
    def _by_kind(self) -> dict[Kind, list[Step]]:
        found: dict[Kind, list[Step]] = {}
        for step in self.steps:
            if step.enabled:
                found.setdefault(step.spec.kind, []).append(step)
        return found

    @cached_property
    def triggers(self) -> list[Step]:
        """Every trigger, enabled or not."""
        return [step for step in self.steps if step.spec.kind is Kind.TRIGGER]

    @cached_property
    def text(self) -> str:
        """The text of every enabled step that is no note; what is not in here is in no step."""
        return "\n".join(
            step.text for step in self.steps if step.enabled and step.spec.kind is not Kind.NOTE
        )

    @cached_property
    def lower_text(self) -> str:
        return self.text.lower()

    def next_steps(self, step: Step) -> list[Step]:
        return [self.steps[edge.target] for edge in self.out[step.index]]

    # -- reaching ------------------------------------------------------------------------

    @cached_property
    def _reach(self) -> tuple[bytearray, list[Edge | None]]:
        seen = bytearray(len(self.steps))
        came_by: list[Edge | None] = [None] * len(self.steps)
        queue = deque(self.entries)
        for index in self.entries:
            seen[index] = 1
        out, attached = self.out, self.attached
        while queue:
            index = queue.popleft()
            for edge in out[index]:
                if not seen[edge.target]:
                    seen[edge.target] = 1
                    came_by[edge.target] = edge
                    queue.append(edge.target)
            if index in attached:
                for edge in attached[index]:
                    if not seen[edge.source]:
                        seen[edge.source] = 1
                        came_by[edge.source] = edge
                        queue.append(edge.source)
        return seen, came_by

    def is_reachable(self, step: Step) -> bool:
        """Whether a run that starts at an entry can come to this step (or use this sub-node)."""
        return bool(self._reach[0][step.index])

    def path_to(self, step: Step) -> list[Step]:
        """A shortest walk along real edges from an entry; just the step when nothing reaches it.

        A sub-node's walk ends at the step it serves. Of a walk beyond ``LONGEST_WALK`` steps only
        the end is given: thousands of findings far down a chain would make it quadratic.
        """
        seen, came_by = self._reach
        if not seen[step.index]:
            return [step]
        index = step.index
        while (edge := came_by[index]) is not None and edge.kind is EdgeKind.ATTACH:
            index = edge.target
        walk = self._walks.get(index)
        if walk is None:
            walk = self._walks[index] = self._walk_to(index)
        return list(walk)

    def _walk_to(self, index: int) -> list[Step]:
        """A step's walk, made from that of the step before where there is one already."""
        came_by = self._reach[1]
        walk: list[Step] = []
        while len(walk) < LONGEST_WALK and index not in self._walks:
            walk.append(self.steps[index])
            edge = came_by[index]
            if edge is None:
                return walk[::-1]
            index = edge.source if edge.kind is not EdgeKind.ATTACH else edge.target
        left = LONGEST_WALK - len(walk)
        ahead = self._walks[index][-left:] if left else []
        return [*ahead, *reversed(walk)]

    def path_between(self, start: Step, goal: Step) -> list[Step]:
        """A shortest walk of at least one edge from ``start`` to ``goal``; empty if there is none.

        With ``start`` equal to ``goal`` it is the shortest way round.
        """
        return [self.steps[index] for index in shortest_walk(self.out, start.index, goal.index)]

    def after(self, step: Step, *, stop: Iterable[int] = ()) -> set[int]:
        """Indexes of the steps that can follow, the step itself only if a loop leads back.

        ``stop`` names indexes that are entered but not left.
        """
        return self._spread(step.index, self.out, True, stop)

    def before(self, step: Step, *, stop: Iterable[int] = ()) -> set[int]:
        """Indexes of the steps from which this one can be reached."""
        return self._spread(step.index, self.into, False, stop)

    @staticmethod
    def _spread(
        start: int, adjacent: Sequence[Sequence[Edge]], forward: bool, stop: Iterable[int]
    ) -> set[int]:
        stops = frozenset(stop)
        found: set[int] = set()
        stack = [start]
        while stack:
            for edge in adjacent[stack.pop()]:
                other = edge.target if forward else edge.source
                if other not in found:
                    found.add(other)
                    if other not in stops:
                        stack.append(other)
        return found

    # -- loops ---------------------------------------------------------------------------

    @cached_property
    def components(self) -> list[list[int]]:
        """Strongly connected components, every component after all that it leads to (Tarjan)."""
        return strong_components(self.out)

    @cached_property
    def loops(self) -> list[list[Step]]:
        """The steps of each cycle region, in the order of ``steps``; a branch-and-merge is none."""
        found = []
        for component in self.components:
            head = component[0]
            if len(component) > 1 or any(edge.target == head for edge in self.out[head]):
                found.append([self.steps[index] for index in sorted(component)])
        return found

    def loop_head(self, loop: Sequence[Step]) -> Step:
        """Where a run enters the loop; the loop's stable identity."""
        inside = {step.index for step in loop}
        for step in loop:
            if step.index in self.entries:
                return step
        for step in loop:
            if any(edge.source not in inside for edge in self.into[step.index]):
                return step
        return loop[0]

    # -- weight --------------------------------------------------------------------------

    @cached_property
    def _effects(self) -> list[int]:
        return [step.index for step in self.steps if step.spec.has_effect and step.enabled]

    @cached_property
    def _effects_behind(self) -> list[int]:
        return marks_behind(self.out, self.components, self._effects)

    def count_behind(self, steps: Sequence[Step]) -> int:
        """How many messages, charges and writes lie at or behind these steps.

        Without steps it is all of the workflow's; of several, the one with the most behind it.
        """
        if not self._effects:
            return 0
        if not steps:
            return len(self._effects)
        behind = self._effects_behind
        return max(behind[step.index] for step in steps)
