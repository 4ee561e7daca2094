"""Gives every step and trigger one id of its own, whatever order the file has them in."""

from __future__ import annotations

import json
from typing import Any

from apps.workflows.platforms.highlevel.values import identity


def identified(raws: list[Any], word: str, taken: set[str]) -> list[tuple[str, dict[str, Any]]]:
    """``(id, object)`` in an order that depends on content alone; what is no object is left out.

    The second of two that share an id becomes ``id#2``, one without an id ``<word>-1``. ``taken``
    holds the ids used elsewhere in the graph and takes up the new ones.
    """
    groups: dict[str, list[dict[str, Any]]] = {}
    for raw in raws:
        if isinstance(raw, dict):
            groups.setdefault(identity(raw), []).append(raw)
    nameless = groups.pop("", [])
    own = {key for key in groups if key not in taken}
    taken |= own
    found = []
    for key in sorted(groups):
        group = groups[key]
        if len(group) > 1:
            group.sort(key=_content)
        for raw in group:
            # The first keeps the id, unless something else in the graph has it already.
            found.append((key if key in own else _free(key, taken, "#", 2), raw))
            own.discard(key)
    nameless.sort(key=_content)
    count = 1
    for raw in nameless:
        while f"{word}-{count}" in taken:
            count += 1
        taken.add(f"{word}-{count}")
        found.append((f"{word}-{count}", raw))
    return found


def _free(key: str, taken: set[str], mark: str, count: int) -> str:
    while f"{key}{mark}{count}" in taken:
        count += 1
    taken.add(f"{key}{mark}{count}")
    return f"{key}{mark}{count}"


def _content(raw: dict[str, Any]) -> str:
    try:
        return json.dumps(raw, sort_keys=True)
    except (RecursionError, ValueError):  # nested too deeply, or a number of thousands of digits
        return ""
