"""Two steps with the same id.

## Why it matters
The platform tells steps apart by their ids. With two of one id, connections, saved settings and
logs of one step end up at the other, and which of them runs is a matter of chance.

## How to fix
Delete one of the steps in the editor and add it again: it then gets an id of its own.

Ids get doubled where steps are copied inside the file or two workflows are joined by hand.

## Bad
    {"name": "New lead", "status": "published", "workflowData": {"templates": [
      {"id": "hello", "type": "sms", "name": "Say hello", "order": 0, "next": "tag",
       "attributes": {"body": "Hi, this is Acme Dental. How can we help?"}},
      {"id": "tag", "type": "add_contact_tag", "name": "Tag as lead", "order": 1,
       "attributes": {"tags": ["lead"]}},
      {"id": "tag", "type": "add_contact_tag", "name": "Tag as new", "order": 2,
       "attributes": {"tags": ["new"]}}]}}

## Good
    {"name": "New lead", "status": "published", "workflowData": {"templates": [
      {"id": "hello", "type": "sms", "name": "Say hello", "order": 0, "next": "tag",
       "attributes": {"body": "Hi, this is Acme Dental. How can we help?"}},
      {"id": "tag", "type": "add_contact_tag", "name": "Tag as lead", "order": 1, "next": "tag2",
       "attributes": {"tags": ["lead"]}},
      {"id": "tag2", "type": "add_contact_tag", "name": "Tag as new", "order": 2,
       "attributes": {"tags": ["new"]}}]}}
"""

from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import PLATFORMS, Graph
from apps.workflows.analysis.rule import Rule, names

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.HIGH,
    confidence=Confidence.CERTAIN,
    platforms=PLATFORMS,
)


@rule.graph
def check(graph: Graph) -> list[Hit]:
    hits = []
    for step_id, indexes in sorted(graph.duplicate_ids.items()):
        steps = [graph.steps[index] for index in sorted(indexes)]
        if any(step.enabled for step in steps):
            message = f"{names(steps)} have the same id, {step_id[:80]}."
            hits.append(Hit(steps, message, param=step_id, anchored=False))
    return hits
