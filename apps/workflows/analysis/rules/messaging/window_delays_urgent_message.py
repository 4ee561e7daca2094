"""An urgent text that a sending window holds back.

## Why it matters
A window does not skip messages, it holds them: a login code, a booking or a receipt asked for in the
evening arrives next morning, when the contact has given up or called.

## How to fix
Move the urgent text into a workflow of its own without a window, or set the window on the waits
before the later messages instead of on the whole workflow.

## Bad
    {"name": "Booking form", "status": "published",
     "window": {"condition": "daily", "start": "09:00", "end": "17:00"}, "triggers": [
      {"id": "t1", "type": "form_submission", "name": "Booking form", "active": true,
       "conditions": [{"field": "form.id", "operator": "==", "value": "frm8"}]}],
     "workflowData": {"templates": [
      {"id": "s1", "type": "sms", "name": "Confirm", "order": 0,
       "attributes": {"body": "Your booking is confirmed. Reply STOP to opt out."}}]}}

## Good
    {"name": "Booking form", "status": "published", "triggers": [
      {"id": "t1", "type": "form_submission", "name": "Booking form", "active": true,
       "conditions": [{"field": "form.id", "operator": "==", "value": "frm8"}]}],
     "workflowData": {"templates": [
      {"id": "s1", "type": "sms", "name": "Confirm", "order": 0,
       "attributes": {"body": "Your booking is confirmed. Reply STOP to opt out."}}]}}
"""

import re

from apps.workflows.analysis import windows
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, Graph, Need, Step
from apps.workflows.analysis.messages import first_texts, words
from apps.workflows.analysis.rule import Rule
from apps.workflows.analysis.triggers import live_triggers

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.MEDIUM,
    confidence=Confidence.FIRM,
    platforms=[HIGHLEVEL],
    needs=(Need.TRIGGERS,),
)

#: Triggers behind which a person sits and waits for the answer.
_WAITED_FOR = (
    "form_submission", "survey_submission", "quiz_submitted", "two_step_form_submission",
    "customer_reply", "call_status", "payment_received", "order_submission", "invoice",
    "subscription", "appointment", "customer_appointment", "service_booking", "rental_booking",
)  # fmt: skip
_URGENT = re.compile(
    r"\b(?:(?:verification|access|login|security|one.time|pin|your) code|passcode|password|otp"
    r"|booking|booked|reservation|reserved|appointment (?:is|has been) (?:confirmed|booked|set)"
    r"|(?:is|has been|been|your) confirm(?:ed|ation)|payment (?:received|confirmed|went through)"
    r"|receipt|your order)\b",
    re.IGNORECASE,
)


@rule.graph
def check(graph: Graph) -> list[Hit]:
    if not windows.is_set(graph.settings.window) or not live_triggers(graph, *_WAITED_FOR):
        return []
    return [_hit(step) for step in first_texts(graph) if _is_urgent(graph, step)]


def _is_urgent(graph: Graph, step: Step) -> bool:
    if any(each.wait is not None and each.wait.holds for each in graph.path_to(step)):
        return False
    return _URGENT.search((words(step) or "")[:5_000]) is not None


def _hit(step: Step) -> Hit:
    return Hit(
        [step],
        f"“{step.label}” answers something the contact has just done, but outside the workflow's "
        "time window it is held until the window opens.",
    )
