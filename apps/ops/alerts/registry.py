"""Every condition under which a person is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Look = Callable[[], str | None]


@dataclass(frozen=True, slots=True)
class Condition:
    """`after` so many looks in a row, a minute apart, it counts: raised as well as over."""

    name: str
    about: str
    look: Look
    after: int


CONDITIONS: dict[str, Condition] = {}


def alert(name: str, *, about: str, after: int = 2) -> Callable[[Look], Look]:
    def declare(look: Look) -> Look:
        CONDITIONS[name] = Condition(name, about, look, after)
        return look

    return declare
