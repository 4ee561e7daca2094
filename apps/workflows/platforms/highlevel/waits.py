"""How long a step holds the contact, from the several ways HighLevel writes it down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apps.workflows.analysis.graph import Wait
from apps.workflows.platforms.highlevel.values import dicts, mapping, number, text

#: The builder writes ``hour`` beside ``minutes`` and ``days``; both forms of each are found.
_MINUTES = {
    "second": 1 / 60,
    "minute": 1.0,
    "hour": 60.0,
    "day": 1440.0,
    "week": 10080.0,
    "month": 43200.0,
    "year": 525600.0,
}


def wait_of(step_type: str, attributes: Mapping[str, Any]) -> Wait | None:
    """The wait of a ``wait``, ``drip`` or waiting goal step; ``None`` for every other step."""
    if step_type == "wait":
        return _wait(attributes)
    if step_type == "drip":
        interval = mapping(attributes.get("interval"))
        unit = interval.get("timeUnit") or interval.get("type")
        return Wait("drip", duration(unit, interval.get("value")))
    if step_type == "workflow_goal" and text(attributes.get("action")).lower() == "wait":
        return Wait("goal")
    return None


def _wait(attributes: Mapping[str, Any]) -> Wait:
    # A wait that does not say what for is one that was never filled in: it holds nobody.
    kind = text(attributes.get("type")).strip().lower() or "time"
    if kind == "time":
        return Wait(kind, _time(attributes))
    return Wait(kind, None, has_timeout(attributes))


def _time(attributes: Mapping[str, Any]) -> float | None:
    start = mapping(attributes.get("startAfter"))
    minutes = duration(start.get("type"), start.get("value"))
    if minutes is None or minutes > 0:
        return minutes
    if text(attributes.get("dynamicTimePeriod")) or text(attributes.get("dynamicUnit")):
        return None
    # “Resume at exactly 9:00” holds until the clock says so, with no length of its own.
    window = mapping(attributes.get("window"))
    return None if window.get("condition") == "exact" and window.get("start") else 0.0


def duration(unit: Any, value: Any) -> float | None:
    """Minutes; ``None`` for an expression and 0 for what is missing, negative or unknown."""
    if "{{" in text(value) or "{{" in text(unit):
        return None
    amount = number(value)
    factor = _MINUTES.get(text(unit).strip().lower().removesuffix("s"))
    if amount is None or factor is None or amount <= 0:
        return 0.0
    return amount * factor


def is_timeout(transition: Mapping[str, Any]) -> bool:
    """Whether a wait's transition (or its marker step) is the one taken when time is up."""
    inner = mapping(transition.get("attributes")) or mapping(transition.get("meta"))
    return transition.get("condition") == "timeout" or inner.get("type") == "wait_timeout"


def is_timeout_path(transition: Mapping[str, Any]) -> bool:
    """The same for an entry of ``transitions``, which may say it by its name alone."""
    says = any(key in transition for key in ("condition", "conditionType"))
    name = "" if says else text(transition.get("name"))
    return is_timeout(transition) or name.replace(" ", "").lower() == "timeout"


def has_timeout(attributes: Mapping[str, Any]) -> bool:
    """Whether the step says that it stops waiting after a time."""
    # Switching the timeout off leaves its old transitions behind.
    if attributes.get("convertToMultipath") is False:
        return False
    if any(is_timeout_path(transition) for transition in dicts(attributes.get("transitions"))):
        return True
    return mapping(attributes.get("timeout")).get("enabled") is True
