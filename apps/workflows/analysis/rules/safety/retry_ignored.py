"""A retry whose result is not used.

## Why it matters
With “On Error” set to continue, n8n before 1.100 (June 2025) goes on with the first error, even
when a later try succeeds: a short outage that a second try would have survived costs the item.

## How to fix
Set “On Error” of the step back to “Stop Workflow” so that its retries count, or switch “Retry On
Fail” off if going on at once is what you want. n8n 1.100 and later take both settings together.

## Bad
    {"name": "Sync", "active": false, "nodes": [
      {"id": "1", "name": "Hourly", "type": "n8n-nodes-base.scheduleTrigger",
       "typeVersion": 1.2, "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Load orders", "type": "n8n-nodes-base.httpRequest", "typeVersion": 4.2,
       "position": [200, 0], "retryOnFail": true, "onError": "continueRegularOutput",
       "parameters": {"url": "https://shop.acme-tools.com/orders"}}],
     "connections": {"Hourly": {"main": [[{"node": "Load orders", "type": "main", "index": 0}]]}}}

## Good
    {"name": "Sync", "active": false, "nodes": [
      {"id": "1", "name": "Hourly", "type": "n8n-nodes-base.scheduleTrigger",
       "typeVersion": 1.2, "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Load orders", "type": "n8n-nodes-base.httpRequest", "typeVersion": 4.2,
       "position": [200, 0], "retryOnFail": true,
       "parameters": {"url": "https://shop.acme-tools.com/orders"}}],
     "connections": {"Hourly": {"main": [[{"node": "Load orders", "type": "main", "index": 0}]]}}}
"""

from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import N8N, OFF_FLOW, Graph, Step
from apps.workflows.analysis.rule import Rule

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.LOW,
    confidence=Confidence.FIRM,
    platforms=[N8N],
)


@rule.step()
def check(step: Step, graph: Graph) -> Hit | None:
    if not step.retries or not step.on_error or step.spec.kind in OFF_FLOW:
        return None
    return Hit(
        [step],
        f"“{step.label}” is set to try again and to continue on an error: before version 1.100 "
        "n8n goes on with the first error whatever a later try brings.",
    )
