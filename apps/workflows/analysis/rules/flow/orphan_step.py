"""A step that is connected to nothing.

## Why it matters
It never runs. Left over from building, it makes people believe that something happens which does
not.

## How to fix
Connect the step to the path it belongs to, or delete it.

## Bad
    {"name": "New lead", "nodes": [
      {"id": "1", "name": "Start", "type": "n8n-nodes-base.manualTrigger", "typeVersion": 1,
       "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Save lead", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [200, 0], "parameters": {}},
      {"id": "3", "name": "Shorten", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [200, 200], "parameters": {}}],
     "connections": {
      "Start": {"main": [[{"node": "Save lead", "type": "main", "index": 0}]]}}}

## Good
    {"name": "New lead", "nodes": [
      {"id": "1", "name": "Start", "type": "n8n-nodes-base.manualTrigger", "typeVersion": 1,
       "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Save lead", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [200, 0], "parameters": {}},
      {"id": "3", "name": "Shorten", "type": "n8n-nodes-base.stickyNote", "typeVersion": 1,
       "position": [200, 200], "parameters": {}}],
     "connections": {
      "Start": {"main": [[{"node": "Save lead", "type": "main", "index": 0}]]}}}
"""

from apps.workflows.analysis.facts.wiring import copies
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import PLATFORMS, Graph, Kind, Step
from apps.workflows.analysis.rule import Rule

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.LOW,
    confidence=Confidence.CERTAIN,
    platforms=PLATFORMS,
)

#: They stand alone by their nature, or start by themselves.
_EXEMPT = frozenset({Kind.TRIGGER, Kind.NOTE, Kind.CONFIG, Kind.MARKER, Kind.ERROR})
_NO_STEPS = frozenset({Kind.NOTE, Kind.CONFIG})


@rule.graph
def check(graph: Graph) -> list[Hit]:
    out, into = graph.out, graph.into
    alone = [
        step
        for step in graph.steps
        if not out[step.index] and not into[step.index] and _counts(step, graph)
    ]
    if not alone or sum(step.spec.kind not in _NO_STEPS for step in graph.steps) < 2:
        return []
    connected = _otherwise_connected(graph)
    return [
        Hit([step], f"“{step.label}” is connected to nothing, so it never runs.")
        for step in alone
        if step.index not in connected
    ]


def _counts(step: Step, graph: Graph) -> bool:
    return step.enabled and step.spec.kind not in _EXEMPT and not graph.is_reachable(step)


def _otherwise_connected(graph: Graph) -> set[int]:
    """Sub-nodes and what they serve, and steps whose connection has a fault of its own."""
    connected = copies(graph)
    for consumer, edges in graph.attached.items():
        connected.add(consumer)
        connected.update(edge.source for edge in edges)
    connected.update(end.source for end in graph.dangling)
    connected.update(index for index, _ in graph.bad_connections)
    return connected
