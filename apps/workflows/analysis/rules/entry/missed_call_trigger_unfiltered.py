"""Every call is taken for a missed one.

## Why it matters
People who have just talked to you get “Sorry we missed your call”, and so do those whom you called.

## How to fix
Open the trigger and add the filter “Call status” with the values you mean (no answer, busy,
voicemail).

## Bad
    {"name": "Missed call", "status": "published", "triggers": [
      {"id": "t1", "type": "call_status", "name": "Call details", "active": true,
       "conditions": [{"field": "message.direction", "operator": "==", "value": "inbound"}]}],
     "workflowData": {"templates": [
      {"id": "s1", "type": "sms", "name": "Sorry", "order": 0,
       "attributes": {"body": "Sorry we missed your call. How can we help?"}}]}}

## Good
    {"name": "Missed call", "status": "published", "triggers": [
      {"id": "t1", "type": "call_status", "name": "Call details", "active": true,
       "conditions": [{"field": "message.direction", "operator": "==", "value": "inbound"},
                      {"field": "call_status", "operator": "is-any-of",
                       "value": ["no-answer", "busy"]}]}],
     "workflowData": {"templates": [
      {"id": "s1", "type": "sms", "name": "Sorry", "order": 0,
       "attributes": {"body": "Sorry we missed your call. How can we help?"}}]}}
"""

from apps.workflows.analysis.facts.triggers import has_filter
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, Graph, Kind, Need, Step
from apps.workflows.analysis.rule import Rule, names

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.HIGH,
    confidence=Confidence.FIRM,
    platforms=[HIGHLEVEL],
    needs=(Need.TRIGGERS, Need.CONTENT),
)

_STATUS = ("call_status", "call.status", "callStatus", "status", "custom_disposition")


@rule.step(Kind.TRIGGER)
def check(step: Step, graph: Graph) -> Hit | None:
    if step.type != "call_status" or has_filter(step, *_STATUS):
        return None
    asking = [each.index for each in graph.of_kind(Kind.BRANCH) if _asks_for_status(each)]
    reached = graph.after(step, stop=asking)
    texts = [
        each
        for each in graph.of_kind(Kind.MESSAGE)
        if each.spec.channel == "sms" and each.index in reached
    ]
    if not texts:
        return None
    return Hit(
        [step, *texts],
        f"“{step.label}” has no filter for the call's status, so everybody who was on the "
        f"phone, answered or not, gets {names(texts)}.",
    )


def _asks_for_status(branch: Step) -> bool:
    text = branch.lower_text
    return "call_status" in text or "call.status" in text or "callstatus" in text
