"""A whole list is written to at once.

## Why it matters
Hundreds of messages in one minute look like spam to carriers and mailbox providers: they are held
back, and your number and domain lose their good name.

## How to fix
Put a “Drip” step before the first message and set how many contacts pass per hour.

## Bad
    {"name": "May offer", "status": "published", "triggers":
      [{"id": "t1", "type": "contact_tag", "name": "Tag", "active": true, "conditions": [
       {"field": "tagsAdded", "operator": "index-of-true", "value": "reactivation"}]}],
     "workflowData": {"templates": [
      {"id": "s", "type": "sms", "name": "Offer", "order": 0,
       "attributes": {"body": "Acme Dental: two for one in May."}}]}}

## Good
    {"name": "May offer", "status": "published", "triggers":
      [{"id": "t1", "type": "contact_tag", "name": "Tag", "active": true, "conditions": [
       {"field": "tagsAdded", "operator": "index-of-true", "value": "reactivation"}]}],
     "workflowData": {"templates": [
      {"id": "d", "type": "drip", "name": "Drip", "order": 0, "next": "s",
       "attributes": {"type": "drip", "batchSize": 100,
                      "interval": {"timeUnit": "hours", "value": 1}}},
      {"id": "s", "type": "sms", "name": "Offer", "order": 1,
       "attributes": {"body": "Acme Dental: two for one in May."}}]}}
"""

import re

from apps.workflows.analysis.facts.reach import reached_from
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, Graph, Kind, Need, Step
from apps.workflows.analysis.rule import Rule, names

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.MEDIUM,
    confidence=Confidence.FIRM,
    platforms=[HIGHLEVEL],
    needs=(Need.TRIGGERS, Need.CONTENT),
)

_BULK = frozenset(
    {"list", "lists", "import", "imports", "imported", "reactivation", "reactivations"}
    | {"reactivate", "blast", "blasts", "database"}
)


@rule.graph
def check(graph: Graph) -> Hit | None:
    starts = [step for step in graph.triggers if step.enabled and _starts_many(step, graph)]
    if not starts:
        return None
    drips = [step.index for step in graph.steps if step.enabled and step.type == "drip"]
    reached = reached_from(graph, (step.index for step in starts), stop=drips)
    sent = [step for step in graph.of_kind(Kind.MESSAGE) if step.index in reached]
    if not sent:
        return None
    return Hit(
        sent,
        f"{names(starts)} can let a whole list in at once, and all of them get {names(sent)} in "
        "the same minutes: there is no drip.",
        anchored=False,
    )


def _starts_many(step: Step, graph: Graph) -> bool:
    if step.type == "scheduler_trigger":
        return True
    if step.type != "contact_tag":
        return False
    named = [graph.name]
    for condition in step.filters:
        named.extend(condition.values)
    return any(not _BULK.isdisjoint(re.split(r"[\W_]+", name.lower())) for name in named)
