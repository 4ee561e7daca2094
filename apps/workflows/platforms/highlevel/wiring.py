"""Turns ``next`` and gotos into edges, and finds the step where contacts come in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from apps.workflows.analysis.graph import Dangling, Edge, EdgeKind, Kind, Step
from apps.workflows.platforms.highlevel.branches import Branches, branches_of
from apps.workflows.platforms.highlevel.values import NOTHING, first_text, listed, number, scalar

#: Settings by which a wait may jump elsewhere when its date has passed, with the target's field.
_JUMPS = {
    "appointmentCondition": "appointmentSpecificStep",
    "specificDatePassed": "specificDateStep",
}
_JUMPING = ("goto", "specific-step", "specific_step")


@dataclass(eq=False)
class Wiring:
    """The connections of one workflow.

    ``steps`` are all of the graph's, ``flow`` those among them that are no triggers, ``by_id``
    the indexes of the latter by the id other steps know them by.
    """

    steps: list[Step]
    flow: list[Step]
    by_id: dict[str, int]
    edges: list[Edge] = field(default_factory=list)
    dangling: list[Dangling] = field(default_factory=list)
    count: int = 0

    def connect(self) -> None:
        for step in self.flow:
            self._follow_next(step)
            if step.type == "goto":
                self._jump(step, step.params.get("targetNodeId"))
            elif step.type == "wait":
                for setting, place in _JUMPS.items():
                    if step.params.get(setting) in _JUMPING:
                        self._jump(step, step.params.get(place))

    def _jump(self, step: Step, value: Any) -> None:
        targets = self._targets(value)
        self.count += len(targets)
        for target in targets:
            self.link(step, target, EdgeKind.GOTO)

    def link(
        self,
        step: Step,
        target: str,
        kind: EdgeKind = EdgeKind.NEXT,
        label: str = "",
        port: int = 0,
    ) -> None:
        """An edge to the step of this id, or a dangling connection where there is none."""
        index = self.by_id.get(target)
        if index is None:
            self.dangling.append(Dangling(step.index, target, kind, label))
        else:
            self.edges.append(Edge(step.index, index, kind, label, port))

    def _targets(self, value: Any) -> list[str]:
        """The ids in a ``next``; a number counts where it is a step's id, else it is no id."""
        found = []
        for entry in listed(value):
            if isinstance(entry, str):
                if entry:
                    found.append(entry)
            elif (word := scalar(entry)) and word in self.by_id:
                found.append(word)
        return found

    # -- next and branches -----------------------------------------------------------------

    def _follow_next(self, step: Step) -> None:
        targets = self._targets(step.raw.get("next"))
        self.count += len(targets)
        branches = branches_of(step.params)
        if branches is None and len(targets) < 2 and step.spec.kind is not Kind.BRANCH:
            for target in targets:
                self.link(step, target)
        else:
            self._follow_branches(step, targets, branches or Branches())

    def _follow_branches(self, step: Step, targets: list[str], branches: Branches) -> None:
        markerless = self._is_markerless(targets, branches)
        if markerless and not targets:
            targets = [branch for branch in branches.names if branch in self._children]
        forks = step.spec.kind is Kind.BRANCH or len(targets) > 1
        done = set()
        for port, target in enumerate(targets):
            place = target
            if (
                markerless
                and target not in self.by_id
                and _is_branch(step, target, targets, branches)
            ):
                if target not in self._children:
                    continue  # a branch that nothing hangs on
                place = self._children[target]
            kind, label = branches.edge(self._branch(target, branches), self._marker(place), forks)
            if (place, kind, label) not in done:
                done.add((place, kind, label))
                self.link(step, place, kind, label, port)

    def _is_markerless(self, targets: list[str], branches: Branches) -> bool:
        """Older files have no marker steps: ``next`` names branches, children name their branch."""
        if not branches.names or any(self._marker(target) for target in targets):
            return False
        return self.by_id.keys().isdisjoint(branches.names)

    def _branch(self, target: str, branches: Branches) -> str:
        """The branch a ``next`` stands for: its own id, or what its target calls its parent."""
        index = self.by_id.get(target)
        if target in branches.names or index is None:
            return target
        parent = first_text(self.steps[index].raw, "parentKey", "parent")
        return parent if parent in branches.names else target

    def _marker(self, target: str) -> Mapping[str, Any]:
        """The target where it is a marker, whose name says which branch it begins."""
        index = self.by_id.get(target)
        if index is None or self.steps[index].spec.kind is not Kind.MARKER:
            return NOTHING
        return self.steps[index].raw

    @cached_property
    def _children(self) -> dict[str, str]:
        """By ``parentKey`` the first step that has it."""
        found: dict[str, str] = {}
        for step in sorted(self.flow, key=_place):
            if parent := first_text(step.raw, "parentKey", "parent"):
                found.setdefault(parent, step.id)
        return found

    # -- where it begins -------------------------------------------------------------------

    def root(self) -> Step | None:
        """The step no other step leads to; with several the one that looks most like a start.

        Gotos do not count: a jump back to the beginning leaves it the beginning. A step that
        names an existing parent was cut off from it, and is not where contacts come in.
        """
        led_to = {
            edge.target
            for edge in self.edges
            if edge.kind is not EdgeKind.GOTO and edge.source != edge.target
        }
        loose = [step for step in self.flow if step.index not in led_to]
        if not loose:
            return min(self.flow, key=_place, default=None)
        leading = {edge.source for edge in self.edges}
        return min(loose, key=lambda step: self._start_place(step, leading))

    def _start_place(self, step: Step, leading: set[int]) -> tuple[object, ...]:
        parent = first_text(step.raw, "parentKey", "parent")
        order, key = _place(step)
        marker = step.spec.kind is Kind.MARKER
        orphan = step.index not in leading
        return (marker, parent in self.by_id, order, bool(parent), orphan, key)


def _place(step: Step) -> tuple[float, str]:
    order = number(step.raw.get("order"))
    return (float("inf") if order is None else order, step.id)


def _is_branch(step: Step, target: str, targets: list[str], branches: Branches) -> bool:
    """Whether an id that is no step's is one of the step's branches.

    The None branch of an if/else stands last and is often not named among them.
    """
    return target in branches.names or (step.type == "if_else" and target == targets[-1])
