"""A review request that goes to everybody.

## Why it matters
Customers with an open complaint are asked for a public review as well, and give one.

## How to fix
Put an if/else before the step that leaves out contacts with an open complaint, a refund or a visit
that did not take place.

## Bad
    {"name": "Follow-up", "status": "published",
     "workflowData": {"templates": [
      {"id": "r", "type": "review_request", "name": "Ask for a review", "order": 0,
       "attributes": {"type": "review_request", "review_type": "sms"}}]}}

## Good
    {"name": "Follow-up", "status": "published",
     "workflowData": {"templates": [
      {"id": "c", "type": "wait", "name": "Happy?", "order": 0, "next": "r",
       "attributes": {"type": "condition", "condition": {"branches": []}}},
      {"id": "r", "type": "review_request", "name": "Ask for a review", "order": 1,
       "attributes": {"type": "review_request", "review_type": "sms"}}]}}
"""

from apps.workflows.analysis.facts.reach import reached_from
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, Graph, Kind, Step, Trait
from apps.workflows.analysis.rule import Rule

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.LOW,
    confidence=Confidence.CERTAIN,
    platforms=[HIGHLEVEL],
)


@rule.graph
def check(graph: Graph) -> list[Hit]:
    requests = [step for step in graph.of_kind(Kind.MESSAGE) if step.type == "review_request"]
    # Of a step that came alone in its file, nothing is known about what stands before it.
    if not requests or graph.raw.get("fragment") is True:
        return []
    asking = [step.index for step in graph.steps if step.enabled and _asks(step)]
    reached = reached_from(graph, graph.entries, stop=asking)
    return [
        Hit(
            [step],
            f"“{step.label}” asks every contact for a review: no condition stands before it.",
        )
        for step in requests
        if step.index in reached or not graph.is_reachable(step)
    ]


def _asks(step: Step) -> bool:
    """Whether a step sorts contacts; a random split does not."""
    if step.wait is not None and step.wait.type == "condition":
        return True
    if step.spec.kind is Kind.GOAL:
        return True
    if step.spec.kind is Kind.BRANCH:
        return step.type != "workflow_split"
    return step.spec.kind is Kind.AI and Trait.MULTIPATH in step.spec.traits
