"""The graphs of stored definitions, and analyses put together again for a report."""

from __future__ import annotations

import json
from typing import Any

from apps.billing.plans import Plan
from apps.ops.errors import ApplicationError
from apps.workflows.analysis.graph import Graph
from apps.workflows.models import Analysis, Workflow, WorkflowVersion
from apps.workflows.platforms import REGISTRY, open_document, platform_id
from apps.workflows.platforms.base import DefinitionError
from apps.workflows.platforms.loading import check_depth, scrub
from apps.workflows.reports.run import Entry, Run
from apps.workflows.reports.wire import analysis_from_wire
from apps.workflows.selectors.workflows import require_version


def version_graph(version: WorkflowVersion | None) -> Graph | None:
    """The graph of a stored definition; none where it is not kept (any more)."""
    if version is None:
        return None
    try:
        bundle = open_document(scrub(json.loads(version.definition)), version.workflow.platform)
        return REGISTRY[bundle.platform].translate(bundle.sources[0])
    except DefinitionError:  # kept by an older version of this program
        return None


def graph_of(workflow: Workflow) -> Graph:
    """The graph of what the workflow is now. Raises ``conflict`` where its steps are not known."""
    version = require_version(workflow)
    graph = version_graph(version)
    if graph is None:
        raise ApplicationError("conflict", "The definition can no longer be read: import it again.")
    graph.id, graph.name = workflow.external_id, workflow.name
    return graph


def definition_graph(definition: Any, platform: str | None = None) -> Graph:
    """The graph of the one workflow in a definition, with nothing stored. Raises
    ``validation_error``, ``malformed_json`` or ``unsupported_definition``."""
    chosen = platform_id(platform) if platform else None
    if platform and chosen is None:
        raise _refused("validation_error", "platform", f"There is no platform {platform[:40]!r}.")
    try:
        check_depth(definition)
        bundle = open_document(scrub(definition), chosen)
        if len(bundle.sources) != 1:
            message = f"The definition holds {len(bundle.sources)} workflows; send one at a time."
            raise _refused("unsupported_definition", "definition", message)
        return REGISTRY[bundle.platform].translate(bundle.sources[0])
    except DefinitionError as wrong:
        raise _refused(wrong.code, "definition", wrong.message) from wrong


def _refused(code: str, field: str, message: str) -> ApplicationError:
    details = [{"field": field, "code": "invalid", "message": message}]
    return ApplicationError(code, message, details=details)


def run_of(analysis: Analysis, plan: Plan | None) -> Run:
    """A stored analysis as the report formats take it, with what the plan shows.

    Where the definition is not kept, steps are named by their ids and there is no picture.
    """
    described = analysis.result["workflow"]
    graph = version_graph(analysis.version) or Graph(described["platform"], "", [], [], [])
    graph.name, graph.id = described["name"], str(described["id"] or "")
    findings = analysis.findings
    result = analysis_from_wire(
        analysis.result, findings["issues"], findings.get("suppressed", ()), graph
    )
    shown = plan.issues_shown if plan else None
    if shown is not None:
        result.findings, result.withheld = result.findings[:shown], result.findings[shown:]
    return Run([Entry(described["name"], result)], files=1)
