"""Calls whose failure nobody handles.

## Why it matters
Other systems are down, slow or full now and then. The run then stops in the middle, the rest of the
items is never worked on, and nobody is told.

## How to fix
Choose an error workflow in the workflow’s settings, or switch on “Retry On Fail” or an error output
in the steps that call out; in Make add an error handler to the module.

## Bad
    {"name": "Sync", "active": true, "nodes": [
      {"id": "1", "name": "Hourly", "type": "n8n-nodes-base.scheduleTrigger",
       "typeVersion": 1.2, "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Load orders", "type": "n8n-nodes-base.httpRequest", "typeVersion": 4.2,
       "position": [200, 0], "parameters": {"url": "https://shop.acme-tools.com/orders"}}],
     "connections": {"Hourly": {"main": [[{"node": "Load orders", "type": "main", "index": 0}]]}}}

## Good
    {"name": "Sync", "active": true, "nodes": [
      {"id": "1", "name": "Hourly", "type": "n8n-nodes-base.scheduleTrigger",
       "typeVersion": 1.2, "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Load orders", "type": "n8n-nodes-base.httpRequest", "typeVersion": 4.2,
       "position": [200, 0], "parameters": {"url": "https://shop.acme-tools.com/orders"},
       "retryOnFail": true}],
     "connections": {"Hourly": {"main": [[{"node": "Load orders", "type": "main", "index": 0}]]}}}
"""

from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import MAKE, N8N, OFF_FLOW, Graph, Kind, Step, Trait
from apps.workflows.analysis.rule import Rule, names

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.LOW,
    confidence=Confidence.CERTAIN,
    platforms=[N8N, MAKE],
    live_only=True,
)

#: A trigger that fails starts no run that could be handled.
_EXEMPT = OFF_FLOW | {Kind.TRIGGER}


@rule.graph
def check(graph: Graph) -> Hit | None:
    if graph.settings.error_workflow or _is_watched(graph):
        return None
    bare = [step for step in graph.steps if Trait.CALLS in step.spec.traits and _is_bare(step)]
    if not bare:
        return None
    fails = "it fails" if len(bare) == 1 else "one of them fails"
    return Hit(
        bare,
        f"When {fails}, the run stops there and nobody is told: {names(bare)} "
        f"{'has' if len(bare) == 1 else 'have'} no retry and no way for errors.",
        anchored=False,
    )


def _is_watched(graph: Graph) -> bool:
    """Whether every run has somebody who sees it fail: a person at the button, or a caller."""
    ways = [step.spec.traits for step in graph.triggers if step.enabled]
    return bool(ways) and all(Trait.STARTS not in traits for traits in ways)


def _is_bare(step: Step) -> bool:
    if step.on_error or step.retries or not step.enabled:
        return False
    return step.spec.kind not in _EXEMPT
