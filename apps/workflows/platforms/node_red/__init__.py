"""Node-RED: a flow file, the whole of it one workflow, translated into the canonical graph."""

from __future__ import annotations

from typing import Any

from apps.workflows.analysis.graph import NODE_RED, Graph, Need
from apps.workflows.platforms.base import MAX_STEPS, Bundle, Source, UnsupportedDefinition
from apps.workflows.platforms.node_red.catching import mark_caught
from apps.workflows.platforms.node_red.document import (
    file_id,
    file_name,
    is_live,
    looks_like_flows,
    nodes_of,
)
from apps.workflows.platforms.node_red.entries import find_entries, has_trigger
from apps.workflows.platforms.node_red.steps import Building, build
from apps.workflows.platforms.node_red.wiring import Wiring, wire

ID = NODE_RED
_NO_TRIGGER = "the file holds no node that starts a flow"

__all__ = ["ID", "recognise", "split", "translate"]


def recognise(document: Any) -> bool:
    """Whether the document looks like a flow file or the answer of ``GET /flows``."""
    return looks_like_flows(document)


def split(document: Any) -> Bundle:
    """The one workflow of a flow file: links and subflows tie its tabs together."""
    nodes = nodes_of(document)
    if nodes is None or not looks_like_flows(document):
        raise UnsupportedDefinition("A Node-RED flow file is a list of nodes with id and type.")
    definition = document if isinstance(document, dict) else {"flows": document}
    return Bundle(ID, [Source(definition, file_name(nodes), file_id(nodes))])


def translate(source: Source) -> Graph:
    """The canonical graph of a flow file."""
    nodes = nodes_of(source.definition)
    if nodes is None:
        raise UnsupportedDefinition("The definition holds no list of Node-RED nodes in “flows”.")
    if len(nodes) > MAX_STEPS:
        raise UnsupportedDefinition(
            f"The flow file holds {len(nodes):,} nodes; at most {MAX_STEPS:,} can be analysed."
        )
    building = build(nodes)
    wiring = wire(building)
    entries = find_entries(building, wiring)
    mark_caught(building)
    return _graph(source, nodes, building, wiring, entries)


def _graph(
    source: Source,
    nodes: list[dict[str, Any]],
    building: Building,
    wiring: Wiring,
    entries: set[int],
) -> Graph:
    return Graph(
        platform=ID,
        name=source.name or file_name(nodes),
        steps=building.steps,
        edges=wiring.edges,
        entries=sorted(entries),
        id=source.external_id or file_id(nodes),
        active=is_live(nodes),
        dangling=wiring.dangling,
        duplicate_ids=building.duplicates,
        connections=wiring.count,
        missing={} if has_trigger(building.steps) else {Need.TRIGGERS: _NO_TRIGGER},
        raw=source.definition,
    )
