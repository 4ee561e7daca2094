"""Reading fields of untrusted nodes: a value of the wrong type counts as absent."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any


def text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """The objects in a list."""
    return (item for item in items(value) if isinstance(item, dict))


def number(value: Any) -> float | None:
    """A finite number, also when it is written as text, as the editor's input fields do."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def count(value: Any) -> int | None:
    """A number of things: a whole number that is not negative."""
    found = number(value)
    return int(found) if found is not None and found >= 0 and found == int(found) else None


def words(names: str) -> frozenset[str]:
    """Names written in one string, for lists that are data."""
    return frozenset(names.split())
