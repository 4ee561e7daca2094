"""Recognise n8n documents and find the workflows in them, whatever they are wrapped in."""

from __future__ import annotations

from typing import Any

from apps.workflows.analysis.graph import N8N
from apps.workflows.platforms.base import MAX_STEPS, Bundle, Source, UnsupportedDefinition

#: ``data``: the public API; ``workflow``, ``workflows``: the template library, which puts the
#: definition itself in a second ``workflow`` inside its own record.
_WRAPPERS = ("workflow", "workflows", "data")
_MAX_WRAPPING = 4


def recognise(document: Any) -> bool:
    """Whether a workflow of n8n's shape is in the document; never raises."""
    return _holds_workflow(document, _MAX_WRAPPING)


def split(document: Any) -> Bundle:
    """The workflows in the document; raises ``UnsupportedDefinition``."""
    sources: list[Source] = []
    _collect(document, Source({}), "", _MAX_WRAPPING, sources)
    if not sources:
        raise UnsupportedDefinition(
            "No n8n workflow here: no object with “nodes” and “connections”."
        )
    return Bundle(N8N, sources)


def node_list(definition: Any, place: str = "") -> list[dict[str, Any]] | None:
    """The nodes that are objects; ``None`` when there is no list of nodes at all."""
    nodes = definition.get("nodes") if isinstance(definition, dict) else None
    if not isinstance(nodes, list):
        return None
    found = [node for node in nodes if isinstance(node, dict)]
    if len(found) > MAX_STEPS:
        raise UnsupportedDefinition(
            f"The workflow has {len(found):,} nodes; at most {MAX_STEPS:,} can be analysed.",
            f"{place}.nodes" if place else "nodes",
        )
    return found


def text_id(value: Any) -> str:
    """An id as text: the template library and old versions of n8n count theirs."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1e18:
        return str(value)
    return value if isinstance(value, str) else ""


def _is_workflow(value: Any) -> bool:
    if not isinstance(value, dict) or "nodes" not in value:
        return False
    nodes = value["nodes"]
    if "connections" in value:
        return isinstance(nodes, list) or isinstance(value["connections"], dict)
    return isinstance(nodes, list) and any(_is_node(node) for node in nodes)


def _is_node(value: Any) -> bool:
    """Types of n8n are named after their package: ``n8n-nodes-base.set``."""
    return (
        isinstance(value, dict)
        and isinstance(value.get("type"), str)
        and "." in value["type"]
        and ("parameters" in value or "typeVersion" in value)
    )


def _holds_workflow(value: Any, wrapping: int) -> bool:
    if _is_workflow(value):
        return True
    if wrapping and isinstance(value, list):
        return any(_holds_workflow(item, wrapping - 1) for item in value)
    if wrapping and isinstance(value, dict):
        return any(_holds_workflow(value.get(key), wrapping - 1) for key in _WRAPPERS)
    return False


def _collect(value: Any, around: Source, place: str, wrapping: int, sources: list[Source]) -> None:
    """Add the workflows in ``value``; ``around`` has the name and id of the record it is in."""
    if isinstance(value, list) and wrapping:
        for n, item in enumerate(value):
            if isinstance(item, (dict, list)):
                _collect(item, Source({}), f"{place}[{n}]", wrapping - 1, sources)
        return
    if not isinstance(value, dict):
        return
    own = value.get("name")
    named = Source(
        value,
        own if isinstance(own, str) and own else around.name,
        text_id(value.get("id")) or around.external_id,
    )
    if _is_workflow(value):
        node_list(value, place)
        sources.append(named)
        return
    inner = [key for key in _WRAPPERS if isinstance(value.get(key), (dict, list))]
    before = len(sources)
    for key in inner if wrapping else ():
        _collect(value[key], named, f"{place}.{key}" if place else key, wrapping - 1, sources)
    if place.endswith("]") and len(sources) == before:
        # Left out silently, a workflow that was never checked would count as sound.
        raise UnsupportedDefinition("This entry of the list is no n8n workflow.", place)
