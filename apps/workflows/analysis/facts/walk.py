"""Paths with time: what can have happened on the way to each step, joined where paths meet.

One sweep in the order of the flow carries a moment along every path at once. Its figures are the
extremes over all paths, exact without loops; a loop is gone round often enough to fill what a
moment remembers. Nothing is enumerated, so time is linear in the graph. A figure's witness is
found backwards, along the edges by which it came.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from apps.workflows.analysis.algorithms import reverse_postorder
from apps.workflows.analysis.facts.moments import (
    REMEMBERED,
    START,
    Moment,
    behind,
    is_text,
    joined,
    round_again,
)
from apps.workflows.analysis.graph import LONGEST_WALK, Edge, Graph, Step

#: So often a loop is gone round: a single text in it then fills the memory.
_TURNS = REMEMBERED + 1

#: What makes one moment worse than another, as something that can be compared.
Figure = Callable[[Moment], Any]


class Walk:
    """The moments of one graph: ``arrival[index]`` is ``None`` where no entry leads.

    ``place`` has the places of the steps in the order of the flow.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.arrival: list[Moment | None] = [None] * len(graph.steps)
        self._starts = frozenset(graph.entries)
        for index in graph.entries:
            self.arrival[index] = START
        order = reverse_postorder(graph.out, *graph.entries)
        self.place = {index: n for n, index in enumerate(order)}
        for component in reversed(graph.components):
            if component[0] not in self.place:
                continue
            if len(component) == 1:
                self._leave(component[0])
            else:
                self._go_round(sorted(component, key=self.place.__getitem__))

    def _go_round(self, loop: list[int]) -> None:
        for _ in range(_TURNS):
            if not sum(self._leave(index) for index in loop):
                return

    def _leave(self, index: int) -> bool:
        """Carry a step's moment to the steps behind it; whether that made one of them worse."""
        changed = False
        for edge in self.graph.out[index]:
            arriving = self._along(edge)
            if arriving is not None:
                known = self.arrival[edge.target]
                if known is not None:
                    arriving = joined(known, arriving)
                if arriving != known:
                    self.arrival[edge.target] = arriving
                    changed = True
        return changed

    def _along(self, edge: Edge) -> Moment | None:
        here = self.arrival[edge.source]
        if here is None or edge.target == edge.source:
            return None
        moment = behind(here, self.graph.steps[edge.source], edge)
        returns = self.place[edge.target] <= self.place[edge.source]
        return round_again(moment) if returns else moment

    # -- witnesses -----------------------------------------------------------------------

    def drift(self, step: Step) -> list[Step]:
        """The walk on which the contact is idle for longest."""
        return self._from_entry(self._back([step], lambda m: (m.idle, -m.idle_since)))

    def lateness(self, step: Step) -> list[Step]:
        """The walk that leaves least time before an appointment."""
        return self._from_entry(self._back([step], lambda m: (-m.left, -m.left_at)))

    def sequence(self, step: Step) -> list[Step]:
        """The longest walk since a first message on which nothing was checked."""
        first = (self.arrival[step.index] or START).first_message

        def before_wait(index: int) -> bool:
            return (self.arrival[index] or START).first_message != first

        trail = self._back([step], lambda m: (m.unchecked, -m.first_message), before_wait)
        trail = self._back(trail, lambda m: m.fresh == first, lambda index: index == first)
        return self._from_entry(self._back(trail, lambda m: m.unmessaged))

    def texts(self, step: Step) -> tuple[list[Step], list[Step]]:
        """The walk to a text on which the texts before it came in least time, and all of these."""
        trail = [step]
        found = [step]
        for wanted in range(REMEMBERED - 1, -1, -1):
            trail = self._back(trail, _age(wanted), lambda n: is_text(self.graph.steps[n]), None)
            if is_text(trail[-1]):
                found.append(trail[-1])
        return self._from_entry(trail), found[::-1]

    def _back(
        self,
        trail: list[Step],
        figure: Figure,
        ends: Callable[[int], bool] | None = None,
        longest: int | None = LONGEST_WALK,
    ) -> list[Step]:
        """The trail lengthened backwards, at every step by the edge with the worst figure."""
        found = list(trail)
        seen: set[int] = set()
        while longest is None or len(found) < longest:
            edge = self._worst(found[-1].index, figure)
            if edge is None or edge.source in seen:
                break
            seen.add(edge.source)
            found.append(self.graph.steps[edge.source])
            if ends is not None and ends(edge.source):
                break
        return found

    def _worst(self, index: int, figure: Figure) -> Edge | None:
        """The edge that brings the worst moment; none where a run begins with one as bad."""
        found = None
        worst = figure(START) if index in self._starts else None
        for edge in self.graph.into[index]:
            moment = self._along(edge)
            if moment is not None and (worst is None or figure(moment) > worst):
                worst, found = figure(moment), edge
        return found

    def _from_entry(self, trail: list[Step]) -> list[Step]:
        """The trail forwards, from an entry on where it does not begin at one."""
        return [*self.graph.path_to(trail[-1])[:-1], *reversed(trail)]


def _age(text: int) -> Figure:
    """How little time has passed since the last text, or the one so many before it."""

    def figure(moment: Moment) -> Any:
        age, index = moment.texts[text]
        return (-age, -index)

    return figure
