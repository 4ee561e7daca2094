"""Anybody who knows the address can start this workflow.

## Why it matters
Addresses leak, through logs, browsers and former partners. Whoever has this one can feed the
workflow made-up orders, contacts or messages, as often as they like.

## How to fix
n8n: open the webhook, set “Authentication” to header, basic or JWT and give the caller the secret.
HighLevel and Node-RED: test a secret that only the caller knows right behind the webhook.

## Bad
    {"name": "New order", "active": true, "nodes": [
      {"id": "1", "name": "Webhook", "type": "n8n-nodes-base.webhook", "typeVersion": 2,
       "position": [0, 0], "parameters": {"path": "orders", "httpMethod": "POST"}},
      {"id": "2", "name": "Save", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [200, 0], "parameters": {}}],
     "connections": {"Webhook": {"main": [[{"node": "Save", "type": "main", "index": 0}]]}}}

## Good
    {"name": "New order", "active": true, "nodes": [
      {"id": "1", "name": "Webhook", "type": "n8n-nodes-base.webhook", "typeVersion": 2,
       "position": [0, 0],
       "parameters": {"path": "orders", "httpMethod": "POST", "authentication": "headerAuth"}},
      {"id": "2", "name": "Save", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [200, 0], "parameters": {}}],
     "connections": {"Webhook": {"main": [[{"node": "Save", "type": "main", "index": 0}]]}}}

## Bad (node-red)
    [{"id": "a1", "type": "http in", "z": "t1", "name": "Order", "url": "/orders", "method": "post",
      "x": 100, "y": 100, "wires": [["a2"]]},
     {"id": "a2", "type": "http response", "z": "t1", "name": "", "x": 300, "y": 100, "wires": []},
     {"id": "t1", "type": "tab", "label": "Orders"}]

## Good (node-red)
    [{"id": "a1", "type": "http in", "z": "t1", "name": "Order", "url": "/orders", "method": "post",
      "x": 100, "y": 100, "wires": [["a3"]]},
     {"id": "a3", "type": "switch", "z": "t1", "name": "Right key?", "x": 200, "y": 100,
      "property": "req.headers.x-api-key", "propertyType": "msg", "outputs": 1,
      "rules": [{"t": "eq", "v": "SHARED_KEY", "vt": "env"}], "wires": [["a2"]]},
     {"id": "a2", "type": "http response", "z": "t1", "name": "", "x": 300, "y": 100, "wires": []},
     {"id": "t1", "type": "tab", "label": "Orders"}]
"""

from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, N8N, NODE_RED, Graph, Kind, Need, Step
from apps.workflows.analysis.rule import Rule, names

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.HIGH,
    confidence=Confidence.FIRM,
    platforms=[HIGHLEVEL, N8N, NODE_RED],
    needs=(Need.TRIGGERS,),
    live_only=True,
)

#: Triggers that take a request from anybody; chats and forms carry a check of their own.
_OPEN = frozenset({"n8n-nodes-base.webhook", "inbound_webhook", "http in", "httpin"})
_CHECKING = frozenset({Kind.BRANCH, Kind.CODE, Kind.CALL})
#: What a step looks at that checks who is calling.
_PROOF = (
    *("authorization", "x-api-key", "api-key", "apikey", "api_key", "bearer", "x-hub-", "x-ghl-"),
    *("signature", "secret", "token", "hmac", "password", "verify"),
)
_CRYPTO = ("n8n-nodes-base.crypto", "n8n-nodes-base.jwt")


@rule.graph
def check(graph: Graph) -> list[Hit]:
    entries = [step for step in graph.triggers if step.enabled and step.type in _OPEN]
    open_ones = [step for step in entries if not _is_guarded(step, graph)]
    if graph.platform == N8N or not open_ones:
        return [
            Hit([step], f"“{step.label}” takes requests from anybody: it has no authentication.")
            for step in open_ones
        ]
    message = (
        f"Anybody who knows the address can call {names(open_ones)}, as far as this file shows."
    )
    return [Hit(open_ones, message, severity=Severity.INFO, anchored=False)]


def _is_guarded(step: Step, graph: Graph) -> bool:
    chosen = step.params.get("authentication")
    if graph.platform == N8N and isinstance(chosen, str) and chosen not in ("", "none"):
        return True
    options = step.params.get("options")
    if isinstance(options, dict) and options.get("ipWhitelist"):
        return True
    return any(each.enabled and _checks(each) for each in graph.next_steps(step))


def _checks(step: Step) -> bool:
    if step.type in _CRYPTO:
        return True
    return step.spec.kind in _CHECKING and any(word in step.lower_text for word in _PROOF)
