"""Reaching from or to several steps at once, in one sweep over the graph."""

from __future__ import annotations

from collections.abc import Iterable

from apps.workflows.analysis.graph import Graph


def reached_from(graph: Graph, sources: Iterable[int], stop: Iterable[int] = ()) -> set[int]:
    """The indexes of these steps and of all that a run can come to behind them.

    ``stop`` names indexes that are entered but not left.
    """
    stops = frozenset(stop)
    found = set(sources)
    stack = [index for index in found if index not in stops]
    while stack:
        for edge in graph.out[stack.pop()]:
            if edge.target not in found:
                found.add(edge.target)
                if edge.target not in stops:
                    stack.append(edge.target)
    return found


def leading_to(graph: Graph, targets: Iterable[int]) -> set[int]:
    """The indexes of these steps and of all from which a run can come to one of them."""
    found = set(targets)
    stack = list(found)
    while stack:
        for edge in graph.into[stack.pop()]:
            if edge.source not in found:
                found.add(edge.source)
                stack.append(edge.source)
    return found
