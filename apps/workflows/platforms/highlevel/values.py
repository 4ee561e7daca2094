"""Reads values of the expected type from JSON that may hold anything; the rest is absent."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

#: Stands in for an absent object; never written to.
NOTHING: dict[str, Any] = {}


def mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else NOTHING


def text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def first_text(holder: Mapping[str, Any], *keys: str) -> str:
    """The first of these fields that holds some text."""
    for key in keys:
        value = holder.get(key)
        if isinstance(value, str) and value:
            return value
    return ""


def identity(holder: Mapping[str, Any]) -> str:
    """The object's id under either of its names; a whole number is taken at its digits."""
    value = holder.get("id") or holder.get("_id")
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return scalar(value) or ""
    return ""


def listed(value: Any) -> list[Any]:
    """A list as it is, a single value as a list of one: exports alternate between the two."""
    if isinstance(value, list):
        return value
    return [] if value is None or value == "" else [value]


def dicts(value: Any) -> list[dict[str, Any]]:
    """The objects in a list (or the single object)."""
    return [item for item in listed(value) if isinstance(item, dict)]


def scalar(value: Any) -> str | None:
    """A text, number or truth value as text; ``None`` for anything else."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, (int, float)):
        try:
            return str(value)
        except ValueError:  # an integer of thousands of digits
            return None
    return None


def texts(value: Any) -> list[str]:
    """The texts of a value or a list; of an option object the value it stands for."""
    found = []
    for item in listed(value):
        if isinstance(item, dict):
            item = next((item[key] for key in ("value", "id", "name") if item.get(key)), None)
        word = scalar(item)
        if word:
            found.append(word)
    return found


def number(value: Any) -> float | None:
    """A finite number, written as one or as text."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def first_of_type(holders: Iterable[Mapping[str, Any]], keys: Iterable[str], kind: type) -> Any:
    """The first value of this type under any of the keys, holder by holder."""
    for holder in holders:
        for key in keys:
            value = holder.get(key)
            if isinstance(value, kind):
                return value
    return None


def tag_name(value: str) -> str:
    """Tags are kept in lower case, and blanks around them do not count."""
    return value.strip().lower()
