"""A retried call that does its work twice.

## Why it matters
When the answer is lost on the way the other system has already acted, and the retry makes a second
record, message or charge that somebody has to find and undo.

## How to fix
Send an idempotency key with the call if the other system takes one, use an operation that creates
or updates, or switch the retry off for this step.

## Bad
    {"name": "Bill", "active": false, "nodes": [
      {"id": "1", "name": "Hourly", "type": "n8n-nodes-base.scheduleTrigger",
       "typeVersion": 1.2, "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Bill order", "type": "n8n-nodes-base.httpRequest",
       "typeVersion": 4.2, "position": [200, 0], "retryOnFail": true,
       "parameters": {"method": "POST", "url": "https://billing.acme-tools.com/v1/invoices"}}],
     "connections": {"Hourly": {"main": [[{"node": "Bill order", "type": "main", "index": 0}]]}}}

## Good
    {"name": "Bill", "active": false, "nodes": [
      {"id": "1", "name": "Hourly", "type": "n8n-nodes-base.scheduleTrigger",
       "typeVersion": 1.2, "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Bill order", "type": "n8n-nodes-base.httpRequest",
       "typeVersion": 4.2, "position": [200, 0], "retryOnFail": true,
       "parameters": {"method": "POST", "url": "https://billing.acme-tools.com/v1/invoices",
        "sendHeaders": true, "headerParameters": {"parameters": [
         {"name": "Idempotency-Key", "value": "={{ $json.orderId }}"}]}}}],
     "connections": {"Hourly": {"main": [[{"node": "Bill order", "type": "main", "index": 0}]]}}}
"""

import re

from apps.workflows.analysis.facts.values import mapping, text
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import MAKE, N8N, Graph, Kind, Step, Trait
from apps.workflows.analysis.rule import Rule

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.MEDIUM,
    confidence=Confidence.FIRM,
    platforms=[N8N, MAKE],
)

_KEYS = ("idempoten", "request-id", "requestid", "dedupe", "dedup_", "external_id", "externalid")
#: What a POST asks for without making anything: such calls may be repeated.
_ASKS = re.compile(
    r"search|query|graphql|completion|chat|message/generate|embedding|generat|predict|classif"
    r"|extract|transcri|scrape|crawl|lookup|validat|verif|calculat|render|convert|translat|analy"
    r"|summari|oauth|token|login|auth|session|rerank|retriev|filter|find|list|read|detect|ocr"
    r"|inference|models?/|export|parse|check|score|api\.(?:openai|anthropic|mistral|groq|cohere)"
)
#: Operations that make something new each time.
_MAKES = frozenset({"create", "add", "append", "insert", "send", "post", "make", "reply", "book"})
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
#: Steps whose calls cost a second answer at most.
_HARMLESS = frozenset({Kind.AI, Kind.SUBNODE, Kind.TRIGGER, Kind.NOTE, Kind.CONFIG})


@rule.step()
def check(step: Step, graph: Graph) -> Hit | None:
    if not step.retries or step.spec.kind in _HARMLESS:
        return None
    if step.on_error and graph.platform == N8N:
        return None  # the retry does not happen: another fault
    does = _does(step)
    if not does or any(key in step.lower_text for key in _KEYS):
        return None
    return Hit(
        [step],
        f"“{step.label}” is tried again when it fails and {does} each time, even when only the "
        "answer to the first try was lost.",
    )


def _does(step: Step) -> str:
    """What a second try does again; empty for calls that may be repeated."""
    traits = step.spec.traits
    if Trait.CHARGES in traits:
        return "charges"
    if Trait.SENDS in traits:
        return "sends"
    if "url" in step.params or "url" in mapping(step.params.get("mapper")):
        return "creates" if _posts(step) else ""
    return "creates" if Trait.WRITES in traits and _makes(step) else ""


def _posts(step: Step) -> bool:
    """Whether an HTTP request is a POST to where something is made."""
    params = mapping(step.params.get("mapper")) or step.params
    method = text(params.get("method") or params.get("requestMethod")).upper()
    return method == "POST" and not _ASKS.search(text(params.get("url")).lower())


def _makes(step: Step) -> bool:
    operation = text(step.params.get("operation")) or step.type.rpartition(":")[2]
    words = [word.lower() for word in _WORD.findall(operation[:80])]
    if "update" in words or "upsert" in words:
        return False
    return not _MAKES.isdisjoint(words)
