"""A connection to a step that is not there.

## Why it matters
Whoever gets to this point has nowhere to go: the run ends here, and what should follow never
happens.

## How to fix
Open the step, connect it to the step that should come next, or remove the connection.

The step it leads to was deleted, renamed or left out when the workflow was copied or exported.

## Bad
    {"name": "New lead", "status": "published", "workflowData": {"templates": [
      {"id": "tag", "type": "add_contact_tag", "name": "Tag as lead", "order": 0, "next": "hello",
       "attributes": {"tags": ["lead"]}}]}}

## Good
    {"name": "New lead", "status": "published", "workflowData": {"templates": [
      {"id": "tag", "type": "add_contact_tag", "name": "Tag as lead", "order": 0, "next": "hello",
       "attributes": {"tags": ["lead"]}},
      {"id": "hello", "type": "sms", "name": "Say hello", "order": 1,
       "attributes": {"body": "Hi, this is Acme Dental. How can we help?"}}]}}

## Bad (n8n)
    {"name": "Orders", "nodes": [
      {"id": "1", "name": "Start", "type": "n8n-nodes-base.manualTrigger", "typeVersion": 1,
       "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Format order", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [200, 0], "parameters": {}}],
     "connections": {
      "Start": {"main": [[{"node": "Format order", "type": "main", "index": 0}]]},
      "Format order": {"main": [[{"node": "Save order", "type": "main", "index": 0}]]}}}

## Good (n8n)
    {"name": "Orders", "nodes": [
      {"id": "1", "name": "Start", "type": "n8n-nodes-base.manualTrigger", "typeVersion": 1,
       "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Format order", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [200, 0], "parameters": {}}],
     "connections": {
      "Start": {"main": [[{"node": "Format order", "type": "main", "index": 0}]]},
      "Format order": {"main": [null]}}}

## Bad (node-red)
    [{"id": "t1", "type": "tab", "label": "Orders"},
     {"id": "n1", "type": "inject", "z": "t1", "name": "Every hour", "repeat": "3600",
      "x": 100, "y": 100, "wires": [["n2"]]},
     {"id": "n2", "type": "change", "z": "t1", "name": "Format order", "rules": [],
      "x": 300, "y": 100, "wires": [["gone"]]}]

## Good (node-red)
    [{"id": "t1", "type": "tab", "label": "Orders"},
     {"id": "n1", "type": "inject", "z": "t1", "name": "Every hour", "repeat": "3600",
      "x": 100, "y": 100, "wires": [["n2"]]},
     {"id": "n2", "type": "change", "z": "t1", "name": "Format order", "rules": [],
      "x": 300, "y": 100, "wires": [[]]}]
"""

from apps.workflows.analysis.facts.wiring import is_broken, lost_ends
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, N8N, NODE_RED, EdgeKind, Graph
from apps.workflows.analysis.rule import Rule, names

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.HIGH,
    confidence=Confidence.CERTAIN,
    platforms=[HIGHLEVEL, N8N, NODE_RED],
)


@rule.graph
def check(graph: Graph) -> list[Hit]:
    if not graph.dangling or is_broken(graph):
        return []
    leading: dict[str, dict[int, EdgeKind]] = {}
    for end in lost_ends(graph):
        if graph.steps[end.source].enabled:
            leading.setdefault(end.target, {}).setdefault(end.source, end.kind)
    return [_hit(graph, target, sources) for target, sources in sorted(leading.items())]


def _hit(graph: Graph, target: str, sources: dict[int, EdgeKind]) -> Hit:
    """One missing step is one cause, however many connections lead to it."""
    steps = [graph.steps[index] for index in sorted(sources)]
    many = len(steps) > 1
    if EdgeKind.ATTACH in sources.values():
        end = "serve" if many else "serves"
        after = "and so does nothing"
    else:
        end = "lead" if many else "leads"
        after = "and the run ends there"
    shown = f"“{target[:80]}”" if target.strip() else "a step without a name"
    return Hit(
        steps,
        f"{names(steps)} {end} to {shown}, which is not in the workflow, {after}.",
        param=target,
        anchored=False,
    )
