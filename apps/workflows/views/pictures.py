"""The workflow as a picture inside a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from apps.workflows.analysis.engine import Analysis as Result
from apps.workflows.analysis.graph import Graph
from apps.workflows.reports.picture import draw, lay_out, marks_of, marks_of_issues


def picture_of(result: Result, trail: Sequence[str] = (), *, legend: bool = True) -> str:
    """SVG of an analysed workflow with its findings marked."""
    marks = marks_of(result.findings)
    picture = lay_out(result.graph, wanted=[*trail, *marks])
    return draw(picture, marks, trail=trail, legend=legend).svg


def picture_of_issues(
    graph: Graph,
    issues: Sequence[Mapping[str, Any]],
    *,
    trail: Sequence[str] = (),
    opened: Sequence[str] = (),
) -> str:
    """The same for a stored analysis: only what its account may see is marked."""
    marks = marks_of_issues(issues)
    picture = lay_out(graph, opened=opened, wanted=[*trail, *marks])
    return draw(picture, marks, trail=trail).svg
