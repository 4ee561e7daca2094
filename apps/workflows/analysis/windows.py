"""Sending windows: whether one is set, and which hours it leaves open."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from apps.workflows.analysis.values import is_filled

_CLOCK = re.compile(r"(\d{1,2})(?::(\d{2}))?(?::\d{2})?\s*([ap]\.?m\.?)?", re.IGNORECASE)


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
    return (start, end) if start is not None and end is not None else None


def clock(minute: int) -> str:
    """``570`` as ``9:30``."""
    return f"{minute // 60}:{minute % 60:02d}"
