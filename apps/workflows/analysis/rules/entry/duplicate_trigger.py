"""The same trigger twice.

## Why it matters
One event starts the workflow twice: the contact gets every message double, or is refused the second
time and the log fills with noise.

## How to fix
Delete one of the two triggers, or give it the filter it was meant to have.

## Bad
    {"name": "Quote request", "status": "published", "triggers": [
      {"id": "t1", "type": "form_submission", "name": "Form", "active": true,
       "conditions": [{"field": "form.id", "operator": "==", "value": "frm8"}]},
      {"id": "t2", "type": "form_submission", "name": "Form (copy)", "active": true,
       "conditions": [{"field": "form.id", "operator": "==", "value": "frm8"}]}],
     "workflowData": {"templates": [
      {"id": "s1", "type": "sms", "name": "Thank you", "order": 0,
       "attributes": {"body": "Thanks, we will call you today."}}]}}

## Good
    {"name": "Quote request", "status": "published", "triggers": [
      {"id": "t1", "type": "form_submission", "name": "Form", "active": true,
       "conditions": [{"field": "form.id", "operator": "==", "value": "frm8"}]},
      {"id": "t2", "type": "form_submission", "name": "Other form", "active": true,
       "conditions": [{"field": "form.id", "operator": "==", "value": "frm9"}]}],
     "workflowData": {"templates": [
      {"id": "s1", "type": "sms", "name": "Thank you", "order": 0,
       "attributes": {"body": "Thanks, we will call you today."}}]}}
"""

import json

from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, Graph, Need, Step
from apps.workflows.analysis.rule import Rule, names
from apps.workflows.analysis.triggers import filters_of, live_triggers

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.HIGH,
    confidence=Confidence.CERTAIN,
    platforms=[HIGHLEVEL],
    needs=(Need.TRIGGERS,),
)

#: Every webhook trigger has an address of its own, which is not among its filters.
_ONE_OF_A_KIND = frozenset({"inbound_webhook"})
#: Where else than in its filters a trigger says when it fires.
_SETTINGS = ("schedule", "config", "extra", "attribute", "custom", "interval", "target")
#: What most kinds of filter are called in one dataVersion or another.
_SAME = {"eq": "==", "=": "==", "===": "==", "equals": "==", "equal": "==", "is": "=="}


@rule.graph
def check(graph: Graph) -> list[Hit]:
    alike: dict[str, list[Step]] = {}
    for trigger in live_triggers(graph):
        if trigger.type and trigger.type not in _ONE_OF_A_KIND:
            alike.setdefault(_signature(trigger), []).append(trigger)
    return [
        Hit(
            group,
            f"The triggers {names(group)} start the workflow on the same event with the same "
            "filters.",
        )
        for _, group in sorted(alike.items())
        if len(group) > 1
    ]


def _signature(trigger: Step) -> str:
    """Everything that decides when the trigger fires, whatever the order in the file."""
    filters = sorted(
        [
            each.field,
            _SAME.get(each.operator.strip().lower(), each.operator.strip().lower()),
            *sorted({value.strip() for value in each.values}),
        ]
        for each in filters_of(trigger)
    )
    settings = {
        key: value
        for key, value in trigger.raw.items()
        if value and any(word in key.lower() for word in _SETTINGS)
    }
    return json.dumps([trigger.type, filters, settings], sort_keys=True, default=str)
