"""Sending windows: whether one is set, and which hours it leaves open."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from apps.workflows.analysis.facts.values import is_filled
from apps.workflows.analysis.graph import Step

#: The part of the day in which nobody minds a text or a call.
_OPENS, _CLOSES = 8 * 60, 21 * 60
_NAMES = ("window", "sendingWindow", "timeWindow", "sendWindow")
_CLOCK = re.compile(r"(\d{1,2})(?::(\d{2}))?(?::\d{2})?\s{0,9}([ap]\.?m\.?)?", re.IGNORECASE)


def of(step: Step) -> Any:
    """The window of a single step, under any of its names."""
    return next((step.params[name] for name in _NAMES if step.params.get(name)), None)


def is_set(window: Any) -> bool:
    """Whether a window has hours, and is not switched off."""
    if not isinstance(window, Mapping) or window.get("enabled") is False:
        return False
    return is_filled(window.get("start")) or is_filled(window.get("end"))


def minute_of_day(value: Any) -> int | None:
    """Minutes since midnight of ``9``, ``"09:00"`` or ``"9:30 PM"``; ``None`` for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value * 60 if 0 <= value <= 24 else None
    match = _CLOCK.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        return None
    hour, minute, half = int(match[1]), int(match[2] or 0), (match[3] or "").lower()[:1]
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return hour * 60 + minute if hour <= 24 and minute < 60 else None


def hours(window: Any) -> tuple[int, int] | None:
    """First and last open minute of the day; ``None`` where the file does not say both."""
    if not is_set(window):
        return None
    start, end = minute_of_day(window.get("start")), minute_of_day(window.get("end"))
    if window.get("condition") == "exact":  # resumes at this very time
        end = start
    return (start, end) if start is not None and end is not None else None


def is_always_open(window: Any) -> bool:
    """Whether a window is open round the clock, so that it never holds anything."""
    return hours(window) in ((0, 1439), (0, 1440))


def night_hours(window: Any) -> str | None:
    """The window's hours, where they reach beyond 8:00–21:00."""
    found = hours(window)
    if found is None:
        return None
    start, end = found
    exact = window.get("condition") == "exact"
    if start >= _OPENS and end <= _CLOSES and (start < end or exact):
        return None
    return clock(start) if exact else f"{clock(start)}–{clock(end)}"


def opens_at_night(window: Any) -> bool:
    """Whether what a window has held goes out before 8:00 or after 21:00."""
    found = hours(window)
    return found is not None and not _OPENS <= found[0] < _CLOSES and not is_always_open(window)


def clock(minute: int) -> str:
    """``570`` as ``9:30``."""
    return f"{minute // 60}:{minute % 60:02d}"
