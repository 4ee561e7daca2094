"""An appointment trigger that fires on every status.

## Why it matters
It starts when a visit is booked, moved, cancelled and missed: a contact who has just cancelled gets
“See you tomorrow”.

## How to fix
Open the trigger and add the filter “Appointment status is”, and “In calendar” when you have more
than one.

## Bad
    {"name": "Visit booked", "status": "published", "triggers": [
      {"id": "t1", "type": "appointment", "name": "Appointment", "active": true,
       "conditions": [{"field": "calendar.id", "operator": "==", "value": "cal1"}]}],
     "workflowData": {"templates": [
      {"id": "s1", "type": "sms", "name": "Thank you", "order": 0,
       "attributes": {"body": "Thanks, we will call you today."}}]}}

## Good
    {"name": "Visit booked", "status": "published", "triggers": [
      {"id": "t1", "type": "appointment", "name": "Appointment", "active": true,
       "conditions": [{"field": "calendar.id", "operator": "==", "value": "cal1"},
                      {"field": "appointment.status", "operator": "==", "value": "confirmed"}]}],
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
    severity=Severity.HIGH,
    confidence=Confidence.FIRM,
    platforms=[HIGHLEVEL],
    needs=(Need.TRIGGERS,),
)

_STATUS = ("appointment.status", "appointmentStatus", "appointment_status", "status")
_CALENDAR = ("calendar.id", "appointment.calendarId", "calendarId", "calendar_id")


@rule.step(Kind.TRIGGER)
def check(step: Step, graph: Graph) -> Hit | None:
    if step.type != "appointment":
        return None
    if not has_filter(step, *_STATUS):
        return Hit(
            [step],
            f"“{step.label}” has no status filter: bookings, cancellations and no-shows all start "
            "this workflow.",
        )
    if has_filter(step, *_CALENDAR):
        return None
    return Hit(
        [step],
        f"“{step.label}” names no calendar: appointments in every calendar start this workflow.",
        remedy="Open the trigger and add the filter “In calendar”.",
        severity=Severity.LOW,
    )
