"""A sequence that goes on whatever the contact does.

## Why it matters
Contacts who have replied, booked or bought keep getting the same follow-ups for days: it reads as
if nobody listened, and it costs the deals that were already won.

## How to fix
Switch on “Stop on response”, add a goal for what the sequence is meant to bring about, or put a
condition after a wait that lets out those who are done.

## Bad
    {"name": "Quote follow-up", "status": "published", "stopOnResponse": false,
     "window": {"start": "09:00", "end": "18:00"}, "workflowData": {"templates": [
      {"id": "m1", "type": "email", "name": "Your quote", "order": 0, "next": "w1",
       "attributes": {"subject": "Your quote", "html": "<p>Here is your quote.</p>"}},
      {"id": "w1", "type": "wait", "name": "Two days", "order": 1, "next": "m2",
       "attributes": {"type": "time", "startAfter": {"type": "days", "value": 2}}},
      {"id": "m2", "type": "email", "name": "Any questions?", "order": 2,
       "attributes": {"subject": "Any questions?", "html": "<p>Just reply.</p>"}}]}}

## Good
    {"name": "Quote follow-up", "status": "published", "stopOnResponse": true,
     "window": {"start": "09:00", "end": "18:00"}, "workflowData": {"templates": [
      {"id": "m1", "type": "email", "name": "Your quote", "order": 0, "next": "w1",
       "attributes": {"subject": "Your quote", "html": "<p>Here is your quote.</p>"}},
      {"id": "w1", "type": "wait", "name": "Two days", "order": 1, "next": "m2",
       "attributes": {"type": "time", "startAfter": {"type": "days", "value": 2}}},
      {"id": "m2", "type": "email", "name": "Any questions?", "order": 2,
       "attributes": {"subject": "Any questions?", "html": "<p>Just reply.</p>"}}]}}
"""

from apps.workflows.analysis.facts.exits import sequence_without_exit
from apps.workflows.analysis.facts.walk import Walk
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, Graph
from apps.workflows.analysis.rule import Rule

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.HIGH,
    confidence=Confidence.FIRM,
    platforms=[HIGHLEVEL],
)


@rule.graph
def check(graph: Graph) -> Hit | None:
    found = sequence_without_exit(graph)
    if found is None:
        return None
    first, last, minutes = found
    days = minutes / 1440
    span = f"{days:.0f} days" if days >= 2 else "more than a day"
    return Hit(
        [first, last],
        f"From “{first.label}” to “{last.label}” the contact gets messages for {span}, and "
        "nothing ends them: no goal, no stop on response, no condition after a wait.",
        path=graph.shared(Walk).sequence(last),
    )
