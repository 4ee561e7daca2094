"""How long a step holds the contact, and by which way they leave it."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from apps.workflows.analysis.facts import windows
from apps.workflows.analysis.facts.moments import appointment_offset
from apps.workflows.analysis.facts.values import mapping, mappings, text
from apps.workflows.analysis.graph import Step, Wait
from apps.workflows.analysis.simulate.clock import Time, later, moment, opens
from apps.workflows.analysis.simulate.contact import Contact, Event

#: What a wait of each type waits for.
AWAITED = {
    "reply": ("reply",),
    "user_reply": ("user_reply",),
    "link": ("click",),
    "link_clicked": ("click",),
    "trigger_link": ("click",),
    "email_event": ("open", "click", "email"),
    "webhook": ("webhook",),
    "form": ("form",),
}
_MINUTES = {
    "second": 1 / 60, "minute": 1.0, "hour": 60.0, "day": 1440.0, "week": 10080.0,
    "month": 43200.0, "year": 525600.0,
}  # fmt: skip
_NO_LENGTH = "how long it waits is not in the file; taken as no time"


class Held(NamedTuple):
    """``until`` is ``None`` for ever. ``way``: ``on``, ``timeout``, ``goto`` or ``exit``."""

    until: Time | None
    reason: str
    way: str = "on"
    event: Event | None = None


@dataclass(slots=True)
class Waiting:
    """What a wait is decided from: the events still to come and who waits, where."""

    contact: Contact
    events: Sequence[Event]
    zone: datetime.tzinfo

    def at(self, step: Step, at: Time) -> Held:
        """How the step holds whoever comes at this time. A wait's own window has the last word."""
        wait = step.wait or Wait("reply")
        held = self._held(step, wait, at)
        window = windows.of(step)
        if held.until is None or held.way != "on" or window is None:
            return held
        opened = opens(window, held.until, self.zone)
        if opened is None:
            return Held(None, "its time window never opens")
        if opened != held.until:
            return held._replace(until=opened, reason=f"{held.reason}, then until its window opens")
        return held

    def _held(self, step: Step, wait: Wait, at: Time) -> Held:
        if wait.type in AWAITED:
            return self._for_event(step, wait, at)
        if wait.type == "appointment":
            return self._for_appointment(step, at)
        if wait.type == "date":
            return self._until_date(step, at)
        if wait.type == "drip":
            return Held(at, "in the first batch, which goes on at once")
        if wait.minutes is not None:
            length = (
                f"waits {said(wait.minutes)}" if wait.holds else "holds nobody: its length is zero"
            )
            return Held(later(at, wait.minutes), length)
        if wait.type == "time" and windows.hours(windows.of(step)) is not None:
            return Held(at, "waits")
        return Held(at, _NO_LENGTH)

    def _for_event(self, step: Step, wait: Wait, at: Time) -> Held:
        kinds = AWAITED[wait.type]
        until = timeout_of(step, at) if wait.has_timeout else None
        event = next((e for e in self.events if e.at >= at and e.type in kinds), None)
        if event is not None and (until is None or event.at <= until):
            return Held(event.at, f"waits until {_EVENTS[event.type]}", "on", event)
        what = _EVENTS[kinds[0]]
        if until is not None:
            return Held(until, f"the timeout comes before {what}", "timeout")
        if wait.has_timeout:
            return Held(at, f"it never happens that {what}; {_NO_LENGTH}", "timeout")
        return Held(None, f"waits for ever: it never happens that {what}, and there is no timeout")

    def _for_appointment(self, step: Step, at: Time) -> Held:
        visit, offset = self.contact.appointment, appointment_offset(step)
        if visit is None:
            return Held(at, "cannot be decided from the facts given: there is no appointment")
        until = later(visit, -(offset or 0.0))
        if until is not None and until >= at:
            return Held(until, f"waits until {_around(offset)} the appointment")
        way = text(step.params.get("appointmentCondition")).lower()
        jumps = way in ("goto", "specific-step", "specific_step")
        chosen = "exit" if way == "exit" else "goto" if jumps else "on"
        return Held(at, f"{_around(offset)} the appointment is already over", chosen)

    def _until_date(self, step: Step, at: Time) -> Held:
        until = next(
            (found for key in ("dateTime", "date", "value", "datetime")
             if (found := moment(step.params.get(key), self.zone))), None,
        )  # fmt: skip
        if until is None:
            return Held(at, "the date it waits for is not in the file; taken as now")
        return Held(max(until, at), "waits until its date" if until > at else "its date is over")


def timeout_of(step: Step, at: Time) -> Time | None:
    """When a wait for something gives up; ``None`` where the file does not say."""
    late = [
        entry
        for entry in mappings(step.params.get("transitions"))
        if entry.get("condition") == "timeout" or "timeout" in text(entry.get("name")).lower()
    ]
    holders = [
        mapping(step.params.get("timeout")),
        *(mapping(entry.get("attributes")) for entry in late),
        mapping(step.params.get("startAfter")),
        {"value": step.params.get("resumeAmount"), "unit": step.params.get("resumeUnit")},
    ]
    for holder in holders:
        inner = mapping(holder.get("startAfter")) or holder
        minutes = _length(inner.get("unit") or inner.get("type"), inner.get("value"))
        if minutes:
            return later(at, minutes)
    return moment(step.params.get("maxDateAndTime"), datetime.UTC)


def _length(unit: Any, value: Any) -> float | None:
    try:
        amount = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    factor = _MINUTES.get(text(unit).lower().removesuffix("s"))
    return amount * factor if factor and 0 < amount < 1e9 else None


_EVENTS = {
    "reply": "the contact replies",
    "user_reply": "a team member answers",
    "click": "the contact clicks",
    "open": "the e-mail is opened",
    "email": "something happens to the e-mail",
    "webhook": "a call comes in",
    "form": "the form is sent",
}


def said(minutes: float) -> str:
    """``3 days``, ``90 minutes``."""
    for size, unit in ((10080.0, "week"), (1440.0, "day"), (60.0, "hour")):
        if minutes >= size and minutes % size == 0:
            number = int(minutes // size)
            return f"{number} {unit}{'' if number == 1 else 's'}"
    return f"{minutes:g} minute{'' if minutes == 1 else 's'}"


def _around(offset: float | None) -> str:
    if not offset:
        return "the time of"
    return f"{said(abs(offset))} {'before' if offset > 0 else 'after'}"
