"""“Allow Re-entry” is off, but these triggers ignore it.

## Why it matters
Appointment and invoice triggers always let a contact in again. Who counts on the setting to keep
contacts from a second run is mistaken.

## How to fix
If once per contact is what you need, test for a tag in an if/else at the start and add that tag at
the end; otherwise switch “Allow Re-entry” on, so that the setting says what happens.

## Bad
    {"name": "Visit booked", "status": "published", "allowMultiple": false, "triggers": [
      {"id": "t1", "type": "appointment", "name": "Booked", "active": true, "conditions": [
        {"field": "appointment.status", "operator": "==", "value": "confirmed"},
        {"field": "calendar.id", "operator": "==", "value": "cal1"}]}],
     "workflowData": {"templates": [
      {"id": "s1", "type": "sms", "name": "Thank you", "order": 0,
       "attributes": {"body": "Thanks, we will call you today."}}]}}

## Good
    {"name": "Visit booked", "status": "published", "allowMultiple": true, "triggers": [
      {"id": "t1", "type": "appointment", "name": "Booked", "active": true, "conditions": [
        {"field": "appointment.status", "operator": "==", "value": "confirmed"},
        {"field": "calendar.id", "operator": "==", "value": "cal1"}]}],
     "workflowData": {"templates": [
      {"id": "s1", "type": "sms", "name": "Thank you", "order": 0,
       "attributes": {"body": "Thanks, we will call you today."}}]}}
"""

from apps.workflows.analysis.facts.triggers import live_triggers
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, Graph, Need
from apps.workflows.analysis.rule import Rule, names

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.INFO,
    confidence=Confidence.CERTAIN,
    platforms=[HIGHLEVEL],
    needs=(Need.TRIGGERS,),
)

_ALWAYS_IN = frozenset({"appointment", "customer_appointment", "invoice"})


@rule.graph
def check(graph: Graph) -> Hit | None:
    triggers = live_triggers(graph)
    if graph.settings.reentry is not False or not triggers:
        return None
    if any(trigger.type not in _ALWAYS_IN for trigger in triggers):
        return None
    return Hit(
        triggers,
        f"“Allow Re-entry” is off, but contacts come in again by {names(triggers)} all the same.",
        anchored=False,
    )
