"""A key, token or password written into a step.

## Why it matters
Everyone who can open, export or share the workflow has this secret and can act in your name with
it; in a file it stays readable for ever.

## How to fix
Store the value as a credential (n8n), a connection (Make) or a custom value that only admins see
(HighLevel) and let the step use that. Then replace the secret: it has been seen.

## Bad
    {"name": "Send order", "active": false, "nodes": [
      {"id": "1", "name": "Start", "type": "n8n-nodes-base.manualTrigger", "typeVersion": 1,
       "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Send order", "type": "n8n-nodes-base.httpRequest", "typeVersion": 4.2,
       "position": [200, 0], "parameters": {"url": "https://orders.acme-tools.com/v1",
        "sendHeaders": true, "headerParameters": {"parameters": [
         {"name": "Authorization", "value": "Bearer 8d1fQz7LkT2vXw93hRbY"}]}}}],
     "connections": {"Start": {"main": [[{"node": "Send order", "type": "main", "index": 0}]]}}}

## Good
    {"name": "Send order", "active": false, "nodes": [
      {"id": "1", "name": "Start", "type": "n8n-nodes-base.manualTrigger", "typeVersion": 1,
       "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Send order", "type": "n8n-nodes-base.httpRequest", "typeVersion": 4.2,
       "position": [200, 0], "parameters": {"url": "https://orders.acme-tools.com/v1",
        "sendHeaders": true, "headerParameters": {"parameters": [
         {"name": "Authorization", "value": "=Bearer {{ $vars.ordersToken }}"}]}}}],
     "connections": {"Start": {"main": [[{"node": "Send order", "type": "main", "index": 0}]]}}}

## Bad (highlevel)
    {"name": "Ask the model", "status": "draft", "workflowData": {"templates": [
      {"id": "ask", "type": "custom_webhook", "name": "Ask the model", "order": 0,
       "attributes": {"method": "POST", "url": "https://models.acme-tools.com/v1/chat",
        "headers": [{"key": "x-api-key", "value": "b7e2D9xk41mPq8Zt"}]}}]}}

## Good (highlevel)
    {"name": "Ask the model", "status": "draft", "workflowData": {"templates": [
      {"id": "ask", "type": "custom_webhook", "name": "Ask the model", "order": 0,
       "attributes": {"method": "POST", "url": "https://models.acme-tools.com/v1/chat",
        "headers": [{"key": "x-api-key", "value": "{{custom_values.model_key}}"}]}}]}}
"""

from collections.abc import Iterator, Mapping
from typing import Any

from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import PLATFORMS, Graph, Kind, Step
from apps.workflows.analysis.rule import Rule, names
from apps.workflows.analysis.secret_values import is_secret_name, literal_secret
from apps.workflows.analysis.secrets import (
    Secret,
    formats_in,
    formed_secrets,
    named_secrets,
    words_in,
)

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.CRITICAL,
    confidence=Confidence.CERTAIN,
    platforms=PLATFORMS,
)

#: How lists of headers, fields and variables call the name and the value of an entry.
_NAME_KEYS = ("name", "key", "field", "header", "parameter")
_VALUE_KEYS = ("value", "val", "fieldValue")
_SHORTEST = 6


@rule.graph
def check(graph: Graph) -> list[Hit]:
    """One finding per secret, however many steps it is written into."""
    formats = formats_in(graph.text)
    words = words_in(graph.lower_text)
    found: dict[str, tuple[Secret, dict[int, Step]]] = {}
    for step in graph.steps:
        if step.enabled and step.spec.kind is not Kind.NOTE:
            for secret in _secrets(step, formats, words):
                _, steps = found.setdefault(secret.value, (secret, {}))
                steps[step.index] = step
    inside = [value for value in found if _is_part(value, found)]
    return [_hit(*found[value]) for value in found if value not in inside]


def _secrets(step: Step, formats: list[Any], words: list[str]) -> Iterator[Secret]:
    """By form before by name: a form says better what the secret is."""
    if formats:
        yield from formed_secrets(step.text, formats)
    if words:
        yield from named_secrets(step.text, step.lower_text, words)
    yield from _parameters(step.params)


def _parameters(params: Mapping[str, Any]) -> Iterator[Secret]:
    """Secrets in parameters of a telling name, and in entries of lists that carry such a name."""
    stack: list[Any] = [params]
    while stack:
        item = stack.pop()
        if type(item) is list:
            stack.extend(item)
            continue
        if type(item) is not dict:
            continue
        for key, value in item.items():
            kind = type(value)
            if kind is dict or kind is list:
                stack.append(value)
            elif kind is str and len(value) >= _SHORTEST and is_secret_name(key):
                yield from _named(key, value)
        yield from _entry(item)


def _entry(item: Mapping[str, Any]) -> Iterator[Secret]:
    for key in _VALUE_KEYS:
        value = item.get(key)
        if type(value) is str and len(value) >= _SHORTEST:
            for name_key in _NAME_KEYS:
                name = item.get(name_key)
                if type(name) is str and is_secret_name(name):
                    yield from _named(name, value)


def _named(name: str, value: str) -> Iterator[Secret]:
    secret = literal_secret(name, value)
    if secret:
        yield Secret(f"value of {name[:60]}", secret)


def _is_part(value: str, found: Mapping[str, Any]) -> bool:
    """Whether another secret found holds this one, as an address holds the token in it."""
    return any(len(other) > len(value) and value in other for other in found)


def _hit(secret: Secret, steps: dict[int, Step]) -> Hit:
    where = list(steps.values())
    return Hit(
        where,
        f"{names(where)} {'holds' if len(where) == 1 else 'hold'} a secret in plain text: "
        f"{secret.kind}, {secret.shown}.",
        param=secret.kind,
        severity=Severity.HIGH if secret.is_test else None,
    )
