"""The words in a picture: names that fit a box, and how long a wait holds."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from apps.workflows.analysis.graph import Graph, Kind, Step
from apps.workflows.reports.picture.icons import WORDS
from apps.workflows.reports.wording import clean, count

#: Names a fold's tooltip lists.
LISTED = 12
_UNITS = ((10_080.0, "week"), (1_440.0, "day"), (60.0, "hour"), (1.0, "minute"))
_UNTIL = {
    "reply": "until a reply",
    "user_reply": "until a reply",
    "appointment": "until the appointment",
    "condition": "until a condition holds",
    "link": "until a click",
    "link_clicked": "until a click",
    "trigger_link": "until a click",
    "email_event": "until an e-mail event",
    "goal": "until the goal",
    "drip": "in batches",
    "webhook": "until a call comes in",
    "form": "until a form is sent",
}


def text(value: str, most: int) -> str:
    """Character data of at most so many letters; wide ones count twice."""
    return escape(fitted(clean(value), most))


def attribute(value: str, most: int = 300) -> str:
    """A quoted attribute value."""
    return quoteattr(clean(value, most))


def fitted(value: str, most: int) -> str:
    room = most
    for place, letter in enumerate(value):
        room -= 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        if room < 0:
            return value[: max(0, place - 1)].rstrip() + "…"
    return value


def length(minutes: float) -> str:
    """``3 days``, ``90 minutes``: the largest unit that gives a whole number."""
    for size, unit in _UNITS:
        if minutes >= size and minutes % size == 0:
            return count(int(minutes // size), unit)
    if minutes < 1:
        return count(round(minutes * 60), "second")
    size, unit = next(each for each in _UNITS if minutes >= each[0])
    return f"{minutes / size:.1f} {unit}s"


def wait_words(step: Step) -> str:
    wait = step.wait
    if wait is None:
        return ""
    if wait.minutes is not None:
        return length(wait.minutes) if wait.holds else "holds nobody"
    until = _UNTIL.get(wait.type, "until it is time")
    return f"{until}, or a timeout" if wait.has_timeout else until


def subtitle(step: Step) -> str:
    """What a step is: its type, the length of a wait, whether it is off."""
    kind = step.spec.label or WORDS.get(step.kind, "")
    if step.kind is Kind.UNKNOWN:
        kind = step.type or "Unknown step"
    parts = [kind, wait_words(step), "" if step.enabled else "off"]
    return " · ".join(part for part in parts if part)


def fold_words(graph: Graph, members: Sequence[int]) -> str:
    names = [clean(graph.steps[index].label, 60) for index in members[:LISTED]]
    more = len(members) - len(names)
    return ", ".join(names) + (f" and {count(more, 'more step')}" if more else "")
