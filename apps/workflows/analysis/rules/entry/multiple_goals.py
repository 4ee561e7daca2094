"""More than one goal in a workflow.

## Why it matters
HighLevel honours one goal event per workflow. Contacts who meet another one stay where they are and
keep getting messages that no longer fit.

## How to fix
Keep one goal step and put the other events into it as further conditions (with “OR”), or move the
second half into a workflow of its own.

## Bad
    {"name": "Trial follow-up", "status": "published", "workflowData": {"templates": [
      {"id": "s1", "type": "sms", "name": "Offer", "order": 0, "next": "g1",
       "attributes": {"body": "Your trial ends on Friday."}},
      {"id": "g1", "type": "workflow_goal", "name": "Booked", "order": 1, "next": "g2",
       "attributes": {"type": "workflow_goal", "action": "wait", "op": "or", "segments": [
         {"op": "or", "conditions": [{"goal_condition": "appointment", "extras": {}}]}]}},
      {"id": "g2", "type": "workflow_goal", "name": "Paid", "order": 2,
       "attributes": {"type": "workflow_goal", "action": "exit", "op": "or", "segments": [
         {"op": "or", "conditions": [{"goal_condition": "invoice_paid", "extras": {}}]}]}}]}}

## Good
    {"name": "Trial follow-up", "status": "published", "workflowData": {"templates": [
      {"id": "s1", "type": "sms", "name": "Offer", "order": 0, "next": "g1",
       "attributes": {"body": "Your trial ends on Friday."}},
      {"id": "g1", "type": "workflow_goal", "name": "Booked or paid", "order": 1,
       "attributes": {"type": "workflow_goal", "action": "exit", "op": "or", "segments": [
         {"op": "or", "conditions": [{"goal_condition": "appointment", "extras": {}},
                                     {"goal_condition": "invoice_paid", "extras": {}}]}]}}]}}
"""

from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, Graph, Kind
from apps.workflows.analysis.rule import Rule, names

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.HIGH,
    confidence=Confidence.CERTAIN,
    platforms=[HIGHLEVEL],
)


@rule.graph
def check(graph: Graph) -> Hit | None:
    goals = graph.of_kind(Kind.GOAL)
    if len(goals) < 2:
        return None
    return Hit(
        goals,
        f"The workflow has {len(goals)} goals ({names(goals)}), and only one of them counts: "
        "contacts who meet another one are not moved on.",
        anchored=False,
    )
