"""A step that is switched off in a live workflow.

## Why it matters
The workflow looks complete, but everyone passes this step as if it were not there. Switched off for
a test and forgotten, it leaves out a message, or a check that kept people out.

## How to fix
Switch the step on again, or delete it if it is no longer needed.

## Bad
    {"name": "Orders", "active": true, "nodes": [
      {"id": "1", "name": "Every hour", "type": "n8n-nodes-base.scheduleTrigger",
       "typeVersion": 1.2, "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Only paid", "type": "n8n-nodes-base.filter", "typeVersion": 2.2,
       "position": [200, 0], "disabled": true, "parameters": {}},
      {"id": "3", "name": "Format order", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [400, 0], "parameters": {}}],
     "connections": {
      "Every hour": {"main": [[{"node": "Only paid", "type": "main", "index": 0}]]},
      "Only paid": {"main": [[{"node": "Format order", "type": "main", "index": 0}]]}}}

## Good
    {"name": "Orders", "active": true, "nodes": [
      {"id": "1", "name": "Every hour", "type": "n8n-nodes-base.scheduleTrigger",
       "typeVersion": 1.2, "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Only paid", "type": "n8n-nodes-base.filter", "typeVersion": 2.2,
       "position": [200, 0], "parameters": {}},
      {"id": "3", "name": "Format order", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [400, 0], "parameters": {}}],
     "connections": {
      "Every hour": {"main": [[{"node": "Only paid", "type": "main", "index": 0}]]},
      "Only paid": {"main": [[{"node": "Format order", "type": "main", "index": 0}]]}}}
"""

from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import (
    HIGHLEVEL,
    N8N,
    NODE_RED,
    EdgeKind,
    Graph,
    Kind,
    Step,
    Trait,
)
from apps.workflows.analysis.rule import Rule

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.LOW,
    confidence=Confidence.CERTAIN,
    platforms=[HIGHLEVEL, N8N, NODE_RED],
)

_NO_STEPS = frozenset({Kind.NOTE, Kind.CONFIG, Kind.MARKER})
#: Steps that ask for permission, by what people call them.
_CONSENT = ("consent", "opt-in", "opt in", "opted", "unsubscribe", "do not disturb", "gdpr")


@rule.graph
def check(graph: Graph) -> list[Hit]:
    if graph.active is not True:
        return []
    return [
        hit
        for step in graph.steps
        if not step.enabled and step.spec.kind not in _NO_STEPS and (hit := _hit(step, graph))
    ]


def _hit(step: Step, graph: Graph) -> Hit | None:
    if not graph.is_reachable(step):
        return None  # parked beside the flow: nobody passes it
    is_start = step.spec.kind is Kind.TRIGGER
    if is_start and not _is_missed(step, graph):
        return None
    if _handles_errors(step, graph):
        message = f"“{step.label}” handles errors and is switched off: they go unnoticed."
        return Hit([step], message, severity=Severity.MEDIUM)
    if is_start:
        return Hit([step], f"“{step.label}” is switched off: it no longer starts the workflow.")
    if _lets_through(step):
        message = f"“{step.label}” is switched off: everyone gets past it, whatever it asks for."
        return Hit([step], message, severity=Severity.MEDIUM)
    return Hit([step], f"“{step.label}” is switched off: everyone passes it and nothing happens.")


def _is_missed(trigger: Step, graph: Graph) -> bool:
    """One of several starts; that none of them is on is another fault.

    HighLevel's triggers are no steps, and what a person presses in the editor starts nothing live.
    """
    if graph.platform == HIGHLEVEL or Trait.MANUAL in trigger.spec.traits:
        return False
    return any(other.enabled for other in graph.triggers)


def _handles_errors(step: Step, graph: Graph) -> bool:
    if step.spec.kind is Kind.ERROR or Trait.ON_ERROR in step.spec.traits:
        return True
    return any(edge.kind is EdgeKind.ERROR for edge in graph.into[step.index])


def _lets_through(step: Step) -> bool:
    if step.spec.kind is Kind.BRANCH:
        return True
    label = step.label.lower()
    return not step.spec.has_effect and any(word in label for word in _CONSENT)
