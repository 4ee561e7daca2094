"""Time in a walk: zones, sending windows, and moments beyond the calendar."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from apps.workflows.analysis.facts import windows
from apps.workflows.analysis.facts.values import mapping, text

Time = datetime.datetime
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
#: Days to look ahead for a window that is open again: a week and the change of the clocks.
_AHEAD = 9


def later(at: Time, minutes: float) -> Time | None:
    """So many minutes on; ``None`` beyond the end of the calendar."""
    try:
        return at + datetime.timedelta(minutes=minutes)
    except (OverflowError, ValueError):
        return None


def zone_of(*names: Any) -> datetime.tzinfo:
    """The first of the names that is a time zone; UTC when none is."""
    for name in names:
        if isinstance(name, str) and 0 < len(name) <= 60:
            try:
                return ZoneInfo(name)
            except (KeyError, ValueError, OSError):
                continue
    return datetime.UTC


def moment(value: Any, zone: datetime.tzinfo) -> Time | None:
    """A date or time as files write it; one without a zone is in ``zone``."""
    if isinstance(value, datetime.datetime):
        found = value
    else:
        try:
            found = datetime.datetime.fromisoformat(text(value)[:40])
        except ValueError:
            return None
    try:
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(datetime.UTC)
    except (OverflowError, ValueError):
        return None


def opens(window: Any, at: Time, zone: datetime.tzinfo) -> Time | None:
    """When a window lets go of what comes at ``at``: then and there, or when it opens next.

    ``None`` when it never opens. What is no window holds nothing.
    """
    hours, days = windows.hours(window), _days(mapping(window))
    if hours is None and (not days or not isinstance(window, Mapping)):
        return at
    start, end = hours or (0, 1440)
    exact = mapping(window).get("condition") == "exact"
    try:
        local = at.astimezone(zone)
        for ahead in range(-1, _AHEAD):
            day = local.date() + datetime.timedelta(days=ahead)
            if days and day.weekday() not in days:
                continue
            first = _wall(day, start, zone)
            last = _wall(day, end if end > start else end + 1440, zone)
            if not exact and first <= at < last:
                return at
            if first >= at:
                return first
    except (OverflowError, ValueError):
        pass
    return None


def _wall(day: datetime.date, minute: int, zone: datetime.tzinfo) -> Time:
    """A time of the day as the clock on the wall shows it, in UTC."""
    more, minute = divmod(minute, 1440)
    day += datetime.timedelta(days=more)
    clock = datetime.time(minute // 60, minute % 60)
    return datetime.datetime.combine(day, clock, zone).astimezone(datetime.UTC)


def _days(window: Mapping[str, Any]) -> frozenset[int]:
    """Open weekdays, Monday 0; files count from Sunday 0 (or 7) or write names."""
    given = window.get("days")
    if window.get("enabled") is False or not isinstance(given, list):
        return frozenset()
    found = set()
    for item in given[:14]:
        word = text(item).lower()
        if word.isdigit():
            found.add((int(word) - 1) % 7)
        elif len(word) >= 3:
            found.update(n for n, name in enumerate(_DAYS) if name.startswith(word[:3]))
    return frozenset(found)
