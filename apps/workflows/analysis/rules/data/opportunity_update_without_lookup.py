"""An opportunity is updated that nothing has looked up.

## Why it matters
A contact can have several opportunities or none: without a look-up the step may change the wrong
deal, or none at all without a word.

## How to fix
Put a “Find Opportunity” step with the right pipeline before the update and update in its “found”
branch.

## Bad
    {"name": "Paid", "status": "published", "workflowData": {"templates": [
      {"id": "win", "type": "internal_update_opportunity", "name": "Mark as won", "order": 0,
       "attributes": {"__customInputFields__": [{"filterField": "status", "value": "won"}]}}]},
     "triggers": [{"id": "t1", "type": "form_submission", "name": "Order form", "active": true,
       "conditions": [{"field": "form.id", "operator": "is", "value": "f1"}]}]}

## Good
    {"name": "Paid", "status": "published", "workflowData": {"templates": [
      {"id": "find", "type": "find_opportunity", "name": "Find deal", "order": 0, "next": "win",
       "attributes": {"sorting": "latest"}},
      {"id": "win", "type": "internal_update_opportunity", "name": "Mark as won", "order": 1,
       "attributes": {"__customInputFields__": [{"filterField": "status", "value": "won"}]}}]},
     "triggers": [{"id": "t1", "type": "form_submission", "name": "Order form", "active": true,
       "conditions": [{"field": "form.id", "operator": "is", "value": "f1"}]}]}
"""

from apps.workflows.analysis.facts.reach import reached_from
from apps.workflows.analysis.findings import Confidence, Hit, NotChecked, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, Graph, Kind, Need, Step
from apps.workflows.analysis.rule import Rule

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.MEDIUM,
    confidence=Confidence.FIRM,
    platforms=[HIGHLEVEL],
    needs=(Need.TRIGGERS,),
)

_UPDATES = "internal_update_opportunity"
#: Steps after which it is clear which opportunity is meant: looked up, or just created.
_SETTLES = frozenset({"find_opportunity", "create_opportunity", "internal_create_opportunity"})
#: Triggers that bring the opportunity with them begin so.
_OF_OPPORTUNITIES = ("opportunity_", "pipeline_stage")


@rule.graph
def check(graph: Graph) -> list[Hit] | NotChecked:
    updates = [step for step in graph.of_kind(Kind.WRITE) if step.type == _UPDATES]
    if not updates:
        return []
    if not graph.triggers:
        return NotChecked("nothing in the file says what starts this workflow")
    starts = [step.index for step in graph.triggers if step.enabled and not _brings_one(step)]
    settling = [step.index for step in graph.steps if step.enabled and step.type in _SETTLES]
    unsettled = reached_from(graph, starts, stop=settling)
    return [
        Hit(
            [step],
            f"“{step.label}” updates an opportunity that no step before it has looked up: which "
            "of the contact’s opportunities it changes, if any, is left to chance.",
            path=_walk(graph, starts, step, settling),
        )
        for step in updates
        if step.index in unsettled
    ]


def _brings_one(trigger: Step) -> bool:
    return trigger.type.startswith(_OF_OPPORTUNITIES)


def _walk(graph: Graph, starts: list[int], goal: Step, avoid: list[int]) -> list[Step]:
    """A shortest path from one of the triggers that passes no look-up."""
    avoided = frozenset(avoid)
    came: dict[int, int] = dict.fromkeys(starts, -1)
    queue = list(starts)
    for index in queue:
        if index == goal.index:
            break
        for edge in graph.out[index] if index not in avoided else ():
            if edge.target not in came:
                came[edge.target] = index
                queue.append(edge.target)
    walk = []
    index = goal.index
    while index >= 0:
        walk.append(graph.steps[index])
        index = came[index]
    return walk[::-1]
