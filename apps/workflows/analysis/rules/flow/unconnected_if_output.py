"""An if with one output that leads nowhere.

## Why it matters
What takes this output ends there in silence. That may be meant, as a filter; it may also be a
branch that was forgotten.

## How to fix
Connect the other output of the “If”. Where nothing is meant to happen, a “Filter” node says so more
clearly.

## Bad
    {"name": "Large orders", "active": true, "nodes": [
      {"id": "1", "name": "Every day", "type": "n8n-nodes-base.scheduleTrigger",
       "typeVersion": 1.2, "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Large?", "type": "n8n-nodes-base.if", "typeVersion": 2.2,
       "position": [200, 0], "parameters": {"conditions": {"combinator": "and", "conditions": [
         {"leftValue": "={{ $json.total }}", "rightValue": 500,
          "operator": {"type": "number", "operation": "gt"}}]}}},
      {"id": "3", "name": "Mark", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [400, 0], "parameters": {}}],
     "connections": {
      "Every day": {"main": [[{"node": "Large?", "type": "main", "index": 0}]]},
      "Large?": {"main": [[{"node": "Mark", "type": "main", "index": 0}]]}}}

## Good
    {"name": "Large orders", "active": true, "nodes": [
      {"id": "1", "name": "Every day", "type": "n8n-nodes-base.scheduleTrigger",
       "typeVersion": 1.2, "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Large?", "type": "n8n-nodes-base.filter", "typeVersion": 2.2,
       "position": [200, 0], "parameters": {"conditions": {"combinator": "and", "conditions": [
         {"leftValue": "={{ $json.total }}", "rightValue": 500,
          "operator": {"type": "number", "operation": "gt"}}]}}},
      {"id": "3", "name": "Mark", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [400, 0], "parameters": {}}],
     "connections": {
      "Every day": {"main": [[{"node": "Large?", "type": "main", "index": 0}]]},
      "Large?": {"main": [[{"node": "Mark", "type": "main", "index": 0}]]}}}
"""

from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import N8N, EdgeKind, Graph, Kind, Step
from apps.workflows.analysis.rule import Rule

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.INFO,
    confidence=Confidence.TENTATIVE,
    platforms=[N8N],
)

_OUTPUTS = {0: "true", 1: "false"}


@rule.step(Kind.BRANCH)
def check(step: Step, graph: Graph) -> Hit | None:
    if step.type != "n8n-nodes-base.if":
        return None
    wired = {edge.port for edge in graph.out[step.index] if edge.kind is not EdgeKind.ERROR}
    loose = [port for port in _OUTPUTS if port not in wired]
    # With both loose the flow simply ends here; one that dangles is wired, if wrongly.
    if len(loose) != 1 or any(lost.source == step.index for lost in graph.dangling):
        return None
    output = _OUTPUTS[loose[0]]
    return Hit(
        [step], f"What is {output} for “{step.label}” goes nowhere: that output is not wired."
    )
