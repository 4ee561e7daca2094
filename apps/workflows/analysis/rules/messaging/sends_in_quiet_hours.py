"""A text or call that may come at night.

## Why it matters
After a delay the clock decides when the message goes out: a contact who filled in a form at 3 a.m.
gets the next text at 3 a.m. too. Besides annoyed contacts this is a legal risk in many places,
where texts and calls before 8:00 or after 21:00 are not allowed.

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

from apps.workflows.analysis.facts import windows
from apps.workflows.analysis.facts.walk import Walk
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, Graph, Kind, Step, Trait
from apps.workflows.analysis.rule import Rule, names

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.MEDIUM,
    confidence=Confidence.FIRM,
    platforms=[HIGHLEVEL],
)

#: What rings or buzzes at night; e-mail does not.
_LOUD = frozenset({"sms", "call", "voicemail", "rcs", "whatsapp", "imessage"})


@rule.graph
def check(graph: Graph) -> list[Hit]:
    loud = [step for step in graph.of_kind(Kind.MESSAGE) if _is_loud(step)]
    if not loud:
        return []
    arrival = graph.shared(Walk).arrival
    adrift: list[Step] = []  # they come after a delay and have no window of their own
    hits: list[Hit] = []
    for step in loud:
        own = windows.of(step)
        window = own if windows.is_set(own) else graph.settings.window
        moment = arrival[step.index]
        # What a window holds comes when that opens; else the first answer comes at once.
        if moment and (moment.idle_since >= 0 or windows.opens_at_night(window)):
            if windows.is_set(own):
                hits += _of_itself(step, own)
            else:
                adrift.append(step)
    if windows.is_set(graph.settings.window):
        return hits + _of_workflow(graph, adrift)
    return hits + _of_waits(graph, adrift)


def _is_loud(step: Step) -> bool:
    return step.spec.channel in _LOUD and Trait.SENDS in step.spec.traits


def _of_itself(step: Step, window: object) -> list[Hit]:
    late = windows.night_hours(window)
    if late is None:
        return []
    return [Hit([step], f"The window of “{step.label}” ({late}) lets it go out at night.")]


def _of_workflow(graph: Graph, adrift: list[Step]) -> list[Hit]:
    late = windows.night_hours(graph.settings.window)
    if late is None or not adrift:
        return []
    message = f"The workflow's time window ({late}) lets {names(adrift)} go out at night."
    return [Hit(adrift, message, param="window", anchored=False)]


def _of_waits(graph: Graph, adrift: list[Step]) -> list[Hit]:
    """One finding for each wait whose window reaches into the night, one for all without any."""
    walk = graph.shared(Walk)
    free: list[Step] = []
    by_wait: dict[int, list[Step]] = {}
    for step in adrift:
        moment = walk.arrival[step.index]
        if moment is not None:
            held = windows.is_set(windows.of(graph.steps[moment.idle_since]))
            (by_wait.setdefault(moment.idle_since, []) if held else free).append(step)
    hits = [_of_wait(walk, graph.steps[wait], by_wait[wait]) for wait in sorted(by_wait)]
    return [*hits, _unbounded(walk, free)] if free else hits


def _of_wait(walk: Walk, wait: Step, steps: list[Step]) -> Hit:
    late = windows.night_hours(windows.of(wait))
    message = f"The window of “{wait.label}” ({late}) lets {names(steps)} go out at night."
    return Hit([wait, *steps], message, param="window", path=walk.drift(steps[0]))


def _unbounded(walk: Walk, steps: list[Step]) -> Hit:
    moment = walk.arrival[steps[0].index]
    wait = walk.graph.steps[moment.idle_since if moment else 0]
    several = f"; the same goes for {names(steps[1:])}" if len(steps) > 1 else ""
    return Hit(
        steps,
        f"After “{wait.label}” “{steps[0].label}” may reach the contact at any hour of the night: "
        f"neither the workflow nor the wait has a time window{several}.",
        path=walk.drift(steps[0]),
        anchored=False,
    )
