"""Connections of a step that is not there.

## Why it matters
n8n keeps connections under the name of the step they start from. No step has this name, so these
connections are lost and what they should lead to does not run.

## How to fix
Connect the right step again in the editor, or change the name under “connections” in the file to
the name the step has now.

The step was renamed or deleted outside the editor; inside it, n8n renames the connections as well.

## Bad
    {"name": "Orders", "nodes": [
      {"id": "1", "name": "Start", "type": "n8n-nodes-base.manualTrigger", "typeVersion": 1,
       "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Save order", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [200, 0], "parameters": {}}],
     "connections": {
      "Start here": {"main": [[{"node": "Save order", "type": "main", "index": 0}]]}}}

## Good
    {"name": "Orders", "nodes": [
      {"id": "1", "name": "Start", "type": "n8n-nodes-base.manualTrigger", "typeVersion": 1,
       "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Save order", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [200, 0], "parameters": {}}],
     "connections": {
      "Start": {"main": [[{"node": "Save order", "type": "main", "index": 0}]]}}}
"""

from collections.abc import Iterator
from typing import Any

from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import N8N, Graph, Step
from apps.workflows.analysis.rule import Rule, names

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.HIGH,
    confidence=Confidence.CERTAIN,
    platforms=[N8N],
)


@rule.graph
def check(graph: Graph) -> list[Hit]:
    if not graph.unknown_sources:
        return []
    return [_hit(graph, source) for source in sorted(set(graph.unknown_sources))]


def _hit(graph: Graph, source: str) -> Hit:
    targets = _targets(graph, source)
    lost = f": nothing comes to {names(targets)} from there" if targets else ""
    return Hit(
        targets,
        f"There are connections that start from “{source[:80]}”, but no step has this name{lost}.",
        param=source,
        anchored=False,
    )


def _targets(graph: Graph, source: str) -> list[Step]:
    """The steps these connections would lead to: they show where something is missing."""
    connections = graph.raw.get("connections")
    outputs = connections.get(source) if isinstance(connections, dict) else None
    wanted = set(_target_names(outputs))
    return [step for step in graph.steps if step.name in wanted] if wanted else []


def _target_names(value: Any) -> Iterator[str]:
    """Every ``node`` of the connections below ``value``, whatever shape they have."""
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, list):
            stack.extend(item)
        elif isinstance(item, dict):
            name = item.get("node")
            if isinstance(name, str):
                yield name
            else:
                stack.extend(item.values())
