"""A time wait that does not wait.

## Why it matters
The contact passes this step at once: what was meant for tomorrow arrives in the same minute, and a
whole sequence comes as one burst.

## How to fix
Open the wait step and set both the number and the unit (minutes, hours or days).

## Bad
    {"name": "Quote follow-up", "status": "published", "workflowData": {"templates": [
      {"id": "s1", "type": "sms", "name": "Quote sent", "order": 0, "next": "w",
       "attributes": {"body": "Your quote is in your inbox."}},
      {"id": "w", "type": "wait", "name": "Wait", "order": 1, "next": "s2",
       "attributes": {"type": "time", "startAfter": {"type": "days", "when": "after"}}},
      {"id": "s2", "type": "sms", "name": "Questions?", "order": 2,
       "attributes": {"body": "Any questions about your quote?"}}]}}

## Good
    {"name": "Quote follow-up", "status": "published", "workflowData": {"templates": [
      {"id": "s1", "type": "sms", "name": "Quote sent", "order": 0, "next": "w",
       "attributes": {"body": "Your quote is in your inbox."}},
      {"id": "w", "type": "wait", "name": "Wait", "order": 1, "next": "s2",
       "attributes": {"type": "time", "startAfter": {"type": "days", "value": 2,
                                                     "when": "after"}}},
      {"id": "s2", "type": "sms", "name": "Questions?", "order": 2,
       "attributes": {"body": "Any questions about your quote?"}}]}}
"""

from apps.workflows.analysis.facts.values import is_filled, mapping
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, Graph, Kind, Step
from apps.workflows.analysis.rule import Rule

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.HIGH,
    confidence=Confidence.CERTAIN,
    platforms=[HIGHLEVEL],
)


@rule.step(Kind.WAIT)
def check(step: Step, graph: Graph) -> Hit | None:
    wait = step.wait
    if wait is None or wait.type != "time" or wait.holds or _has_window(step):
        return None
    return Hit(
        [step],
        f"“{step.label}” has no length: contacts go on to the next step at once.",
    )


def _has_window(step: Step) -> bool:
    """“Resume between 9:00 and 17:00” holds the contact even where the wait itself is zero."""
    window = mapping(step.params.get("window"))
    return is_filled(window.get("start")) and is_filled(window.get("end"))
