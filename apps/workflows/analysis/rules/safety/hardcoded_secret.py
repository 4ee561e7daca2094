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
from itertools import islice
from typing import Any

from apps.workflows.analysis.facts.secret_formats import Format
from apps.workflows.analysis.facts.secret_values import is_secret_name, literal_secret
from apps.workflows.analysis.facts.secrets import (
    Secret,
    formats_in,
    formed_secrets,
    named_secrets,
    words_in,
)
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import PLATFORMS, Graph, Kind, Step
from apps.workflows.analysis.rule import Rule, names

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.CRITICAL,
    confidence=Confidence.CERTAIN,
    platforms=PLATFORMS,
)

#: How lists of headers, fields and variables call the name and the value of an entry.
_NAME_KEYS = ("name", "key", "field", "header", "parameter")
_VALUE_KEYS = frozenset({"value", "val", "fieldValue"})
_SHORTEST = 6
#: So many secrets of one step are told apart; nobody writes down more.
_MOST = 200


@rule.graph
def check(graph: Graph) -> list[Hit]:
    """One finding per secret, however many steps it is written into."""
    formats = formats_in(graph.text)
    words = words_in(graph.lower_text)
    found: dict[str, tuple[Secret, dict[int, Step]]] = {}
    for step in graph.steps:
        if step.enabled and step.spec.kind is not Kind.NOTE:
            secrets = islice(_secrets(step, formats, words), _MOST)
            held = {secret.value: secret for secret in secrets}
            for value, secret in held.items():
                if not _is_part(value, held):
                    _, steps = found.setdefault(value, (secret, {}))
                    steps[step.index] = step
    return [_hit(secret, steps) for secret, steps in found.values()]


def _secrets(step: Step, formats: list[Format], words: list[str]) -> Iterator[Secret]:
    """By form before by name: a form says better what the secret is."""
    if formats:
        yield from formed_secrets(step.text, formats)
    here = [word for word in words if word in step.lower_text]
    if here:
        yield from named_secrets(step.text, step.lower_text, here)
    for name, value in _parameters(step.params, bool(here)):
        secret = literal_secret(name, value)
        if secret:
            yield Secret(f"value of {name[:60]}", secret)


def _parameters(params: Mapping[str, Any], has_words: bool) -> list[tuple[str, str]]:
    """Texts in parameters of a telling name, and in entries of lists that carry such a name."""
    found: list[tuple[str, str]] = []
    stack: list[Any] = [params]
    while stack:
        item = stack.pop()
        kind = type(item)
        if kind is list:
            stack.extend(item)
        elif kind is dict:
            for key, value in item.items():
                kind = type(value)
                if kind is str:
                    if len(value) >= _SHORTEST and is_secret_name(key):
                        found.append((key, value))
                elif kind is dict or kind is list:
                    stack.append(value)
            if has_words and not _VALUE_KEYS.isdisjoint(item):
                found += _entry(item)
    return found


def _entry(item: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """An entry of a list that has the name of a secret: a header, a field, a variable."""
    names_given = [name for key in _NAME_KEYS if type(name := item.get(key)) is str]
    for name in filter(is_secret_name, names_given):
        for key in sorted(_VALUE_KEYS):
            value = item.get(key)
            if type(value) is str:
                yield name, value


def _is_part(value: str, held: Mapping[str, Any]) -> bool:
    """Whether another secret of the step holds this one, as an address holds the token in it."""
    return len(held) > 1 and any(len(other) > len(value) and value in other for other in held)


def _hit(secret: Secret, steps: dict[int, Step]) -> Hit:
    where = list(steps.values())
    return Hit(
        where,
        f"{names(where)} {'holds' if len(where) == 1 else 'hold'} a secret in plain text: "
        f"{secret.kind}, {secret.shown}.",
        param=secret.kind,
        severity=Severity.HIGH if secret.is_test else None,
    )
