"""The shape of a flow file: its list of nodes, its tabs, its name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apps.workflows.platforms.node_red.fields import items, text

#: Longer lists of tabs are cut in the workflow's name.
_TABS_IN_NAME = 3
_CONTAINERS = frozenset({"tab", "subflow"})


def nodes_of(document: Any) -> list[dict[str, Any]] | None:
    """The nodes of a flow file, or ``None`` when it holds no list of them."""
    flows = document.get("flows") if isinstance(document, Mapping) else document
    if not isinstance(flows, list):
        return None
    return [node for node in flows if isinstance(node, dict) and _names_itself(node)]


def looks_like_flows(document: Any) -> bool:
    """Whether the nodes have what only Node-RED's have: wires in lists, or tabs to stand on."""
    nodes = nodes_of(document)
    if nodes is None:
        return False
    if not nodes:
        return isinstance(document, dict) and isinstance(document.get("rev"), str)
    return any(_is_typical(node) for node in nodes)


def _names_itself(node: Mapping[str, Any]) -> bool:
    return bool(text(node.get("id")) or text(node.get("type")))


def _is_typical(node: Mapping[str, Any]) -> bool:
    if not text(node.get("id")) or not text(node.get("type")):
        return False
    return node["type"] in _CONTAINERS or isinstance(node.get("wires"), list)


def _tabs(nodes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [node for node in nodes if node.get("type") == "tab"]


def file_name(nodes: list[dict[str, Any]]) -> str:
    """The labels of the tabs, sorted: the order of nodes in the file means nothing."""
    labels = sorted({text(tab.get("label")).strip() for tab in _tabs(nodes)} - {""})
    if not labels:
        return "Node-RED flow"
    more = len(labels) - _TABS_IN_NAME
    shown = ", ".join(labels[:_TABS_IN_NAME])
    return f"{shown} and {more} more" if more > 0 else shown


def file_id(nodes: list[dict[str, Any]]) -> str:
    """The tab's id where there is one tab; a file of several has none of its own."""
    tabs = _tabs(nodes)
    return text(tabs[0].get("id")) if len(tabs) == 1 else ""


def is_live(nodes: list[dict[str, Any]]) -> bool | None:
    """A tab in the runtime runs unless it is disabled; a piece without tab says nothing."""
    tabs = _tabs(nodes)
    return any(tab.get("disabled") is not True for tab in tabs) if tabs else None


def canonical(value: Any) -> list[str]:
    """The content of a value as tokens that do not depend on the order of keys; no recursion."""
    tokens: list[str] = []
    stack: list[Any] = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            tokens.append(f"{{{len(item)}")
            for key in sorted(item, key=str, reverse=True):
                stack += (item[key], str(key))
        elif isinstance(item, list):
            tokens.append(f"[{len(item)}")
            stack += reversed(items(item))
        elif isinstance(item, int):
            # Python refuses to write very long whole numbers in decimal.
            tokens.append(f"{type(item).__name__} {item:x}")
        else:
            tokens.append(f"{type(item).__name__} {item}")
    return tokens
