"""A purchase or form that starts the workflow only once per contact.

## Why it matters
Whoever buys or fills in the form a second time gets nothing: no confirmation, no follow-up, no task
for the team.

## How to fix
Switch on “Allow Re-entry” in the workflow's settings, unless once per contact is what you want.

## Bad
    {"name": "Order follow-up", "status": "published", "allowMultiple": false, "triggers": [
      {"id": "t1", "type": "order_submission", "name": "Order", "active": true,
       "conditions": [{"field": "order.source", "operator": "==", "value": "funnel"}]}],
     "workflowData": {"templates": [
      {"id": "s1", "type": "sms", "name": "Thank you", "order": 0,
       "attributes": {"body": "Thanks, we will call you today."}}]}}

## Good
    {"name": "Order follow-up", "status": "published", "allowMultiple": true, "triggers": [
      {"id": "t1", "type": "order_submission", "name": "Order", "active": true,
       "conditions": [{"field": "order.source", "operator": "==", "value": "funnel"}]}],
     "workflowData": {"templates": [
      {"id": "s1", "type": "sms", "name": "Thank you", "order": 0,
       "attributes": {"body": "Thanks, we will call you today."}}]}}
"""

from apps.workflows.analysis.facts.triggers import live_triggers
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, Graph, Need
from apps.workflows.analysis.rule import Rule, names

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.LOW,
    confidence=Confidence.TENTATIVE,
    platforms=[HIGHLEVEL],
    needs=(Need.TRIGGERS,),
)

_REPEATABLE = (
    "form_submission",
    "survey_submission",
    "quiz_submitted",
    "payment_received",
    "order_submission",
    "two_step_form_submission",
    "shopify_order_placed",
)


@rule.graph
def check(graph: Graph) -> Hit | None:
    if graph.settings.reentry is not False or _is_onboarding(graph):
        return None
    triggers = live_triggers(graph, *_REPEATABLE)
    if not triggers:
        return None
    return Hit(
        triggers,
        f"{names(triggers)} can happen again and again, but “Allow Re-entry” is off: only a "
        "contact's first time starts the workflow.",
        anchored=False,
    )


def _is_onboarding(graph: Graph) -> bool:
    """Some workflows are meant for once in a customer's life."""
    titles = [graph.name, *(trigger.name for trigger in graph.triggers)]
    return any("onboard" in title.lower().replace("-", "") for title in titles)
