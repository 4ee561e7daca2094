"""A workflow that may run again creates its records again.

## Why it matters
Each time a contact comes back, one more opportunity or invoice appears: the pipeline counts the
same sale twice, and a customer may be billed twice.

## How to fix
Put a “Find Opportunity” (or another look-up) before the step and create only on its “not found”
branch, or switch off “Allow Re-entry”.

## Bad
    {"name": "New lead", "status": "published", "allowMultiple": true,
     "workflowData": {"templates": [
      {"id": "o1", "type": "internal_create_opportunity", "name": "New opportunity", "order": 0,
       "attributes": {"pipelineId": "zds62BQRinETZ2Ldljaj", "__customInputFields__": [
         {"filterField": "pipelineStageId", "value": "stage-new"}]}}]}}

## Good
    {"name": "New lead", "status": "published", "allowMultiple": false,
     "workflowData": {"templates": [
      {"id": "o1", "type": "internal_create_opportunity", "name": "New opportunity", "order": 0,
       "attributes": {"pipelineId": "zds62BQRinETZ2Ldljaj", "__customInputFields__": [
         {"filterField": "pipelineStageId", "value": "stage-new"}]}}]}}
"""

from apps.workflows.analysis.facts.records import created_by, reached_unchecked
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, Graph
from apps.workflows.analysis.rule import Rule, names

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.MEDIUM,
    confidence=Confidence.FIRM,
    platforms=[HIGHLEVEL],
)

_CREATED = frozenset({"opportunity", "invoice", "estimate", "record", "company"})


@rule.graph
def check(graph: Graph) -> Hit | None:
    if graph.settings.reentry is not True:
        return None
    creators = [step for step in graph.steps if created_by(step, graph) in _CREATED]
    if creators:
        unguarded = reached_unchecked(graph, graph.entries)
        creators = [step for step in creators if step.enabled and step.index in unguarded]
    if not creators:
        return None
    what = sorted({created_by(step, graph) for step in creators})
    return Hit(
        creators,
        f"“Allow Re-entry” is on: a new {' and '.join(what)} is made by {names(creators)} every "
        "time a contact comes through, without a look whether there is one.",
        anchored=False,
    )
