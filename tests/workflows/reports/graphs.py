"""Graphs of any shape for pictures and walks, made without a definition."""

from __future__ import annotations

import random
from collections.abc import Iterable

from hypothesis import strategies as st

from apps.workflows.analysis.graph import HIGHLEVEL, Edge, EdgeKind, Graph, Kind, Step, StepType

Pair = tuple[int, int]


def graph(
    count: int, pairs: Iterable[Pair], *, kind: Kind = Kind.STEP, name: str = "Step"
) -> Graph:
    """Steps ``0`` … joined by these pairs; the first is where a run enters."""
    steps = [
        Step(n, f"s{n}", f"{name} {n}", "t", StepType(kind), params={}, raw={})
        for n in range(count)
    ]
    edges = [Edge(source, target) for source, target in pairs]
    return Graph(HIGHLEVEL, "Drawn", steps, edges, [0] if count else [])


@st.composite
def any_graph(draw: st.DrawFn, most: int = 24) -> Graph:
    """Any kinds, any connections (loops, orphans, sub-nodes), any entries."""
    count = draw(st.integers(0, most))
    place = st.integers(0, max(0, count - 1))
    steps = [
        Step(
            n,
            f"s{n}",
            draw(st.text(max_size=8)),
            "t",
            StepType(draw(st.sampled_from(Kind))),
            {},
            {},
        )
        for n in range(count)
    ]
    drawn = draw(st.lists(st.tuples(place, place, st.sampled_from(EdgeKind)), max_size=2 * most))
    edges = [Edge(source, target, kind) for source, target, kind in drawn] if count else []
    entries = draw(st.lists(place, max_size=3, unique=True)) if count else []
    return Graph(HIGHLEVEL, "Any", steps, edges, entries)


def large(shape: str, count: int) -> Graph:
    """One of the shapes that make drawings grow: long, wide, deep, tangled, in pieces."""
    chance = random.Random(count)  # noqa: S311 - a shape, not a secret
    pairs = {
        "chain": [(n, n + 1) for n in range(count - 1)],
        "star": [(0, n) for n in range(1, count)],
        "tree": [((n - 1) // 2, n) for n in range(1, count)],
        "ladder": [(n, m) for n in range(count) for m in (n + 1, n + 2) if m < count],
        "ring": [(n, (n + 1) % count) for n in range(count)],
        "tangle": [(chance.randrange(count), chance.randrange(count)) for _ in range(2 * count)],
        "pieces": [],
        "dense": [(n, m) for n in range(60) for m in range(n + 1, 60)],
    }
    return graph(count, pairs[shape])


SHAPES = ("chain", "star", "tree", "ladder", "ring", "tangle", "pieces", "dense")
