"""Which outputs of which branching steps a run must have taken to come to a step.

The facts travel once through the graph in topological order. Where ways join, only what holds
on all of them is left, so two steps are called exclusive only if no run comes to both. Never a
path is listed: the work is linear, and what is remembered per step is bounded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from apps.workflows.analysis.algorithms import strong_components
from apps.workflows.analysis.facts.loops import loop_numbers
from apps.workflows.analysis.facts.values import mapping
from apps.workflows.analysis.graph import Edge, EdgeKind, Graph, Kind, Step

#: Branching steps remembered per step; forgetting the farthest ones only makes us say less.
_MOST = 48
#: Outputs told apart; the error output has a bit of its own.
_PORTS = 62
_ERROR_BIT = 1 << _PORTS

#: Per branching step's index the set of outputs, as bits, one of which has been taken.
Guards = Mapping[int, int]
_NOTHING: Guards = {}


class Exclusions:
    """The guards of the steps that lead to some steps of interest."""

    def __init__(self, graph: Graph, relevant: set[int]) -> None:
        self.graph = graph
        self._starts = set(graph.entries)
        self._at: dict[int, Guards] = {}
        self._turning: set[int] = set()
        out, self._into = _one_turn(graph)
        components = graph.components if out is graph.out else strong_components(out)
        for component in reversed(components):
            if not relevant.isdisjoint(component):
                self._enter(component)

    def _enter(self, component: list[int]) -> None:
        """A loop is entered as one; what is decided within it may change from turn to turn."""
        inside = set(component)
        into = [edge for index in component for edge in self._into[index]]
        coming = [edge for edge in into if edge.source not in inside]
        if len(coming) < len(into):
            self._turning |= inside
        begins = not coming or not self._starts.isdisjoint(inside)
        guards = _NOTHING if begins else self.on_all(coming)
        for index in component:
            self._at[index] = guards

    def on_all(self, edges: Iterable[Edge]) -> Guards:
        """What has been decided whichever of these edges a run comes along."""
        joined: Guards | None = None
        for edge in edges:
            guards = self._after(edge)
            if joined is None:
                joined = guards
            elif joined is not guards:
                joined = {
                    index: outputs | guards[index]
                    for index, outputs in joined.items()
                    if index in guards
                }
            if not joined:
                return _NOTHING
        return joined or _NOTHING

    def _after(self, edge: Edge) -> Guards:
        before = self._at.get(edge.source, _NOTHING)
        step = self.graph.steps[edge.source]
        if edge.source in self._turning or not _decides(step, edge):
            return before
        after = {**before, edge.source: _bit(edge)}
        if len(after) > _MOST:
            del after[next(iter(after))]
        return after


Adjacency = list[list[Edge]]


def _one_turn(graph: Graph) -> tuple[Adjacency, Adjacency]:
    """The edges without those that lead back into a loop over items: one turn of its body."""
    items = {step.index for step in graph.of_kind(Kind.LOOP)}
    if not items:
        return graph.out, graph.into
    numbers = loop_numbers(graph)

    def kept(edges: list[Edge]) -> list[Edge]:
        return [
            edge
            for edge in edges
            if edge.target not in items
            or edge.source not in numbers
            or numbers[edge.source] != numbers.get(edge.target)
        ]

    return [kept(edges) for edges in graph.out], [kept(edges) for edges in graph.into]


def _bit(edge: Edge) -> int:
    return _ERROR_BIT if edge.kind is EdgeKind.ERROR else 1 << edge.port


def _decides(step: Step, edge: Edge) -> bool:
    """Whether what takes this output of the step takes none of the others."""
    if not step.enabled or edge.port >= _PORTS:
        return False
    if step.type == "n8n-nodes-base.switch":
        return mapping(step.params.get("options")).get("allMatchingOutputs") in (None, False)
    if step.type == "n8n-nodes-base.if":
        return True
    return step.on_error == "output" and step.outputs == 1 and step.spec.kind is not Kind.LOOP


def excluded_by(a: Guards, b: Guards) -> int | None:
    """The branching step that sends a run to one of two places, never to both."""
    found = [index for index, outputs in a.items() if index in b and not outputs & b[index]]
    return found[-1] if found else None
