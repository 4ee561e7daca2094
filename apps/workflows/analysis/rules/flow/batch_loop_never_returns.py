"""A loop over items that stops after the first batch.

## Why it matters
The node gives out the next batch only when the loop comes back to it. Here it never does: the
first batch is handled, the rest is silently left out, and what follows “done” never runs.

## How to fix
Connect the last step of the loop back to the input of the loop node.

## Bad
    {"name": "Invoices", "active": true, "nodes": [
      {"id": "1", "name": "Every day", "type": "n8n-nodes-base.scheduleTrigger",
       "typeVersion": 1.2, "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Each invoice", "type": "n8n-nodes-base.splitInBatches",
       "typeVersion": 3, "position": [200, 0], "parameters": {"options": {}}},
      {"id": "3", "name": "Format", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [400, 100], "parameters": {}},
      {"id": "4", "name": "Sum up", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [400, 0], "parameters": {}}],
     "connections": {
      "Every day": {"main": [[{"node": "Each invoice", "type": "main", "index": 0}]]},
      "Each invoice": {"main": [[{"node": "Sum up", "type": "main", "index": 0}],
                                [{"node": "Format", "type": "main", "index": 0}]]}}}

## Good
    {"name": "Invoices", "active": true, "nodes": [
      {"id": "1", "name": "Every day", "type": "n8n-nodes-base.scheduleTrigger",
       "typeVersion": 1.2, "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Each invoice", "type": "n8n-nodes-base.splitInBatches",
       "typeVersion": 3, "position": [200, 0], "parameters": {"options": {}}},
      {"id": "3", "name": "Format", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [400, 100], "parameters": {}},
      {"id": "4", "name": "Sum up", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [400, 0], "parameters": {}}],
     "connections": {
      "Every day": {"main": [[{"node": "Each invoice", "type": "main", "index": 0}]]},
      "Each invoice": {"main": [[{"node": "Sum up", "type": "main", "index": 0}],
                                [{"node": "Format", "type": "main", "index": 0}]]},
      "Format": {"main": [[{"node": "Each invoice", "type": "main", "index": 0}]]}}}
"""

from collections import Counter

from apps.workflows.analysis.facts.loops import loop_numbers
from apps.workflows.analysis.facts.reach import leading_to
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import N8N, EdgeKind, Graph, Kind, Step
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
    batching = [step for step in graph.of_kind(Kind.LOOP) if step.outputs is not None]
    if not batching:
        return []
    numbers = loop_numbers(graph)
    shared = Counter(numbers.get(step.index) for step in batching)
    # Where a connection in the body dangles, the way back is there, and broken.
    broken = leading_to(graph, (lost.source for lost in graph.dangling))
    hits = []
    for step in batching:
        is_nested = shared[numbers.get(step.index)] > 1
        if step.index in broken or _returns(step, numbers, is_nested, graph):
            continue
        body = [edge.target for edge in graph.out[step.index] if edge.kind is EdgeKind.LOOP]
        if body or graph.out[step.index]:
            hits.append(_hit(step, body, graph))
    return hits


def _returns(step: Step, numbers: dict[int, int], is_nested: bool, graph: Graph) -> bool:
    """Whether the way back is there, if only from the wrong output.

    A body that hangs on “done” leads back from there: a fault too, but a different one. Within an
    outer loop “done” is meant to lead back.
    """
    home = numbers.get(step.index)
    back = [edge for edge in graph.out[step.index] if numbers.get(edge.target) == home]
    if home is None or not back:
        return False
    if any(edge.kind is EdgeKind.LOOP for edge in back):
        return True
    return not is_nested and any(edge.target != step.index for edge in back)


def _hit(step: Step, body: list[int], graph: Graph) -> Hit:
    if not body:
        message = (
            f"The loop output of “{step.label}” leads nowhere: no batch is handled, and “done” is "
            "never reached."
        )
        return Hit([step], message)
    first = graph.steps[min(body)]
    return Hit(
        [step, first],
        f"What starts at “{first.label}” never comes back to “{step.label}”: only the first batch "
        "is handled.",
    )
