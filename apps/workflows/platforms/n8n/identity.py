"""The order of a workflow's steps and their ids, which hang on the nodes and not on their order."""

from __future__ import annotations

from collections import Counter
from typing import Any

Node = dict[str, Any]
_TEXT = frozenset({str})


def in_order(nodes: list[Node]) -> tuple[list[Node], list[str], dict[str, list[int]]]:
    """The nodes in their stable order, the ids they go by in the graph, and ids they share."""
    ids: list[Any] = [node.get("id") for node in nodes]
    if _TEXT.issuperset(map(type, ids)):
        by_id = dict(zip(ids, nodes, strict=True))
        if len(by_id) == len(ids) and "" not in by_id:
            ids.sort()
            return [by_id[node_id] for node_id in ids], ids, {}
    order = sorted(nodes, key=_all)
    own = [_text(node, "id") for node in order]
    return order, _step_ids(own, [_text(node, "name") for node in order]), repeated(own)


def repeated(values: list[str]) -> dict[str, list[int]]:
    """The values that occur more than once, with where; empty ones are none."""
    places: dict[str, list[int]] = {}
    for index, value in enumerate(values):
        if value:
            places.setdefault(value, []).append(index)
    return {value: found for value, found in places.items() if len(found) > 1}


def _text(node: Node, key: str) -> str:
    value = node.get(key)
    return value if isinstance(value, str) else ""


def _all(node: Node) -> tuple[str, str, str, str]:
    try:
        rest = repr(node)
    except (RecursionError, ValueError):  # nested too deeply; a number of thousands of digits
        rest = ""
    return _text(node, "id"), _text(node, "type"), _text(node, "name"), rest


def _step_ids(ids: list[str], names: list[str]) -> list[str]:
    """Ids that are unique within the workflow: the node's own, else its name, else a number."""
    times = Counter(ids)
    taken = {value for value, n in times.items() if n == 1 and value}
    named = Counter(name for node_id, name in zip(ids, names, strict=True) if node_id not in taken)
    free = {name for name, n in named.items() if n == 1 and name} - taken
    used = taken | free
    found = []
    for n, (node_id, name) in enumerate(zip(ids, names, strict=True), 1):
        if node_id in taken:
            found.append(node_id)
        elif name in free:
            found.append(name)
        else:
            found.append(_number(n, used))
    return found


def _number(n: int, used: set[str]) -> str:
    chosen = f"node-{n}"
    while chosen in used:
        chosen += "'"
    used.add(chosen)
    return chosen
