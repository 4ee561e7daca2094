"""A webhook that creates a record each time it is called.

## Why it matters
Senders repeat a call when the answer is late. Every repeat makes one more opportunity, order or
charge: customers are billed twice and the numbers are wrong.

## How to fix
Look the record up first (by the sender's id) and create it only when there is none, or use a step
that updates or creates; for charges send an idempotency key.

## Bad
    {"name": "New order", "active": true, "nodes": [
      {"id": "1", "name": "Webhook", "type": "n8n-nodes-base.webhook", "typeVersion": 2,
       "position": [0, 0], "parameters": {"path": "orders", "authentication": "headerAuth"}},
      {"id": "2", "name": "New record", "type": "n8n-nodes-base.airtable", "typeVersion": 2.1,
       "position": [200, 0], "parameters": {"operation": "create"}}],
     "connections": {"Webhook": {"main": [[{"node": "New record", "type": "main", "index": 0}]]}}}

## Good
    {"name": "New order", "active": true, "nodes": [
      {"id": "1", "name": "Webhook", "type": "n8n-nodes-base.webhook", "typeVersion": 2,
       "position": [0, 0], "parameters": {"path": "orders", "authentication": "headerAuth"}},
      {"id": "2", "name": "New record", "type": "n8n-nodes-base.airtable", "typeVersion": 2.1,
       "position": [200, 0], "parameters": {"operation": "upsert"}}],
     "connections": {"Webhook": {"main": [[{"node": "New record", "type": "main", "index": 0}]]}}}

## Bad (highlevel)
    {"name": "Order", "status": "published", "triggers": [
      {"id": "t1", "type": "inbound_webhook", "name": "Order comes in", "active": true}],
     "workflowData": {"templates": [
      {"id": "i1", "type": "payments_create_invoice", "name": "Bill", "order": 0,
       "attributes": {"templateId": "tpl1", "userId": "u1", "action": "send"}}]}}

## Good (highlevel)
    {"name": "Order", "status": "published", "triggers": [
      {"id": "t1", "type": "inbound_webhook", "name": "Order comes in", "active": true}],
     "workflowData": {"templates": [
      {"id": "c1", "type": "create_update_contact", "name": "Customer", "order": 0,
       "attributes": {"fields": [{"field": "phone",
                                  "value": "{{inboundWebhookRequest.phone}}"}]}}]}}
"""

from apps.workflows.analysis.facts.records import created_by, reached_unchecked
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, N8N, Graph, Need, Step
from apps.workflows.analysis.rule import Rule, names

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.MEDIUM,
    confidence=Confidence.FIRM,
    platforms=[HIGHLEVEL, N8N],
    needs=(Need.TRIGGERS, Need.CONTENT),
)

_WEBHOOKS = frozenset({"n8n-nodes-base.webhook", "inbound_webhook"})


@rule.graph
def check(graph: Graph) -> Hit | None:
    starts = [step for step in graph.triggers if step.enabled and step.type in _WEBHOOKS]
    if not starts:
        return None
    creators = [step for step in graph.steps if step.enabled and created_by(step, graph)]
    if creators:
        reached = reached_unchecked(graph, [step.index for step in starts])
        creators = [step for step in creators if step.index in reached and not _is_safe(step)]
    if not creators:
        return None
    what = sorted({created_by(step, graph) for step in creators})
    return Hit(
        creators,
        f"A repeated call to {names(starts)} makes {names(creators)} create the same "
        f"{' and '.join(what)} again: nothing on the way looks whether it is there already.",
        anchored=False,
    )


def _is_safe(step: Step) -> bool:
    """The other side recognises a repeat by a key that the call brings along."""
    return "idempoten" in str(step.params)[:20_000].lower()
