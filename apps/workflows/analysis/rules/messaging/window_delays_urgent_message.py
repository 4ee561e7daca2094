"""An urgent text that a sending window holds back.

## Why it matters
A window does not skip messages, it holds them: a login code, a booking or a receipt asked for in
the evening arrives next morning, when the contact has given up or called.

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

from apps.workflows.analysis.facts import windows
from apps.workflows.analysis.facts.loops import holds
from apps.workflows.analysis.facts.messages import words
from apps.workflows.analysis.facts.moments import is_text
from apps.workflows.analysis.facts.reach import reached_from
from apps.workflows.analysis.facts.triggers import live_triggers
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, Graph, Need, Step
from apps.workflows.analysis.rule import Rule

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
_THING = r"(?:booking|reservation|appointment|payment|order|purchase|deposit|visit|spot|seat|place)"
_DONE = r"(?:confirmed|booked|reserved|received|scheduled|set|successful|complete|paid)"
_URGENT = re.compile(
    r"\b(?:(?:verification|access|login|security|one.time|pin|sms|entry|door|your) code|code is"
    r"|passcode|(?:your|new|one.time) password|otp|receipt"
    rf"|{_THING} (?:is|has been|was|went|for) (?:all |now )?(?:{_DONE}|through)|{_THING} {_DONE}"
    r"|(?:you're|you are|we have|we've|got) (?:all |now )?(?:booked|confirmed|scheduled|reserved)"
    rf"|{_THING} confirmation|confirm(?:s|ing|ation)?(?: of| that)? your {_THING}"
    rf"|(?:thank you|thanks) for (?:your |the )?(?:booking|payment|order|purchase|reservation)"
    r"|confirmation (?:number|code)|(?:booking|order) (?:number|code|reference))\b"
    r"|\{\{\s{0,9}appointment\.\w{0,40}(?:start_|time|date)",
    re.IGNORECASE,
)
_LONGEST = 5_000


@rule.graph
def check(graph: Graph) -> list[Hit]:
    window = graph.settings.window
    if not windows.is_set(window) or windows.is_always_open(window):
        return []
    starts = [trigger.index for trigger in live_triggers(graph, *_WAITED_FOR)]
    held = (step.index for step in graph.steps if holds(step))
    at_once = reached_from(graph, starts, held) if starts else set()
    return [_hit(graph.steps[index]) for index in sorted(at_once) if _is_urgent(graph.steps[index])]


def _is_urgent(step: Step) -> bool:
    if not is_text(step) or windows.is_set(windows.of(step)):
        return False
    return _URGENT.search((words(step) or "")[:_LONGEST]) is not None


def _hit(step: Step) -> Hit:
    return Hit(
        [step],
        f"“{step.label}” answers something the contact has just done, but outside the workflow's "
        "time window it is held until the window opens.",
    )
