"""A schedule starts steps that need a contact.

## Why it matters
A scheduler brings no contact along, so there is nobody to write to: the steps are skipped or fail,
on every run.

## How to fix
Put a “Find Contact” step right after the trigger, or start the workflow with a trigger that brings
a contact (a tag, a form, a date field).

## Bad
    {"name": "Monday message", "status": "published", "triggers": [
      {"id": "t1", "type": "scheduler_trigger", "name": "Every Monday", "active": true,
       "conditions": [{"field": "scheduler.interval", "operator": "==", "value": "weekly"}]}],
     "workflowData": {"templates": [
      {"id": "s1", "type": "sms", "name": "Offer of the week", "order": 0,
       "attributes": {"body": "This week: two for one at Acme Dental."}}]}}

## Good
    {"name": "Monday message", "status": "published", "triggers": [
      {"id": "t1", "type": "scheduler_trigger", "name": "Every Monday", "active": true,
       "conditions": [{"field": "scheduler.interval", "operator": "==", "value": "weekly"}]}],
     "workflowData": {"templates": [
      {"id": "n1", "type": "internal_notification", "name": "Tell the desk", "order": 0,
       "attributes": {"type": "email", "email": {"subject": "Monday", "html": "Check the offers.",
                                                 "userType": "all"}}}]}}
"""

from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, Graph, Kind, Need, Step, Trait
from apps.workflows.analysis.rule import Rule, names

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.HIGH,
    confidence=Confidence.CERTAIN,
    platforms=[HIGHLEVEL],
    needs=(Need.TRIGGERS, Need.CONTENT),
)

#: What makes a contact of the run; a look-up's “not found” branch aside.
_BRINGING = frozenset({"find_contact", "create_update_contact", "find_or_create_contact"})


@rule.step(Kind.TRIGGER)
def check(step: Step, graph: Graph) -> Hit | None:
    if step.type != "scheduler_trigger":
        return None
    bringing = [each.index for each in graph.steps if each.enabled and each.type in _BRINGING]
    needing = [
        graph.steps[index]
        for index in sorted(graph.after(step, stop=bringing))
        if graph.steps[index].enabled
        and Trait.NEEDS_CONTACT in graph.steps[index].spec.traits
        and graph.steps[index].spec.kind is not Kind.TRIGGER
    ]
    if not needing:
        return None
    ways = {each.index: graph.path_to(each) for each in needing[:20]}
    first = min(needing[:20], key=lambda each: (len(ways[each.index]), each.index))
    needing.sort(key=lambda each: each is not first)
    return Hit(
        needing,
        f"“{step.label}” starts the workflow without a contact, and one is needed by "
        f"{names(needing)}.",
        path=graph.path_between(step, first),
        param=step.id,
        anchored=False,
    )
