"""How an alert stands, and what one more look makes of it; nothing but values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Event(StrEnum):
    RAISED = "raised"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Standing:
    """`against` counts the latest looks in a row that said the opposite of `firing`."""

    firing: bool = False
    against: int = 0


def looked(standing: Standing, *, bad: bool, after: int) -> tuple[Standing, Event | None]:
    """One odd look tells nobody: figures that hover about a threshold would ring all night."""
    if bad == standing.firing:
        return Standing(standing.firing), None
    if standing.against + 1 < after:
        return Standing(standing.firing, standing.against + 1), None
    return Standing(bad), Event.RAISED if bad else Event.OVER
