"""A trigger that its platform has retired.

## Why it matters
It gets no fixes any more and may stop one day without a word; new filters and data are not added to
it.

## How to fix
Add the trigger that has taken its place, give it the same filters, and delete the old one.

## Bad
    {"name": "Visit booked", "status": "published", "triggers": [
      {"id": "t1", "type": "customer_appointment", "name": "Booked", "active": true,
       "conditions": [{"field": "calendar.id", "operator": "==", "value": "cal1"}]}],
     "workflowData": {"templates": [
      {"id": "s1", "type": "sms", "name": "Thank you", "order": 0,
       "attributes": {"body": "Thanks, we will call you today."}}]}}

## Good
    {"name": "Visit booked", "status": "published", "triggers": [
      {"id": "t1", "type": "appointment", "name": "Booked", "active": true,
       "conditions": [{"field": "calendar.id", "operator": "==", "value": "cal1"},
                      {"field": "appointment.status", "operator": "==", "value": "confirmed"}]}],
     "workflowData": {"templates": [
      {"id": "s1", "type": "sms", "name": "Thank you", "order": 0,
       "attributes": {"body": "Thanks, we will call you today."}}]}}
"""

from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, N8N, Graph, Kind, Need, Step
from apps.workflows.analysis.rule import Rule

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.LOW,
    confidence=Confidence.CERTAIN,
    platforms=[HIGHLEVEL, N8N],
    needs=(Need.TRIGGERS,),
)


@rule.step(Kind.TRIGGER)
def check(step: Step, graph: Graph) -> Hit | None:
    instead = step.spec.deprecated
    if not instead:
        return None
    kind = step.spec.label or step.type
    return Hit(
        [step],
        f"“{step.label}” is a trigger of a retired kind ({kind}).",
        remedy=f"Use “{instead}” instead, with the same filters, and delete the old trigger.",
    )
