"""A switch that drops what none of its rules matches.

## Why it matters
Whatever matches no rule, such as a new status or a misspelt value, vanishes here without an
error: nobody learns that a lead or an order was not dealt with.

## How to fix
n8n: set “Fallback Output” of the switch to “Extra Output” and connect it, if only to a notice to
yourself. Make: set a route of the router as the fallback route.

## Bad
    {"name": "Sort requests", "active": true, "nodes": [
      {"id": "1", "name": "New request", "type": "n8n-nodes-base.gmailTrigger", "typeVersion": 1.2,
       "position": [0, 0], "parameters": {}, "credentials": {"gmailOAuth2": {"id": "a1"}}},
      {"id": "2", "name": "Which kind?", "type": "n8n-nodes-base.switch", "typeVersion": 3.2,
       "position": [200, 0], "parameters": {"rules": {"values": [
         {"outputKey": "quote", "conditions": {"combinator": "and", "conditions": [
           {"leftValue": "={{ $json.kind }}", "rightValue": "quote",
            "operator": {"type": "string", "operation": "equals"}}]}},
         {"outputKey": "complaint", "conditions": {"combinator": "and", "conditions": [
           {"leftValue": "={{ $json.kind }}", "rightValue": "complaint",
            "operator": {"type": "string", "operation": "equals"}}]}}]}, "options": {}}},
      {"id": "3", "name": "Quote", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [400, 0], "parameters": {}},
      {"id": "4", "name": "Complaint", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [400, 200], "parameters": {}}],
     "connections": {
      "New request": {"main": [[{"node": "Which kind?", "type": "main", "index": 0}]]},
      "Which kind?": {"main": [[{"node": "Quote", "type": "main", "index": 0}],
                               [{"node": "Complaint", "type": "main", "index": 0}]]}}}

## Good
    {"name": "Sort requests", "active": true, "nodes": [
      {"id": "1", "name": "New request", "type": "n8n-nodes-base.gmailTrigger", "typeVersion": 1.2,
       "position": [0, 0], "parameters": {}, "credentials": {"gmailOAuth2": {"id": "a1"}}},
      {"id": "2", "name": "Which kind?", "type": "n8n-nodes-base.switch", "typeVersion": 3.2,
       "position": [200, 0], "parameters": {"rules": {"values": [
         {"outputKey": "quote", "conditions": {"combinator": "and", "conditions": [
           {"leftValue": "={{ $json.kind }}", "rightValue": "quote",
            "operator": {"type": "string", "operation": "equals"}}]}},
         {"outputKey": "complaint", "conditions": {"combinator": "and", "conditions": [
           {"leftValue": "={{ $json.kind }}", "rightValue": "complaint",
            "operator": {"type": "string", "operation": "equals"}}]}}]},
         "options": {"fallbackOutput": "extra"}}},
      {"id": "3", "name": "Quote", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [400, 0], "parameters": {}},
      {"id": "4", "name": "Complaint", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [400, 200], "parameters": {}},
      {"id": "5", "name": "Anything else", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [400, 400], "parameters": {}}],
     "connections": {
      "New request": {"main": [[{"node": "Which kind?", "type": "main", "index": 0}]]},
      "Which kind?": {"main": [[{"node": "Quote", "type": "main", "index": 0}],
                               [{"node": "Complaint", "type": "main", "index": 0}],
                               [{"node": "Anything else", "type": "main", "index": 0}]]}}}

## Bad (make)
    {"name": "Sort orders", "flow": [
      {"id": 1, "module": "gateway:CustomWebHook", "version": 1, "parameters": {"hook": 7},
       "mapper": {}},
      {"id": 2, "module": "builtin:BasicRouter", "version": 1, "mapper": null, "routes": [
        {"flow": [{"id": 3, "module": "slack:CreateMessage", "version": 4, "parameters": {},
          "filter": {"name": "Paid", "conditions": [[{"a": "{{1.status}}", "b": "paid",
            "o": "text:equal"}]]}, "mapper": {"text": "Paid"}}]},
        {"flow": [{"id": 4, "module": "slack:CreateMessage", "version": 4, "parameters": {},
          "filter": {"name": "Refused", "conditions": [[{"a": "{{1.status}}", "b": "refused",
            "o": "text:equal"}]]}, "mapper": {"text": "Refused"}}]}]}],
     "metadata": {"instant": true, "version": 1, "scenario": {"sequential": true}}}

## Good (make)
    {"name": "Sort orders", "flow": [
      {"id": 1, "module": "gateway:CustomWebHook", "version": 1, "parameters": {"hook": 7},
       "mapper": {}},
      {"id": 2, "module": "builtin:BasicRouter", "version": 1, "mapper": null,
       "parameters": {"else": 1}, "routes": [
        {"flow": [{"id": 3, "module": "slack:CreateMessage", "version": 4, "parameters": {},
          "filter": {"name": "Paid", "conditions": [[{"a": "{{1.status}}", "b": "paid",
            "o": "text:equal"}]]}, "mapper": {"text": "Paid"}}]},
        {"flow": [{"id": 4, "module": "slack:CreateMessage", "version": 4, "parameters": {},
          "mapper": {"text": "Not paid: {{1.status}}"}}]}]}],
     "metadata": {"instant": true, "version": 1, "scenario": {"sequential": true}}}
"""

