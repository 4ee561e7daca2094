"""Two steps with the same name.

## Why it matters
n8n tells steps apart by their names alone. With two of one name it refuses the file, or keeps only
one of them: connections and expressions go to the wrong step, and the other one is lost.

## How to fix
Rename one of the steps and check the connections and expressions that use the name.

## Bad
    {"name": "Orders", "nodes": [
      {"id": "1", "name": "Start", "type": "n8n-nodes-base.manualTrigger", "typeVersion": 1,
       "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Format", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [200, 0], "parameters": {}},
      {"id": "3", "name": "Format", "type": "n8n-nodes-base.code", "typeVersion": 2,
       "position": [400, 0], "parameters": {"jsCode": "return items;"}}],
     "connections": {
      "Start": {"main": [[{"node": "Format", "type": "main", "index": 0}]]}}}

## Good
    {"name": "Orders", "nodes": [
      {"id": "1", "name": "Start", "type": "n8n-nodes-base.manualTrigger", "typeVersion": 1,
       "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Format", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [200, 0], "parameters": {}},
      {"id": "3", "name": "Format1", "type": "n8n-nodes-base.code", "typeVersion": 2,
       "position": [400, 0], "parameters": {"jsCode": "return items;"}}],
     "connections": {
      "Start": {"main": [[{"node": "Format", "type": "main", "index": 0}]]},
      "Format": {"main": [[{"node": "Format1", "type": "main", "index": 0}]]}}}
"""

from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import N8N, Graph, Step
from apps.workflows.analysis.rule import Rule

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.HIGH,
    confidence=Confidence.CERTAIN,
    platforms=[N8N],
)


@rule.graph
def check(graph: Graph) -> list[Hit]:
    if len({step.name for step in graph.steps}) == len(graph.steps):
        return []
    by_name: dict[str, list[Step]] = {}
    for step in graph.steps:  # notes as well: n8n keeps them by name like all others
        if step.name:
            by_name.setdefault(step.name, []).append(step)
    return [
        _hit(name, steps)
        for name, steps in sorted(by_name.items())
        if len(steps) > 1 and any(step.enabled for step in steps)
    ]


def _hit(name: str, steps: list[Step]) -> Hit:
    count = "Two" if len(steps) == 2 else str(len(steps))
    message = f"{count} steps are named “{name[:80]}”: n8n cannot tell them apart."
    return Hit(steps, message, param=name, anchored=False)
