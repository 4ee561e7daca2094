"""The figures of today; each app brings its own cards.

@card("Analyses", permission="workflows.view_analysis", order=10)
def analyses() -> Card: ...
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from django.http import HttpRequest
from django.utils import timezone

logger = logging.getLogger(__name__)

DAYS = 14
#: Of a chart, in units of its own.
WIDTH, HEIGHT, GAP = 140, 32, 2


@dataclass(frozen=True)
class Card:
    """One figure, what there is to say about it, and how it came to be over the last days."""

    figure: str
    note: str = ""
    series: Sequence[int] = ()
    url: str = ""
    #: Asks for attention.
    bad: bool = False
    title: str = field(default="", init=False)


@dataclass(frozen=True)
class Bar:
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Shown:
    """A card with its title, and the bars of its chart."""

    title: str
    card: Card
    bars: Sequence[Bar]


@dataclass(frozen=True)
class _Declared:
    title: str
    permission: str
    order: int
    make: Callable[[], Card]


CARDS: dict[str, _Declared] = {}


def card(
    title: str, *, permission: str, order: int = 50
) -> Callable[[Callable[[], Card]], Callable[[], Card]]:
    def declare(make: Callable[[], Card]) -> Callable[[], Card]:
        CARDS[title] = _Declared(title, permission, order, make)
        return make

    return declare


def cards_for(request: HttpRequest) -> list[Shown]:
    found = []
    for each in sorted(CARDS.values(), key=lambda declared: (declared.order, declared.title)):
        if not request.user.has_perm(each.permission):
            continue
        try:
            made = each.make()
        except Exception:
            # A border: staff look here when something is wrong, maybe with this very figure.
            logger.exception("the card %s could not be made", each.title)
            made = Card("–", "could not be read", bad=True)
        found.append(Shown(each.title, made, bars(made.series)))
    return found


def days() -> list[datetime.date]:
    """The last days up to today, in UTC, the oldest first."""
    today = timezone.now().date()
    return [today - datetime.timedelta(days=back) for back in range(DAYS - 1, -1, -1)]


def since() -> datetime.datetime:
    """When the first of those days began; a comparison with it can use an index."""
    return datetime.datetime.combine(days()[0], datetime.time(), datetime.UTC)


def by_day(counts: Mapping[datetime.date, int]) -> list[int]:
    return [counts.get(day, 0) for day in days()]


def bars(series: Sequence[int]) -> list[Bar]:
    """Of a chart as wide as `WIDTH`; the highest fills it, and one that is not 0 can be seen."""
    if not series:
        return []
    most, step = max(max(series), 1), WIDTH / len(series)
    heights = [max(value / most * HEIGHT, 1.0) if value else 0.0 for value in series]
    return [
        Bar(
            round(index * step, 1),
            round(HEIGHT - height, 1),
            round(step - GAP, 1),
            round(height, 1),
        )
        for index, height in enumerate(heights)
    ]
