"""A text or call that may come at night.

## Why it matters
After a delay the clock decides when the message goes out: a contact who filled in a form at 3 a.m.
gets the next text at 3 a.m. too. Besides annoyed contacts this is a legal risk in many places, where
texts and calls before 8:00 or after 21:00 are not allowed.

## How to fix
Set a time window between 8:00 and 21:00 in the workflow's settings, or on the wait before the
message, in the contact's time zone.

## Bad
    {"name": "Trial follow-up", "status": "published", "workflowData": {"templates": [
      {"id": "hi", "type": "sms", "name": "Welcome", "order": 0, "next": "wait",
       "attributes": {"body": "Welcome to your trial!"}},
      {"id": "wait", "type": "wait", "name": "Half a day", "order": 1, "next": "tip",
       "attributes": {"type": "time", "startAfter": {"type": "hours", "value": 12}}},
      {"id": "tip", "type": "sms", "name": "First tip", "order": 2,
       "attributes": {"body": "Here is your first tip."}}]}}

## Good
    {"name": "Trial follow-up", "status": "published",
     "window": {"condition": "daily", "days": [1, 2, 3, 4, 5], "start": "09:00", "end": "18:00"},
     "workflowData": {"templates": [
      {"id": "hi", "type": "sms", "name": "Welcome", "order": 0, "next": "wait",
       "attributes": {"body": "Welcome to your trial!"}},
      {"id": "wait", "type": "wait", "name": "Half a day", "order": 1, "next": "tip",
       "attributes": {"type": "time", "startAfter": {"type": "hours", "value": 12}}},
      {"id": "tip", "type": "sms", "name": "First tip", "order": 2,
       "attributes": {"body": "Here is your first tip."}}]}}
"""

from apps.workflows.analysis import windows
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, Graph, Kind, Step, Trait
from apps.workflows.analysis.rule import Rule, names
from apps.workflows.analysis.walk import Walk

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.MEDIUM,
    confidence=Confidence.FIRM,
    platforms=[HIGHLEVEL],
)

#: What rings or buzzes at night; e-mail does not.
_LOUD = frozenset({"sms", "call", "voicemail", "rcs", "whatsapp"})
_OPENS, _CLOSES = 8 * 60, 21 * 60


@rule.graph
def check(graph: Graph) -> list[Hit]:
    loud = [step for step in graph.of_kind(Kind.MESSAGE) if _is_loud(step)]
    if not loud:
        return []
    if windows.is_set(graph.settings.window):
        return _of_workflow(graph, loud)
    return [*_of_waits(graph, loud), *_unbounded(graph, loud)]


def _is_loud(step: Step) -> bool:
    own = windows.is_set(step.params.get("window"))
    return step.spec.channel in _LOUD and Trait.SENDS in step.spec.traits and not own


def _of_workflow(graph: Graph, loud: list[Step]) -> list[Hit]:
    late = _beyond(graph.settings.window)
    if late is None:
        return []
    message = f"The workflow's time window ({late}) lets {names(loud)} go out at night."
    return [Hit(loud, message, param="window", anchored=False)]


def _of_waits(graph: Graph, loud: list[Step]) -> list[Hit]:
    """Waits whose own window reaches into the night, with a text or call behind them."""
    hits = []
    for wait in graph.of_kind(Kind.WAIT):
        late = _beyond(wait.params.get("window"))
        behind = [step for step in loud if late and step.index in graph.after(wait)]
        if behind:
            message = f"The window of “{wait.label}” ({late}) lets {names(behind)} go out at night."
            hits.append(Hit([wait, *behind], message, param="window"))
    return hits


def _unbounded(graph: Graph, loud: list[Step]) -> list[Hit]:
    """Messages after a delay with no window: one finding per delay that sets them adrift."""
    arrival = graph.shared(Walk).arrival
    by_wait: dict[int, list[Step]] = {}
    for step in loud:
        moment = arrival[step.index]
        if moment is not None and moment.idle_since >= 0:
            by_wait.setdefault(moment.idle_since, []).append(step)
    return [_hit(graph, graph.steps[wait], steps) for wait, steps in sorted(by_wait.items())]


def _hit(graph: Graph, wait: Step, steps: list[Step]) -> Hit:
    ahead = graph.path_to(wait)
    return Hit(
        [*steps, wait],
        f"After “{wait.label}” {names(steps)} may reach the contact at any hour of the night: "
        "neither the workflow nor the wait has a time window.",
        path=[*ahead, *graph.path_between(wait, steps[0])[1:]],
    )


def _beyond(window: object) -> str | None:
    """The window's hours where they reach beyond 8:00–21:00."""
    open_hours = windows.hours(window)
    if open_hours is None:
        return None
    start, end = open_hours
    if start >= _OPENS and end <= _CLOSES and start < end:
        return None
    return f"{windows.clock(start)}–{windows.clock(end)}"
