"""Appointment reminders in the wrong order.

## Why it matters
The later wait asks for a moment that has passed when the run gets there, so it does not hold: the
contact gets “see you tomorrow” minutes before the visit, or after it.

## How to fix
Order the waits from the longest before the appointment to the shortest, with the text that fits
each behind it; what comes after the visit belongs behind the last of them.

## Bad
    {"name": "Reminders", "status": "published", "workflowData": {"templates": [
      {"id": "w1", "type": "wait", "name": "One hour before", "order": 0, "next": "m1",
       "attributes": {"type": "appointment",
        "appointmentStartAfter": {"type": "hours", "value": 1, "when": "before"}}},
      {"id": "m1", "type": "email", "name": "In an hour", "order": 1, "next": "w2",
       "attributes": {"subject": "In an hour", "html": "<p>See you in an hour.</p>"}},
      {"id": "w2", "type": "wait", "name": "One day before", "order": 2, "next": "m2",
       "attributes": {"type": "appointment",
        "appointmentStartAfter": {"type": "days", "value": 1, "when": "before"}}},
      {"id": "m2", "type": "email", "name": "Tomorrow", "order": 3,
       "attributes": {"subject": "Tomorrow", "html": "<p>See you tomorrow.</p>"}}]}}

## Good
    {"name": "Reminders", "status": "published", "workflowData": {"templates": [
      {"id": "w1", "type": "wait", "name": "One day before", "order": 0, "next": "m1",
       "attributes": {"type": "appointment",
        "appointmentStartAfter": {"type": "days", "value": 1, "when": "before"}}},
      {"id": "m1", "type": "email", "name": "Tomorrow", "order": 1, "next": "w2",
       "attributes": {"subject": "Tomorrow", "html": "<p>See you tomorrow.</p>"}},
      {"id": "w2", "type": "wait", "name": "One hour before", "order": 2, "next": "m2",
       "attributes": {"type": "appointment",
        "appointmentStartAfter": {"type": "hours", "value": 1, "when": "before"}}},
      {"id": "m2", "type": "email", "name": "In an hour", "order": 3,
       "attributes": {"subject": "In an hour", "html": "<p>See you in an hour.</p>"}}]}}
"""

import re

from apps.workflows.analysis.facts.messages import subject, words
from apps.workflows.analysis.facts.moments import Moment, appointment_offset, is_message
from apps.workflows.analysis.facts.walk import Walk
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, Graph, Kind, Step
from apps.workflows.analysis.rule import Rule, names

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.HIGH,
    confidence=Confidence.CERTAIN,
    platforms=[HIGHLEVEL],
)

_VISIT = (
    r"(?:appointment|visit|session|consultation|consult|meeting|booking|reservation|class|lesson"
    r"|call|check-?up|cleaning|demo|treatment)"
)
#: Words that announce a visit still to come, whatever else the message says.
_SOON = re.compile(
    rf"\b(?:see you (?:tomorrow|today)|{_VISIT} (?:is|starts|begins) (?:tomorrow|today"
    r"|in (?:\d|an))"
    r"|is tomorrow)\b",
    re.IGNORECASE,
)
#: Words that announce it unless the message looks back on a visit.
_ANNOUNCES = re.compile(
    r"\b(?:reminder|remind you|don'?t forget|see you (?:then|there|at|in|on|soon|shortly)"
    rf"|{_VISIT} (?:is|starts|begins|will be|will start) (?:at|on|soon|coming)"
    r"|coming up|upcoming|look(?:ing)? forward to (?:seeing|meeting|your))\b",
    re.IGNORECASE,
)
_AFTERWARDS = re.compile(
    r"\b(?:thank|thanks|review|feedback|survey|rate (?:us|your)|how (?:was|did|are you feeling)"
    r"|hope you|(?:was|were) (?:great|good|nice|lovely|a pleasure)|great (?:seeing|meeting)"
    r"|sorry|missed|no.?show|re-?book|follow.?up|come back|referral|refer a|book your)\b",
    re.IGNORECASE,
)
#: It is about another visit than the one that is over.
_ANOTHER = re.compile(
    r"\b(?:again|another|next (?:visit|appointment|session|time))\b", re.IGNORECASE
)
_LONGEST = 20_000


@rule.graph
def check(graph: Graph) -> list[Hit]:
    waits = [s for s in graph.of_kind(Kind.WAIT) if s.wait and s.wait.type == "appointment"]
    if not waits:
        return []
    walk = graph.shared(Walk)
    late: dict[int, list[Step]] = {}
    after: dict[int, list[Step]] = {}
    for step in graph.of_kind(Kind.WAIT, Kind.MESSAGE):
        moment = walk.arrival[step.index]
        if moment is None or moment.left_at < 0:
            continue
        if _is_late(graph, step, moment):
            late.setdefault(moment.left_at, []).append(step)
        elif moment.left < 0 and is_message(step) and _announces(step):
            after.setdefault(moment.left_at, []).append(step)
    return [
        *(_out_of_order(walk, graph.steps[wait], late[wait]) for wait in sorted(late)),
        *(_too_late(walk, graph.steps[wait], after[wait]) for wait in sorted(after)),
    ]


def _is_late(graph: Graph, step: Step, moment: Moment) -> bool:
    """Whether the moment this wait asks for is over, or was waited for just before."""
    offset = appointment_offset(step) if step.wait and step.wait.type == "appointment" else None
    if offset is None or offset < 0:
        return False
    if offset == moment.left:
        return appointment_offset(graph.steps[moment.left_at]) == offset
    return offset > moment.left


def _announces(step: Step) -> bool:
    text = f"{subject(step)} {words(step) or ''}"[:_LONGEST]
    if _ANOTHER.search(text):
        return False
    if _SOON.search(text):
        return True
    return _ANNOUNCES.search(text) is not None and _AFTERWARDS.search(text) is None


def _out_of_order(walk: Walk, earlier: Step, steps: list[Step]) -> Hit:
    """One finding for the wait that comes too early, whatever stands behind it."""
    first = steps[0]
    how = "comes after"
    if (appointment_offset(first) or 0.0) < (appointment_offset(earlier) or 0.0):
        how = "comes too long after"  # other waits lie between
    several = f" The same goes for {names(steps[1:])}." if len(steps) > 1 else ""
    return Hit(
        [*steps, earlier],
        f"“{first.label}” ({_when(first)}) {how} “{earlier.label}” ({_when(earlier)}): its "
        f"moment is over when the contact gets there.{several}",
        path=walk.lateness(first),
    )


def _too_late(walk: Walk, wait: Step, steps: list[Step]) -> Hit:
    verb = "announces the visit, but is" if len(steps) == 1 else "announce the visit, but are"
    return Hit(
        [*steps, wait],
        f"{names(steps)} {verb} sent after it: behind “{wait.label}” ({_when(wait)}).",
        param="announcement",
        path=walk.lateness(steps[0]),
    )


def _when(wait: Step) -> str:
    offset = appointment_offset(wait) or 0.0
    minutes, side = abs(offset), "before" if offset >= 0 else "after"
    size, unit = next(
        (size, unit)
        for size, unit in ((1440, "day"), (60, "hour"), (1, "minute"))
        if (minutes >= size and minutes % size == 0) or size == 1
    )
    number = minutes / size
    return f"{number:g} {unit}{'' if number == 1 else 's'} {side} the appointment"
