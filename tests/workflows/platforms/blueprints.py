"""Building blueprints and looking into their graphs, for the tests of Make."""

from typing import Any

from apps.workflows.analysis.graph import EdgeKind, Graph
from apps.workflows.platforms import make

WEBHOOK = "gateway:CustomWebHook"
ROUTER = "builtin:BasicRouter"
IF_ELSE = "builtin:BasicIfElse"
MERGE = "builtin:BasicMerge"


def module(number: Any, name: str = "util:SetVariable2", **fields: Any) -> dict[str, Any]:
    return {"id": number, "module": name, "version": 1} | fields


def route(*modules: Any, **fields: Any) -> dict[str, Any]:
    return {"flow": list(modules)} | fields


def branch(*modules: Any, **fields: Any) -> dict[str, Any]:
    return {"type": "condition", "merge": True, "flow": list(modules)} | fields


def blueprint(*flow: Any, orphans: Any = (), **metadata: Any) -> dict[str, Any]:
    designer = {"orphans": list(orphans) if isinstance(orphans, tuple) else orphans}
    return {
        "name": "Orders",
        "flow": list(flow),
        "metadata": {"instant": False, "designer": designer} | metadata,
    }


def graph_of(*flow: Any, **metadata: Any) -> Graph:
    bundle = make.split(blueprint(*flow, **metadata))
    assert len(bundle.sources) == 1
    return make.translate(bundle.sources[0])


def edges(graph: Graph) -> list[tuple[str, str, EdgeKind, str, int]]:
    names = [step.id for step in graph.steps]
    return [
        (names[edge.source], names[edge.target], edge.kind, edge.label, edge.port)
        for edge in graph.edges
    ]


def ways(graph: Graph) -> list[str]:
    return [f"{source}>{target}" for source, target, *_ in edges(graph)]
