"""Whether anything can end a sequence of messages before its last one."""

from __future__ import annotations

from apps.workflows.analysis.facts.account import Account
from apps.workflows.analysis.facts.moments import Moment, awaits_answer, decides, is_message
from apps.workflows.analysis.facts.reach import leading_to
from apps.workflows.analysis.facts.walk import Walk
from apps.workflows.analysis.graph import Graph, Kind, Step

#: Triggers that bring a contact with an appointment: what follows are reminders.
APPOINTMENT_TRIGGERS = frozenset(
    {"appointment", "customer_appointment", "service_booking", "rental_booking"}
)
_DAY = 24 * 60
_EVERY_WORKFLOW = "*"


def sequence_without_exit(graph: Graph) -> tuple[Step, Step, float] | None:
    """The first and last message of a sequence over more than a day that nothing can end.

    The third figure is the minutes between them. ``None`` where something ends it: stop on
    response, a goal, a step that takes contacts out (here or in another of the account's
    workflows), a condition or an awaited answer on its way, before or after its last message.
    Appointment reminders are no such sequence.
    """
    if graph.settings.stop_on_response or is_reminder(graph) or _is_left_early(graph):
        return None
    arrival = graph.shared(Walk).arrival
    found = [
        (moment, step)
        for step in graph.of_kind(Kind.MESSAGE)
        if is_message(step) and (moment := arrival[step.index]) and moment.unchecked > _DAY
    ]
    if not found:
        return None
    checks = [s.index for s in graph.steps if (m := arrival[s.index]) and _checks(s, m)]
    checked_later = leading_to(graph, checks)
    found = [(moment, step) for moment, step in found if step.index not in checked_later]
    if not found:
        return None
    moment, last = max(found, key=lambda pair: (pair[0].unchecked, -pair[1].index))
    return graph.steps[moment.first_message], last, moment.unchecked


def is_reminder(graph: Graph) -> bool:
    """Whether the workflow is about appointments."""
    if any(trigger.type in APPOINTMENT_TRIGGERS for trigger in graph.triggers):
        return True
    return any(step.wait is not None and step.wait.type == "appointment" for step in graph.steps)


def _checks(step: Step, here: Moment) -> bool:
    """Whether contacts who have had a message and waited may part ways here."""
    if here.unchecked >= 0:
        return decides(step) or awaits_answer(step)
    return here.fresh >= 0 and awaits_answer(step)


def _is_left_early(graph: Graph) -> bool:
    if any(step.spec.kind is Kind.GOAL or _takes_out(step) for step in graph.steps if step.enabled):
        return True
    if graph.account is None:
        return False
    emptied = graph.account.shared(_emptied)
    return _EVERY_WORKFLOW in emptied or graph.id in emptied


def _takes_out(step: Step) -> bool:
    if step.spec.kind is Kind.ENROL and step.params.get("includeCurrent") is True:
        return True
    return any(effect.kind == "workflow" and effect.action == "stop" for effect in step.effects)


def _emptied(account: Account) -> frozenset[str]:
    """The workflows from which some workflow of the account takes contacts out."""
    return frozenset(
        effect.value
        for graph in account.graphs
        if graph.active is not False
        for step in graph.steps
        if step.enabled
        for effect in step.effects
        if effect.kind == "workflow" and effect.action == "stop" and effect.value
    )
