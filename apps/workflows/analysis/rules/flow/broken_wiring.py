"""Most connections lead nowhere.

## Why it matters
More than half of the connections lead to steps that are not there, so hardly anything of this
workflow can run. A failed copy, import or edit of the file is the usual cause.

## How to fix
Export the workflow again from where it still works, or restore an earlier version; connecting the
steps one by one takes longer and misses some.

## Bad
    {"name": "Orders", "nodes": [
      {"id": "1", "name": "Start", "type": "n8n-nodes-base.manualTrigger", "typeVersion": 1,
       "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Read order", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [200, 0], "parameters": {}},
      {"id": "3", "name": "Format order", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [400, 0], "parameters": {}},
      {"id": "4", "name": "Save order", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [600, 0], "parameters": {}}],
     "connections": {
      "Start": {"main": [[{"node": "Read order", "type": "main", "index": 0}]]},
      "Read order": {"main": [[{"node": "Format order1", "type": "main", "index": 0}]]},
      "Format order": {"main": [[{"node": "Save order1", "type": "main", "index": 0}]]},
      "Save order": {"main": [[{"node": "Confirm1", "type": "main", "index": 0}]]}}}

## Good
    {"name": "Orders", "nodes": [
      {"id": "1", "name": "Start", "type": "n8n-nodes-base.manualTrigger", "typeVersion": 1,
       "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Read order", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [200, 0], "parameters": {}},
      {"id": "3", "name": "Format order", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [400, 0], "parameters": {}},
      {"id": "4", "name": "Save order", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [600, 0], "parameters": {}}],
     "connections": {
      "Start": {"main": [[{"node": "Read order", "type": "main", "index": 0}]]},
      "Read order": {"main": [[{"node": "Format order", "type": "main", "index": 0}]]},
      "Format order": {"main": [[{"node": "Save order", "type": "main", "index": 0}]]}}}
"""

from apps.workflows.analysis.facts.wiring import is_broken, lost_ends
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, N8N, NODE_RED, Graph
from apps.workflows.analysis.rule import Rule, names

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.CRITICAL,
    confidence=Confidence.CERTAIN,
    platforms=[HIGHLEVEL, N8N, NODE_RED],
)


@rule.graph
def check(graph: Graph) -> Hit | None:
    if not is_broken(graph):
        return None
    ends = lost_ends(graph)
    steps = [graph.steps[index] for index in sorted({end.source for end in ends})]
    return Hit(
        steps,
        f"{len(ends)} of {graph.connections} connections lead to steps that are not in "
        f"the workflow, among them those of {names(steps, 3)}.",
        anchored=False,
    )