from collections.abc import Mapping
from typing import Any

from apps.workflows.analysis.facts.conditions import MOST
from apps.workflows.analysis.facts.defaults import covers_everything, make_passes_all, passes_all
from apps.workflows.analysis.facts.values import mapping, mappings, text
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import MAKE, N8N, EdgeKind, Graph, Kind, Step
from apps.workflows.analysis.rule import Rule

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.MEDIUM,
    confidence=Confidence.FIRM,
    platforms=[N8N, MAKE],
)

_REMEDY = {
    N8N: "Set “Fallback Output” of the switch to “Extra Output” and connect it, if only to a "
    "notice to yourself.",
    MAKE: "Set one route of the router as the fallback route, or add an “else” branch.",
}


@rule.step(Kind.BRANCH)
def check(step: Step, graph: Graph) -> Hit | None:
    if graph.platform == MAKE:
        return _make(step, graph)
    return _switch(step, graph) if step.type == "n8n-nodes-base.switch" else None


def _hit(step: Step, graph: Graph, why: str) -> Hit:
    return Hit(
        [step],
        f"What matches none of the rules of “{step.label}” is lost without an error: {why}.",
        remedy=_REMEDY[graph.platform],
    )


# -- n8n ---------------------------------------------------------------------------------------


def _switch(step: Step, graph: Graph) -> Hit | None:
    rules = _rules(step)
    wired = {e.port for e in graph.out[step.index] if e.kind is not EdgeKind.ERROR}
    if not rules or not wired or len(rules) > MOST:
        return None
    fallback = _fallback(step)
    if fallback == "extra":
        is_there = len(rules) in wired or any(lost.source == step.index for lost in graph.dangling)
        return None if is_there else _hit(step, graph, "its fallback output leads nowhere")
    if isinstance(fallback, int) and fallback >= 0:
        if fallback in wired:
            return None
        return _hit(step, graph, f"the output {fallback} they are sent to leads nowhere")
    if fallback == "none" and len(rules) == 1:
        return None  # one rule, and the rest left out on purpose: a filter
    if fallback not in (None, "", "none", -1):
        return None  # an expression
    if any(passes_all(each) for each in rules) or covers_everything(step, graph):
        return None
    return _hit(step, graph, "the switch has no fallback output")


def _rules(step: Step) -> list[Mapping[str, Any]]:
    """The rules of a switch that decides by rules; none where an expression decides."""
    if step.params.get("mode", "rules") != "rules":
        return []
    rules = mapping(step.params.get("rules"))
    found = rules.get("values", rules.get("rules"))
    return mappings(found) if isinstance(found, list) else []


def _fallback(step: Step) -> Any:
    """Where the rest goes: an output's number, “extra”, or nothing; a number may be a text."""
    options = mapping(step.params.get("options"))
    found = options.get("fallbackOutput", step.params.get("fallbackOutput"))
    if isinstance(found, str) and found.strip().lstrip("-").isdecimal():
        return int(found)
    return found


# -- Make --------------------------------------------------------------------------------------


def _make(step: Step, graph: Graph) -> Hit | None:
    if step.type == "builtin:BasicIfElse":
        return _if_else(step, graph)
    routes = step.raw.get("routes")
    if not isinstance(routes, list) or step.type != "builtin:BasicRouter":
        return None
    objects = [route for route in routes if isinstance(route, dict)]
    filters = []
    for edge in graph.out[step.index]:
        if edge.kind is not EdgeKind.BRANCH or edge.port >= len(objects):
            continue
        if edge.label == "else":
            return None
        first, route = graph.steps[edge.target], objects[edge.port]
        filters.append(mapping(first.raw.get("filter")) or mapping(route.get("filter")))
    if len(filters) < 2 or make_passes_all(filters):
        return None
    return _hit(step, graph, "every route has a filter and none is the fallback")


def _if_else(step: Step, graph: Graph) -> Hit | None:
    branches = mappings(step.raw.get("branches"))
    if len(branches) < 2 or any(text(each.get("type")) == "else" for each in branches):
        return None
    if any(edge.kind is EdgeKind.NEXT for edge in graph.out[step.index]):
        return None
    return _hit(step, graph, "there is no “else” branch")
