"""Reads texts from parameters that may hold any JSON; what has the wrong type is absent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def text(value: Any) -> str:
    """A text, stripped; the digits of a number; nothing else."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**18:
        return str(value)
    return f"{value:g}" if isinstance(value, float) else ""


def mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def mappings(value: Any) -> list[Mapping[str, Any]]:
    """The objects in a list, or the one that stands alone."""
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, dict)]


def is_filled(value: Any) -> bool:
    """Whether a field holds something: not null, blank, an empty list or only such in it."""
    if isinstance(value, str):
        return bool(value.strip())
    if isinstance(value, list):
        return any(is_filled(item) for item in value[:200])
    if isinstance(value, dict):
        return bool(value)
    return value is not None and value is not False
