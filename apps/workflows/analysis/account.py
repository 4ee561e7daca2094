"""Several workflows of one account together: who starts whom, and the account's own lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from apps.workflows.analysis.algorithms import strong_components
from apps.workflows.analysis.graph import Graph, Step
from apps.workflows.analysis.watching import matches

ENROLS = "workflow"


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """``source`` starts ``target``: by enrolment or by writing what its trigger watches.

    ``kind`` is ``workflow``, ``tag``, ``field``, ``stage`` or ``status``; ``step`` is the step in
    the source, ``trigger`` the trigger in the target (none for an enrolment).
    """

    source: int
    target: int
    kind: str
    value: str
    step: Step
    trigger: Step | None = None
    is_certain: bool = True


@dataclass(eq=False)
class Account:
    """``lists`` are the account's reference lists by kind; one that is absent is not known.

    ``whole`` says that these are all workflows of the account, not a selection.
    """

    graphs: Sequence[Graph]
    lists: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    whole: bool = False

    @cached_property
    def place(self) -> dict[int, int]:
        """Graph (by ``id()``) -> its place in ``graphs``."""
        return {id(graph): number for number, graph in enumerate(self.graphs)}

    @cached_property
    def by_id(self) -> dict[str, int]:
        return {graph.id: number for number, graph in enumerate(self.graphs) if graph.id}

    @cached_property
    def links(self) -> list[Link]:
        """Every way one workflow starts another (or itself), active ones only."""
        found: list[Link] = []
        watchers = self._watchers
        for source, graph in enumerate(self.graphs):
            if graph.active is False:
                continue
            for step in graph.steps:
                if step.enabled and step.effects:
                    found += self._enrolments(source, step)
                    found += self._written(source, step, watchers)
        return found

    @cached_property
    def _watchers(self) -> list[tuple[int, Step]]:
        return [
            (number, trigger)
            for number, graph in enumerate(self.graphs)
            if graph.active is not False
            for trigger in graph.triggers
            if trigger.enabled
        ]

    def _enrolments(self, source: int, step: Step) -> list[Link]:
        return [
            Link(source, self.by_id[effect.value], ENROLS, effect.value, step)
            for effect in step.effects
            if effect.kind == ENROLS and effect.action == "start" and effect.value in self.by_id
        ]

    @staticmethod
    def _written(source: int, step: Step, watchers: list[tuple[int, Step]]) -> list[Link]:
        return [
            Link(
                source, target, match.effect.kind, match.effect.value, step, trigger,
                match.is_certain,
            )
            for target, trigger in watchers
            for match in matches(trigger, step)
        ]  # fmt: skip

    @cached_property
    def cycles(self) -> list[list[int]]:
        """Groups of workflows that start one another in a circle (a workflow alone is none)."""
        out: list[list[Link]] = [[] for _ in self.graphs]
        for link in self.links:
            out[link.source].append(link)
        return [sorted(group) for group in strong_components(out) if len(group) > 1]

    def known(self, kind: str) -> Sequence[Any] | None:
        """The account's list of this kind; ``None`` when the file does not hold it."""
        return self.lists.get(kind)
