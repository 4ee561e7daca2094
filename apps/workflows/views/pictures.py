"""The workflow as a picture inside a page, and the graph it is drawn from."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from apps.workflows.analysis.engine import Analysis as Result
from apps.workflows.analysis.graph import Graph
from apps.workflows.models import WorkflowVersion
from apps.workflows.platforms import REGISTRY, open_document
from apps.workflows.platforms.base import DefinitionError
from apps.workflows.platforms.loading import scrub
from apps.workflows.reports.picture import draw, lay_out, marks_of, marks_of_issues


def graph_of(version: WorkflowVersion | None) -> Graph | None:
    """The graph of a stored definition; none where it is not kept (any more)."""
    if version is None:
        return None
    try:
        bundle = open_document(scrub(json.loads(version.definition)), version.workflow.platform)
        return REGISTRY[bundle.platform].translate(bundle.sources[0])
    except DefinitionError:  # kept by an older version of this program
        return None


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
    picture = lay_out(graph, opened=[*opened, *trail], wanted=[*trail, *marks])
    return draw(picture, marks, trail=trail).svg
