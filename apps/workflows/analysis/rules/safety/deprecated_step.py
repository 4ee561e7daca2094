"""Steps of a kind that has been replaced.

## Why it matters
Retired step types and old major versions get no more corrections; they behave differently from what
the documentation says, and one day they are removed.

## How to fix
Replace each of these steps by a new one of the current type and copy its settings over.

## Bad
    {"name": "Totals", "active": false, "nodes": [
      {"id": "1", "name": "Start", "type": "n8n-nodes-base.manualTrigger", "typeVersion": 1,
       "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Add up", "type": "n8n-nodes-base.function", "typeVersion": 1,
       "position": [200, 0], "parameters": {"functionCode": "return items;"}}],
     "connections": {"Start": {"main": [[{"node": "Add up", "type": "main", "index": 0}]]}}}

## Good
    {"name": "Totals", "active": false, "nodes": [
      {"id": "1", "name": "Start", "type": "n8n-nodes-base.manualTrigger", "typeVersion": 1,
       "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Add up", "type": "n8n-nodes-base.code", "typeVersion": 2,
       "position": [200, 0], "parameters": {"jsCode": "return items;"}}],
     "connections": {"Start": {"main": [[{"node": "Add up", "type": "main", "index": 0}]]}}}

## Bad (highlevel)
    {"name": "New deal", "status": "published", "workflowData": {"templates": [
      {"id": "deal", "type": "create_opportunity", "name": "Create deal", "order": 0,
       "attributes": {"pipeline_id": "p1", "pipeline_stage_id": "s1",
        "opportunity_name": "{{contact.name}}"}}]}}

## Good (highlevel)
    {"name": "New deal", "status": "published", "workflowData": {"templates": [
      {"id": "deal", "type": "internal_create_opportunity", "name": "Create deal", "order": 0,
       "attributes": {"pipelineId": "p1", "pipelineStageId": "s1"}}]}}
"""

from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, N8N, Graph, Kind, Step
from apps.workflows.analysis.rule import Rule

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.LOW,
    confidence=Confidence.CERTAIN,
    platforms=[HIGHLEVEL, N8N],
)

_SHOWN = 5
#: AI steps get a new major version every few months and the old ones are kept and corrected:
#: there only what is retired counts, or nearly every workflow of last year would be out of date.
_FAST = frozenset({Kind.AI, Kind.SUBNODE})


@rule.graph
def check(graph: Graph) -> Hit | None:
    old = {step.index: why for step in graph.steps if step.enabled and (why := _why(step))}
    if not old:
        return None
    steps = [graph.steps[index] for index in old]
    listed = [f"“{graph.steps[index].label}” ({why})" for index, why in list(old.items())[:_SHOWN]]
    more = f" and {len(old) - _SHOWN} more" if len(old) > _SHOWN else ""
    return Hit(
        steps,
        f"Out of date: {', '.join(listed)}{more}.",
        anchored=False,
    )


def _why(step: Step) -> str:
    """In what way a step is out of date; a retired trigger is reported as such elsewhere."""
    if step.spec.deprecated and step.spec.kind is not Kind.TRIGGER:
        return _instead(step.spec.deprecated)
    if 0 < int(step.version) < int(step.newest_version) and step.spec.kind not in _FAST:
        return f"version {step.version:g}, now {step.newest_version:g}"
    return ""


def _instead(deprecated: str) -> str:
    """What to use in its place, or why there is nothing."""
    nothing, gone, why = deprecated.partition("nothing: ")
    return f"retired: {why}" if gone and not nothing else f"retired, use {deprecated}"
