"""The canonical graph as the API writes it: for pictures, and for whoever reads any platform."""

from __future__ import annotations

from typing import Any

from apps.workflows.analysis.graph import Graph, Step


def structure_to_wire(graph: Graph) -> dict[str, Any]:
    """Nodes, edges, settings and entries; no parameter of a step, which may hold a secret."""
    steps = graph.steps
    return {
        "nodes": [_node(step) for step in steps],
        "edges": [
            {
                "source": steps[edge.source].id,
                "target": steps[edge.target].id,
                "label": edge.label,
                "kind": edge.kind.value,
            }
            for edge in graph.edges
        ],
        "settings": {
            "reentry": graph.settings.reentry,
            "stopOnResponse": graph.settings.stop_on_response,
            "timezone": graph.settings.timezone,
            "window": dict(graph.settings.window) if graph.settings.window else None,
            "errorWorkflow": graph.settings.error_workflow,
        },
        "entryNodeIds": [steps[index].id for index in graph.entries],
    }


def _node(step: Step) -> dict[str, Any]:
    return {
        "id": step.id,
        "name": step.label,
        "kind": step.kind.value,
        "type": step.type,
        "enabled": step.enabled,
        "position": {"x": step.position[0], "y": step.position[1]} if step.position else None,
    }
