"""A wait of more than a year.

## Why it matters
Contacts are parked for so long that the offer, the prices and the person in charge have changed by
the time the next step runs; most such waits are a slip of the unit.

## How to fix
Open the wait step and check the number and the unit; for “every year” use a birthday or date
trigger instead.

## Bad
    {"name": "Follow-up", "status": "published",
     "workflowData": {"templates": [
      {"id": "a", "type": "sms", "name": "Thanks", "order": 0, "next": "w",
       "attributes": {"body": "Thank you for your order."}},
      {"id": "w", "type": "wait", "name": "Wait", "order": 1, "next": "b",
       "attributes": {"type": "time", "startAfter": {"type": "days", "value": 400}}},
      {"id": "b", "type": "sms", "name": "Again?", "order": 2,
       "attributes": {"body": "Time for a check-up?"}}]}}

## Good
    {"name": "Follow-up", "status": "published",
     "workflowData": {"templates": [
      {"id": "a", "type": "sms", "name": "Thanks", "order": 0, "next": "w",
       "attributes": {"body": "Thank you for your order."}},
      {"id": "w", "type": "wait", "name": "Wait", "order": 1, "next": "b",
       "attributes": {"type": "time", "startAfter": {"type": "days", "value": 180}}},
      {"id": "b", "type": "sms", "name": "Again?", "order": 2,
       "attributes": {"body": "Time for a check-up?"}}]}}
"""

from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, N8N, Graph, Kind, Step
from apps.workflows.analysis.rule import Rule

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.MEDIUM,
    confidence=Confidence.CERTAIN,
    platforms=[HIGHLEVEL, N8N],
    options={"days": 365},
)

_DAY = 24 * 60


@rule.step(Kind.WAIT)
def check(step: Step, graph: Graph) -> Hit | None:
    minutes = step.wait.minutes if step.wait is not None else None
    most = rule.option(graph, "days")
    if minutes is None or minutes <= most * _DAY:
        return None
    return Hit([step], f"“{step.label}” holds the run for {minutes / _DAY:,.0f} days.")
