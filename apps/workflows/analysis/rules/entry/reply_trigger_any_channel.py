"""A reply on any channel, to anything, starts the workflow.

## Why it matters
A “thanks” to an invoice, a comment on Facebook and a “STOP” by text all start the same flow,
whatever the contact was answering.

## How to fix
Open the trigger and add the filter “Reply channel”, or “Replied to workflow” with the workflow
whose messages you mean.

## Bad
    {"name": "Reply handling", "status": "published", "triggers": [
      {"id": "t1", "type": "customer_reply", "name": "Customer replied", "active": true,
       "conditions": []}],
     "workflowData": {"templates": [
      {"id": "s1", "type": "sms", "name": "Thank you", "order": 0,
       "attributes": {"body": "Thanks, we will call you today."}}]}}

## Good
    {"name": "Reply handling", "status": "published", "triggers": [
      {"id": "t1", "type": "customer_reply", "name": "Customer replied", "active": true,
       "conditions": [{"field": "message.type", "operator": "==", "value": "SMS"}]}],
     "workflowData": {"templates": [
      {"id": "s1", "type": "sms", "name": "Thank you", "order": 0,
       "attributes": {"body": "Thanks, we will call you today."}}]}}
"""

from apps.workflows.analysis.facts.triggers import has_filter
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, Graph, Kind, Need, Step
from apps.workflows.analysis.rule import Rule

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.MEDIUM,
    confidence=Confidence.FIRM,
    platforms=[HIGHLEVEL],
    needs=(Need.TRIGGERS,),
)

_NARROWING = ("message.type", "workflow.id", "message.channel", "channel", "workflowId")


@rule.step(Kind.TRIGGER)
def check(step: Step, graph: Graph) -> Hit | None:
    if step.type != "customer_reply" or has_filter(step, *_NARROWING):
        return None
    return Hit(
        [step],
        f"“{step.label}” starts the workflow on every reply: on any channel, and to any message.",
    )
