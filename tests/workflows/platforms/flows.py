"""Building flow files, finding the real ones, and looking into graphs, for the tests."""

import os
from pathlib import Path
from typing import Any

import pytest

from apps.workflows.analysis.graph import OFF_FLOW, EdgeKind, Graph, Step
from apps.workflows.platforms import node_red

CORPUS = os.environ.get("WORKFLOW_CORPUS")
needs_corpus = pytest.mark.skipif(not CORPUS, reason="WORKFLOW_CORPUS is not set")


def files(platform: str) -> list[Path]:
    return sorted(Path(CORPUS, platform).rglob("*.json")) if CORPUS else []


def node(node_id: str, kind: str, *ports: list[str], **fields: Any) -> dict[str, Any]:
    return {"id": node_id, "type": kind, "z": "t", "x": 1, "y": 2, "wires": list(ports)} | fields


def tab(**fields: Any) -> dict[str, Any]:
    return {"id": "t", "type": "tab", "label": "Home"} | fields


def graph_of(*nodes: Any) -> Graph:
    bundle = node_red.split(list(nodes))
    assert len(bundle.sources) == 1
    return node_red.translate(bundle.sources[0])


def step(graph: Graph, step_id: str) -> Step:
    return next(step for step in graph.steps if step.id == step_id)


def edges(graph: Graph) -> list[tuple[str, str, EdgeKind, str, int]]:
    names = [step.id for step in graph.steps]
    return [
        (names[edge.source], names[edge.target], edge.kind, edge.label, edge.port)
        for edge in graph.edges
    ]


def entries(graph: Graph) -> list[str]:
    return [graph.steps[index].id for index in graph.entries]


def lost(graph: Graph) -> list[str]:
    return [
        step.id
        for step in graph.steps
        if step.kind not in OFF_FLOW and not graph.is_reachable(step)
    ]


def shape(graph: Graph) -> Any:
    """All of a graph that may be told from it, free of places in the file."""
    return (
        graph.name,
        graph.id,
        graph.active,
        graph.connections,
        graph.duplicate_ids,
        graph.missing,
        graph.entries,
        graph.dangling,
        edges(graph),
        [(s.id, s.name, s.spec, s.params, s.raw, s.enabled, s.on_error) for s in graph.steps],
    )
