"""Appointment reminders in the wrong order.

## Why it matters
The later wait asks for a moment that has passed when the run gets there, so it does not hold: the
contact gets “see you tomorrow” minutes before the visit, or after it.

## How to fix
Order the waits from the longest before the appointment to the shortest, with the text that fits each
behind it; what comes after the visit belongs behind the last of them.

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

from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, Graph, Kind, Step
from apps.workflows.analysis.messages import subject, words
from apps.workflows.analysis.rule import Rule
from apps.workflows.analysis.walk import Walk, appointment_offset, is_message

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.HIGH,
    confidence=Confidence.CERTAIN,
    platforms=[HIGHLEVEL],
)

#: Words that announce a visit still to come.
_ANNOUNCES = re.compile(
    r"\b(?:reminder|remind you|see you (?:soon|tomorrow|today|there|at|in|on)|is tomorrow"
    r"|coming up|upcoming|look(?:ing)? forward to (?:seeing|meeting|your))\b",
    re.IGNORECASE,
)
#: Words of a message that belongs behind the visit.
_AFTERWARDS = re.compile(
    r"\b(?:thank|thanks|review|feedback|how was|hope you|sorry we missed|rebook|next visit"
    r"|next appointment)\b",
    re.IGNORECASE,
)


@rule.graph
def check(graph: Graph) -> list[Hit]:
    waits = [s for s in graph.of_kind(Kind.WAIT) if s.wait and s.wait.type == "appointment"]
    if not waits:
        return []
    walk = graph.shared(Walk)
    late = [_late_wait(graph, walk, step) for step in waits]
    after = [_late_message(graph, walk, step) for step in graph.of_kind(Kind.MESSAGE)]
    return [hit for hit in (*late, *after) if hit is not None]


def _late_wait(graph: Graph, walk: Walk, step: Step) -> Hit | None:
    moment = walk.arrival[step.index]
    minutes, _, before = appointment_offset(step)
    if moment is None or not before or minutes < moment.offset or moment.offset_at == step.index:
        return None
    earlier = graph.steps[moment.offset_at]
    return Hit(
        [step, earlier],
        f"“{step.label}” ({_length(minutes)} before the appointment) comes after "
        f"“{earlier.label}” ({_length(moment.offset)} before it): its moment is over when the "
        "contact gets there.",
        path=[*graph.path_to(earlier), *graph.path_between(earlier, step)[1:]],
    )


def _late_message(graph: Graph, walk: Walk, step: Step) -> Hit | None:
    moment = walk.arrival[step.index]
    if moment is None or moment.after_visit < 0 or not is_message(step):
        return None
    text = f"{subject(step)} {words(step) or ''}"[:20_000]
    if not _ANNOUNCES.search(text) or _AFTERWARDS.search(text):
        return None
    wait = graph.steps[moment.after_visit]
    return Hit(
        [step, wait],
        f"“{step.label}” announces the visit, but is sent after it: behind “{wait.label}”.",
        param="announcement",
        path=[*graph.path_to(wait), *graph.path_between(wait, step)[1:]],
    )


def _length(minutes: float) -> str:
    for size, unit in ((1440, "day"), (60, "hour")):
        if minutes >= size and minutes % size == 0:
            number = minutes / size
            return f"{number:g} {unit}" + ("" if number == 1 else "s")
    return f"{minutes:g} minutes"
