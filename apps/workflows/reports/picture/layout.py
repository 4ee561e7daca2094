"""A workflow as a picture: its steps as boxes, its connections as lines, all with coordinates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from apps.workflows.analysis.graph import Graph, Kind
from apps.workflows.reports.picture.coordinates import FLAT, HEIGHT, Box, Line, place
from apps.workflows.reports.picture.folding import flow_of, groups_of

#: Boxes that a reader can still take in; beyond them steps share one.
MOST_BOXES = 160


@dataclass(slots=True, eq=False)
class Picture:
    """``box_of`` leads from a step's index to its box; what is never drawn is not in it."""

    graph: Graph
    boxes: list[Box]
    lines: list[Line]
    width: float
    height: float
    box_of: dict[int, int]


def lay_out(
    graph: Graph,
    *,
    most: int = MOST_BOXES,
    opened: Sequence[str] = (),
    wanted: Sequence[str] = (),
) -> Picture:
    """Lay out a workflow. Steps are named by id: ``opened`` opens the folds they are in,
    ``wanted`` should not vanish in one (the most important first)."""
    index_of = {step.id: step.index for step in reversed(graph.steps)}
    groups = groups_of(
        flow_of(graph),
        most=most,
        opened=[index_of[step] for step in opened if step in index_of],
        wanted=[index_of[step] for step in wanted if step in index_of],
    )
    boxes = [_box(graph, group) for group in groups]
    box_of = {index: n for n, box in enumerate(boxes) for index in box.members}
    lines = _lines(graph, box_of)
    starts = [box_of[index] for index in graph.entries if index in box_of]
    width, height = place(boxes, lines, starts)
    return Picture(graph, boxes, lines, width, height, box_of)


def _box(graph: Graph, group: Sequence[int]) -> Box:
    flat = len(group) == 1 and graph.steps[group[0]].kind is Kind.MARKER
    return Box(tuple(group), FLAT if flat else HEIGHT)


def _lines(graph: Graph, box_of: dict[int, int]) -> list[Line]:
    """The connections between different boxes, and of a single step with itself."""
    lines: dict[tuple[int, int], Line] = {}
    for edge in graph.edges:
        source, target = box_of.get(edge.source), box_of.get(edge.target)
        if source is None or target is None:
            continue
        if source != target or edge.source == edge.target:
            line = lines.setdefault((source, target), Line(source, target))
            line.edges.append(edge)
    return list(lines.values())
