"""Reading fields of untrusted blueprints: a value of the wrong type counts as absent."""

from __future__ import annotations

import math
from typing import Any


def text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects in a list."""
    return [item for item in items(value) if isinstance(item, dict)]


def number(value: Any) -> float | None:
    """A finite number, also when it is written as text, as the editor's input fields do."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def words(names: str) -> frozenset[str]:
    """Names written in one string, for lists that are data."""
    return frozenset(names.split())
