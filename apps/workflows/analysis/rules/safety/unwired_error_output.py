"""An error output that leads nowhere.

## Why it matters
When this step fails its items leave by the error output, and because nothing is connected there
they vanish: the run ends as a success and nobody hears of it.

## How to fix
Connect the error output to a step that reports or repairs the error, or set “On Error” of this
step back to “Stop Workflow”.

## Bad
    {"name": "Sync", "active": false, "nodes": [
      {"id": "1", "name": "Start", "type": "n8n-nodes-base.manualTrigger", "typeVersion": 1,
       "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Load orders", "type": "n8n-nodes-base.httpRequest", "typeVersion": 4.2,
       "position": [200, 0], "onError": "continueErrorOutput",
       "parameters": {"url": "https://shop.acme-tools.com/orders"}},
      {"id": "3", "name": "Save", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [400, 0], "parameters": {}}],
     "connections": {
      "Start": {"main": [[{"node": "Load orders", "type": "main", "index": 0}]]},
      "Load orders": {"main": [[{"node": "Save", "type": "main", "index": 0}]]}}}

## Good
    {"name": "Sync", "active": false, "nodes": [
      {"id": "1", "name": "Start", "type": "n8n-nodes-base.manualTrigger", "typeVersion": 1,
       "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Load orders", "type": "n8n-nodes-base.httpRequest", "typeVersion": 4.2,
       "position": [200, 0], "onError": "continueErrorOutput",
       "parameters": {"url": "https://shop.acme-tools.com/orders"}},
      {"id": "3", "name": "Save", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [400, 0], "parameters": {}},
      {"id": "4", "name": "Report", "type": "n8n-nodes-base.noOp", "typeVersion": 1,
       "position": [400, 200], "parameters": {}}],
     "connections": {
      "Start": {"main": [[{"node": "Load orders", "type": "main", "index": 0}]]},
      "Load orders": {"main": [[{"node": "Save", "type": "main", "index": 0}],
       [{"node": "Report", "type": "main", "index": 0}]]}}}
"""

from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import N8N, OFF_FLOW, EdgeKind, Graph, Step
from apps.workflows.analysis.rule import Rule

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.HIGH,
    confidence=Confidence.CERTAIN,
    platforms=[N8N],
)


@rule.step()
def check(step: Step, graph: Graph) -> Hit | None:
    if step.on_error != "output" or step.spec.kind in OFF_FLOW:
        return None
    if graph.entries and not graph.is_reachable(step):
        return None  # it never runs: that is another fault
    if step.outputs is None and len(graph.out[step.index]) > 1:
        return None  # which of the outputs is the error's is not known
    if any(edge.kind is EdgeKind.ERROR for edge in graph.out[step.index]):
        return None
    if any(lost.source == step.index and lost.kind is EdgeKind.ERROR for lost in graph.dangling):
        return None  # it is connected, to a step that is missing: that is another fault
    return Hit(
        [step],
        f"When “{step.label}” fails, its items leave by an error output that is connected to "
        "nothing: they are lost and the run still counts as a success.",
    )
