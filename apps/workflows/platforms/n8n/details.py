"""What the parameters of a single step fix beyond its type: how long it waits, whom it starts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apps.workflows.analysis.graph import Effect, Wait

_MINUTES = {"seconds": 1 / 60, "minutes": 1.0, "hours": 60.0, "days": 1440.0}
#: What a wait waits for, by n8n's word for it.
_TYPES = {"timeInterval": "time", "specificTime": "date", "webhook": "webhook", "form": "form"}


def wait_of(params: Mapping[str, Any], default: tuple[float, str] | None) -> Wait:
    """The wait a wait step holds; ``default`` is the length of one that says nothing."""
    resume = params.get("resume", "timeInterval")
    kind = _TYPES.get(resume, "unknown") if isinstance(resume, str) else "time"
    if kind == "time":
        return Wait(kind, _minutes(params, default))
    return Wait(kind, None, has_timeout=params.get("limitWaitTime") is True)


def _minutes(params: Mapping[str, Any], default: tuple[float, str] | None) -> float | None:
    amount = params.get("amount", default and default[0])
    unit = params.get("unit", default and default[1])
    if not isinstance(unit, str) or unit not in _MINUTES:
        return None
    if isinstance(amount, str):
        amount = _number(amount)
    if not isinstance(amount, (int, float)) or isinstance(amount, bool):
        return None
    # Beyond a million years it is not a length but a slip, and may not fit a float.
    return max(float(amount), 0.0) * _MINUTES[unit] if abs(amount) < 1e12 else None


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None  # an expression


def started_workflow(params: Mapping[str, Any]) -> tuple[Effect, ...]:
    """The workflow that a step runs, where the file names it by its id."""
    chosen = params.get("workflowId")
    if isinstance(chosen, dict):
        chosen = chosen.get("value")
    if not isinstance(chosen, str) or not chosen or chosen.startswith("="):
        return ()
    return (Effect("workflow", chosen, "start"),)
