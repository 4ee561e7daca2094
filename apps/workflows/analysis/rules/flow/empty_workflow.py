"""A workflow without steps.

## Why it matters
Contacts or data that enter it go through untouched: nothing is sent, saved or decided.

## How to fix
Add the steps it should run, or delete the workflow so that nobody counts on it.

## Bad
    {"name": "Review request", "status": "published", "workflowData": {"templates": []}}

## Good
    {"name": "Review request", "status": "published", "workflowData": {"templates": [
      {"id": "ask", "type": "sms", "name": "Ask for a review", "order": 0,
       "attributes": {"body": "Thanks for visiting Acme Dental! How was it?"}}]}}

## Bad (n8n)
    {"name": "Review request", "nodes": [], "connections": {}}

## Good (n8n)
    {"name": "Review request", "nodes": [
      {"id": "1", "name": "Start", "type": "n8n-nodes-base.manualTrigger", "typeVersion": 1,
       "position": [0, 0], "parameters": {}}], "connections": {}}
"""

from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, PLATFORMS, Graph, Kind, Need
from apps.workflows.analysis.rule import Rule

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.MEDIUM,
    confidence=Confidence.CERTAIN,
    platforms=PLATFORMS,
    needs=(Need.CONTENT,),
)

_NO_STEPS = frozenset({Kind.NOTE, Kind.CONFIG})


@rule.graph
def check(graph: Graph) -> Hit | None:
    # HighLevel keeps triggers beside the steps; elsewhere they are steps like the others.
    no_steps = _NO_STEPS | {Kind.TRIGGER} if graph.platform == HIGHLEVEL else _NO_STEPS
    if any(step.spec.kind not in no_steps for step in graph.steps):
        return None
    subject = f"“{graph.name}”" if graph.name else "The workflow"
    return Hit([], f"{subject} has no step: whoever enters it comes out again unchanged.")
