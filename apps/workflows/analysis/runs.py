"""What has run before a step: on every path from a trigger, and on some path."""

from __future__ import annotations

from collections.abc import Sequence

from apps.workflows.analysis.algorithms import reverse_postorder
from apps.workflows.analysis.graph import Graph, Kind, Step


class Runs:
    """For one entry and a set of watched steps, which of them have run before each step.

    Where parallel ways meet in a merge that waits for its inputs, what ran on any of the inputs
    has run; everywhere else only what ran on all ways has. Watched steps are bits of whole
    numbers, and sweeps go in reverse postorder until nothing changes: a few, whatever the shape.
    """

    def __init__(self, graph: Graph, entry: int, watched: Sequence[int]) -> None:
        self.graph = graph
        self._bit = {index: 1 << place for place, index in enumerate(watched)}
        everything = (1 << len(watched)) - 1
        self._order = reverse_postorder(graph.out, entry)
        self._must = dict.fromkeys(self._order, everything)
        self._may = dict.fromkeys(self._order, 0)
        self._must[entry] = 0
        while self._sweep(entry):
            pass

    def reaches(self, step: Step) -> bool:
        return step.index in self._may

    def always(self, step: Step, other: Step) -> bool:
        """Whether ``other`` has run whenever a run comes to ``step``."""
        return bool(self._must[step.index] & self._bit[other.index])

    def ever(self, step: Step, other: Step) -> bool:
        """Whether ``other`` can have run when a run comes to ``step``."""
        return bool(self._may[step.index] & self._bit[other.index])

    def _sweep(self, entry: int) -> bool:
        changed = False
        for index in self._order:
            must, may = self._before(index)
            if index == entry:
                must = 0
            if must != self._must[index] or may != self._may[index]:
                self._must[index], self._may[index] = must, may
                changed = True
        return changed

    def _before(self, index: int) -> tuple[int, int]:
        edges = [edge for edge in self.graph.into[index] if edge.source in self._may]
        may = 0
        by_port: dict[int, int] = {}
        waits = self.graph.steps[index].spec.kind is Kind.MERGE
        for edge in edges:
            after = self._bit.get(edge.source, 0)
            may |= self._may[edge.source] | after
            port = edge.target_port if waits else 0
            must = self._must[edge.source] | after
            by_port[port] = by_port[port] & must if port in by_port else must
        must = 0
        for ran in by_port.values():
            must |= ran
        return must, may
