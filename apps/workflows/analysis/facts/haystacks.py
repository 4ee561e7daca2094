"""Finds the texts in a step's parameters that hold a mark, without looking closely at the rest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

#: The way down to a value: the way to what holds it, and its key or place there.
_Trail = tuple[Any, Any] | None


def texts_holding(params: Any, marks: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """``(parameter path, text)`` for every text with one of the marks, as ``Step.texts`` has them.

    Most texts have none: paths are put together only for those that do.
    """
    stack: list[tuple[Any, _Trail]] = [(params, None)]
    while stack:
        item, trail = stack.pop()
        kind = type(item)
        if kind is str:
            yield _path(trail), item
            continue
        inner = item.items() if kind is dict else enumerate(item)
        stack.extend(
            [
                (value, (trail, key))
                for key, value in reversed(list(inner))
                if (kind := type(value)) is dict
                or kind is list
                or (kind is str and _holds(value, marks))
            ]
        )


def _holds(text: str, marks: tuple[str, ...]) -> bool:
    for mark in marks:  # noqa: SIM110  (a loop costs half of what any() does, and this is hot)
        if mark in text:
            return True
    return False


def _path(trail: _Trail) -> str:
    parts: list[str] = []
    while trail is not None:
        trail, key = trail
        parts.append(f"[{key}]" if type(key) is int else f".{key}")
    return "".join(reversed(parts)).removeprefix(".")
