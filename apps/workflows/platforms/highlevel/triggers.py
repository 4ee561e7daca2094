"""Reads triggers: their type, whether they are on, and what they filter by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from apps.workflows.analysis.graph import Filter, Step
from apps.workflows.platforms.highlevel.catalogue import TRIGGERS
from apps.workflows.platforms.highlevel.catalogue.starts import UNKNOWN_TRIGGER
from apps.workflows.platforms.highlevel.values import dicts, first_text, tag_name, text, texts

_OFF = frozenset({"draft", "inactive", "disabled", "paused"})


def trigger_step(index: int, key: str, raw: dict[str, Any]) -> Step:
    kind = first_text(raw, "type")
    return Step(
        index=index,
        id=key,
        name=text(raw.get("name")),
        type=kind,
        spec=TRIGGERS.get(kind, UNKNOWN_TRIGGER),
        params=raw,
        raw=raw,
        enabled=_is_on(raw),
        filters=tuple(_filters(raw)),
    )


def _is_on(raw: Mapping[str, Any]) -> bool:
    """On unless the file says otherwise; ``active`` is derived from ``status`` and wins."""
    if raw.get("deleted") is True:
        return False
    active = raw.get("active")
    if isinstance(active, bool):
        return active
    return text(raw.get("status")).strip().lower() not in _OFF


def _filters(raw: Mapping[str, Any]) -> Iterator[Filter]:
    for condition in dicts(raw.get("conditions")) or dicts(raw.get("filters")):
        name = first_text(condition, "field", "id")
        if not name:
            continue
        values = texts(condition.get("value", condition.get("values")))
        if "tag" in name.lower().replace("stage", ""):
            values = [tag_name(value) for value in values]
        yield Filter(name, first_text(condition, "operator"), tuple(values))
