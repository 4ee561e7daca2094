"""Two webhooks that claim the same address.

## Why it matters
Only one of them can have it: n8n refuses to activate the workflow, Node-RED gives every request
to the first. The other one never gets a call.

## How to fix
Give each webhook a path (or at least a method) of its own, and tell whoever calls it.

## Bad
    {"name": "Leads", "active": true, "nodes": [
      {"id": "1", "name": "From the site", "type": "n8n-nodes-base.webhook", "typeVersion": 2,
       "position": [0, 0], "parameters": {"httpMethod": "POST", "path": "lead",
        "authentication": "headerAuth"}, "credentials": {"httpHeaderAuth": {"id": "a1"}}},
      {"id": "2", "name": "From partners", "type": "n8n-nodes-base.webhook", "typeVersion": 2,
       "position": [0, 200], "parameters": {"httpMethod": "POST", "path": "lead",
        "authentication": "headerAuth"}, "credentials": {"httpHeaderAuth": {"id": "a1"}}},
      {"id": "3", "name": "Shorten", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [200, 0], "parameters": {}}],
     "connections": {
      "From the site": {"main": [[{"node": "Shorten", "type": "main", "index": 0}]]},
      "From partners": {"main": [[{"node": "Shorten", "type": "main", "index": 0}]]}}}

## Good
    {"name": "Leads", "active": true, "nodes": [
      {"id": "1", "name": "From the site", "type": "n8n-nodes-base.webhook", "typeVersion": 2,
       "position": [0, 0], "parameters": {"httpMethod": "POST", "path": "lead",
        "authentication": "headerAuth"}, "credentials": {"httpHeaderAuth": {"id": "a1"}}},
      {"id": "2", "name": "From partners", "type": "n8n-nodes-base.webhook", "typeVersion": 2,
       "position": [0, 200], "parameters": {"httpMethod": "POST", "path": "partner-lead",
        "authentication": "headerAuth"}, "credentials": {"httpHeaderAuth": {"id": "a1"}}},
      {"id": "3", "name": "Shorten", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [200, 0], "parameters": {}}],
     "connections": {
      "From the site": {"main": [[{"node": "Shorten", "type": "main", "index": 0}]]},
      "From partners": {"main": [[{"node": "Shorten", "type": "main", "index": 0}]]}}}

## Bad (node-red)
    [{"id": "t", "type": "tab", "label": "Orders", "disabled": false},
     {"id": "i", "type": "http in", "z": "t", "name": "New order", "url": "/orders",
      "method": "post", "x": 100, "y": 100, "wires": [["r"]]},
     {"id": "j", "type": "http in", "z": "t", "name": "Old shop", "url": "/orders",
      "method": "post", "x": 100, "y": 200, "wires": [["r"]]},
     {"id": "r", "type": "http response", "z": "t", "name": "Answer", "x": 300, "y": 100,
      "wires": []}]

## Good (node-red)
    [{"id": "t", "type": "tab", "label": "Orders", "disabled": false},
     {"id": "i", "type": "http in", "z": "t", "name": "New order", "url": "/orders",
      "method": "post", "x": 100, "y": 100, "wires": [["r"]]},
     {"id": "j", "type": "http in", "z": "t", "name": "Orders so far", "url": "/orders",
      "method": "get", "x": 100, "y": 200, "wires": [["r"]]},
     {"id": "r", "type": "http response", "z": "t", "name": "Answer", "x": 300, "y": 100,
      "wires": []}]
"""

from collections.abc import Iterator

from apps.workflows.analysis.facts.values import mapping, text
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import N8N, NODE_RED, Graph, Kind, Step, Trait
from apps.workflows.analysis.rule import Rule, names

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.HIGH,
    confidence=Confidence.CERTAIN,
    platforms=[N8N, NODE_RED],
)

_FORM = "n8n-nodes-base.formTrigger"
_WEBHOOK = "n8n-nodes-base.webhook"


@rule.graph
def check(graph: Graph) -> list[Hit]:
    takers: dict[tuple[str, str], list[Step]] = {}
    for step in graph.of_kind(Kind.TRIGGER):
        if Trait.WEBHOOK in step.spec.traits:
            for address in set(_addresses(step)):
                takers.setdefault(address, []).append(step)
    shared: dict[tuple[str, tuple[int, ...]], list[str]] = {}
    for (method, path), steps in sorted(takers.items(), key=lambda item: item[0]):
        if len(steps) > 1:
            shared.setdefault((path, tuple(step.index for step in steps)), []).append(method)
    return [
        _hit([graph.steps[index] for index in indexes], methods, path)
        for (path, indexes), methods in shared.items()
    ]


def _addresses(step: Step) -> Iterator[tuple[str, str]]:
    """The methods and paths a webhook takes, as far as the file fixes them."""
    if step.type == "http in":
        methods, path = step.params.get("method") or "get", text(step.params.get("url"))
    elif step.type == _WEBHOOK:
        methods, path = step.params.get("httpMethod", "GET"), text(step.params.get("path"))
    elif step.type == _FORM:
        options = mapping(step.params.get("options"))
        methods, path = "form", text(options.get("path", step.params.get("path")))
    else:
        return
    path = path.strip("/ ")
    if not path or path.startswith("="):
        return
    if ":" in path and step.type == _WEBHOOK:
        # A path with parameters gets the webhook's own id in front.
        path = f"{text(step.raw.get('webhookId'))}/{path}"
    for method in methods if isinstance(methods, list) else [methods]:
        if isinstance(method, str) and method and not method.startswith("="):
            yield method.upper(), path


def _hit(steps: list[Step], methods: list[str], path: str) -> Hit:
    shown = f"{' and '.join(methods)} /{path}"[:120]
    return Hit(
        steps,
        f"{names(steps)} all claim {shown}: only one of them gets the calls."
        if len(steps) > 2
        else f"{names(steps)} both claim {shown}: only one of them gets the calls.",
        param=f"{' '.join(methods)} {path}",
    )
