"""Calls in a workflow that may run for ever.

## Why it matters
When another system hangs, the run hangs with it: it holds a place among the runs that can go on at
the same time, and later runs queue up behind it.

## How to fix
Switch on “Timeout Workflow” in the workflow’s settings and give it a little more than the longest
sound run takes.

## Bad
    {"name": "Sync", "active": true, "settings": {}, "nodes": [
      {"id": "1", "name": "Hourly", "type": "n8n-nodes-base.scheduleTrigger",
       "typeVersion": 1.2, "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Load orders", "type": "n8n-nodes-base.httpRequest", "typeVersion": 4.2,
       "position": [200, 0], "parameters": {"url": "https://shop.acme-tools.com/orders"}}],
     "connections": {"Hourly": {"main": [[{"node": "Load orders", "type": "main", "index": 0}]]}}}

## Good
    {"name": "Sync", "active": true, "settings": {"executionTimeout": 600}, "nodes": [
      {"id": "1", "name": "Hourly", "type": "n8n-nodes-base.scheduleTrigger",
       "typeVersion": 1.2, "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Load orders", "type": "n8n-nodes-base.httpRequest", "typeVersion": 4.2,
       "position": [200, 0], "parameters": {"url": "https://shop.acme-tools.com/orders"}}],
     "connections": {"Hourly": {"main": [[{"node": "Load orders", "type": "main", "index": 0}]]}}}
"""

from apps.workflows.analysis.facts.values import mapping
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import N8N, Graph, Kind, Step, Trait
from apps.workflows.analysis.rule import Rule, names

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.LOW,
    confidence=Confidence.FIRM,
    platforms=[N8N],
    live_only=True,
)

_CALLING = frozenset({Kind.CALL, Kind.WRITE, Kind.MESSAGE})


@rule.graph
def check(graph: Graph) -> Hit | None:
    timeout = graph.settings.raw.get("executionTimeout")
    if isinstance(timeout, (int, float)) and not isinstance(timeout, bool) and timeout > 0:
        return None
    if not any(_starts_itself(step) for step in graph.triggers):
        return None  # whoever starts it by hand, or calls it, can stop it
    calls = [
        step
        for step in graph.steps
        if step.spec.kind in _CALLING and _may_hang(step) and graph.is_reachable(step)
    ]
    if not calls:
        return None
    wait = "waits" if len(calls) == 1 else "wait"
    return Hit(
        calls,
        f"{names(calls)} {wait} for other systems, five minutes or more where one hangs, and "
        "the workflow sets no limit to a run.",
        anchored=False,
    )


def _starts_itself(trigger: Step) -> bool:
    return trigger.enabled and Trait.STARTS in trigger.spec.traits


def _may_hang(step: Step) -> bool:
    """A call to an address of one’s own choice; steps for an app know how long that may take."""
    if not step.enabled or Trait.CALLS not in step.spec.traits or "url" not in step.params:
        return False
    return "timeout" not in mapping(step.params.get("options"))
