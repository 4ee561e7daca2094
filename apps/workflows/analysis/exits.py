"""Whether anything can end a sequence of messages before its last one."""

from __future__ import annotations

from apps.workflows.analysis.graph import Graph, Kind, Step
from apps.workflows.analysis.walk import Walk, is_message

#: Triggers that bring a contact with an appointment: what follows are reminders.
APPOINTMENT_TRIGGERS = frozenset(
    {"appointment", "customer_appointment", "service_booking", "rental_booking"}
)
_DAY = 24 * 60


def sequence_without_exit(graph: Graph) -> tuple[Step, Step, float] | None:
    """The first and last message of a sequence over more than a day that nothing can end.

    The third figure is the minutes between them. ``None`` where something ends it: stop on
    response, a goal, a step that takes contacts out, a condition or an awaited answer in between.
    Appointment reminders are no such sequence.
    """
    if graph.settings.stop_on_response or is_reminder(graph):
        return None
    if any(step.spec.kind is Kind.GOAL or _takes_out(step) for step in graph.steps if step.enabled):
        return None
    arrival = graph.shared(Walk).arrival
    best: tuple[float, Step, int] | None = None
    for step in graph.steps:
        moment = arrival[step.index]
        if moment is None or not is_message(step) or moment.unchecked <= _DAY:
            continue
        if best is None or moment.unchecked > best[0]:
            best = (moment.unchecked, step, moment.first_message)
    return None if best is None else (graph.steps[best[2]], best[1], best[0])


def is_reminder(graph: Graph) -> bool:
    """Whether the workflow is about appointments."""
    if any(trigger.type in APPOINTMENT_TRIGGERS for trigger in graph.triggers):
        return True
    return any(step.wait is not None and step.wait.type == "appointment" for step in graph.steps)


def _takes_out(step: Step) -> bool:
    return any(effect.kind == "workflow" and effect.action == "stop" for effect in step.effects)
