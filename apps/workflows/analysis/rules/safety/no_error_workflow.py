"""An active workflow whose failures reach nobody.

## Why it matters
When a run fails nobody is told: the fault shows only when somebody misses its result, perhaps weeks
later.

## How to fix
Make one workflow that starts with an Error Trigger and tells your team, and choose it under “Error
Workflow” in this workflow’s settings.

## Bad
    {"name": "Sync", "active": true, "settings": {}, "nodes": [
      {"id": "1", "name": "Hourly", "type": "n8n-nodes-base.scheduleTrigger",
       "typeVersion": 1.2, "position": [0, 0], "parameters": {}}],
     "connections": {}}

## Good
    {"name": "Sync", "active": true, "settings": {"errorWorkflow": "Kd2xQ8Lm1pZ7"}, "nodes": [
      {"id": "1", "name": "Hourly", "type": "n8n-nodes-base.scheduleTrigger",
       "typeVersion": 1.2, "position": [0, 0], "parameters": {}}],
     "connections": {}}
"""

from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import N8N, Graph, Trait
from apps.workflows.analysis.rule import Rule

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.LOW,
    confidence=Confidence.CERTAIN,
    platforms=[N8N],
    live_only=True,
)


@rule.graph
def check(graph: Graph) -> Hit | None:
    if graph.active is not True or graph.settings.error_workflow:
        return None
    if any(step.enabled and Trait.ON_ERROR in step.spec.traits for step in graph.triggers):
        return None  # it is an error workflow itself
    return Hit([], "This workflow is active and has no error workflow: failed runs reach nobody.")
