"""A loop that nobody ever leaves.

## Why it matters
Whoever gets into the loop stays in it for ever: the same messages and calls are repeated without
end, and whatever is meant to come afterwards never happens.

## How to fix
Put a condition into the loop with a branch that leads out of it: after a number of turns, when the
contact has replied, or when the work is done.

## Bad
    {"name": "Chase the quote", "status": "published", "workflowData": {"templates": [
      {"id": "ask", "type": "sms", "name": "Ask about the quote", "order": 0, "next": "pause",
       "attributes": {"body": "Hi {{contact.first_name}}, any questions about your quote?"}},
      {"id": "pause", "type": "wait", "name": "Wait two days", "order": 1, "next": "again",
       "attributes": {"type": "time", "startAfter": {"type": "days", "value": 2}}},
      {"id": "again", "type": "goto", "name": "Ask again", "order": 2,
       "attributes": {"type": "goto", "targetNodeId": "ask"}}]}}

## Good
    {"name": "Chase the quote", "status": "published", "workflowData": {"templates": [
      {"id": "ask", "type": "sms", "name": "Ask about the quote", "order": 0, "next": "pause",
       "attributes": {"body": "Hi {{contact.first_name}}, any questions about your quote?"}},
      {"id": "pause", "type": "wait", "name": "Wait two days", "order": 1, "next": "check",
       "attributes": {"type": "time", "startAfter": {"type": "days", "value": 2}}},
      {"id": "check", "type": "if_else", "name": "Quote accepted?", "order": 2,
       "nodeType": "condition-node", "next": ["yes", "none"],
       "attributes": {"if": true, "noneBranchName": "None", "branches": [
         {"id": "yes", "name": "Accepted", "operator": "and", "segments": [
           {"operator": "and", "conditions": [
             {"conditionType": "contact_detail", "conditionSubType": "tags",
              "conditionOperator": "index-of-true", "conditionValue": ["quote accepted"]}]}]}]}},
      {"id": "yes", "type": "if_else", "name": "Accepted", "order": 3, "nodeType": "branch-yes",
       "parent": "check", "parentKey": "check", "next": "thanks", "attributes": {"if": false}},
      {"id": "none", "type": "if_else", "name": "None", "order": 4, "nodeType": "branch-no",
       "parent": "check", "parentKey": "check", "next": "again", "attributes": {"else": true}},
      {"id": "thanks", "type": "sms", "name": "Thank them", "order": 5,
       "attributes": {"body": "Thank you, we will start on Monday."}},
      {"id": "again", "type": "goto", "name": "Ask again", "order": 6,
       "attributes": {"type": "goto", "targetNodeId": "ask"}}]}}

## Bad (n8n)
    {"name": "Watch the stock", "active": true, "nodes": [
      {"id": "1", "name": "Every morning", "type": "n8n-nodes-base.scheduleTrigger",
       "typeVersion": 1.2, "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Read stock", "type": "n8n-nodes-base.httpRequest", "typeVersion": 4.2,
       "position": [200, 0], "parameters": {"url": "https://shop.acme-tools.com/stock"}},
      {"id": "3", "name": "One hour", "type": "n8n-nodes-base.wait", "typeVersion": 1.1,
       "position": [400, 0], "parameters": {"amount": 1, "unit": "hours"}}],
     "connections": {
      "Every morning": {"main": [[{"node": "Read stock", "type": "main", "index": 0}]]},
      "Read stock": {"main": [[{"node": "One hour", "type": "main", "index": 0}]]},
      "One hour": {"main": [[{"node": "Read stock", "type": "main", "index": 0}]]}}}

## Good (n8n)
    {"name": "Watch the stock", "active": true, "nodes": [
      {"id": "1", "name": "Every morning", "type": "n8n-nodes-base.scheduleTrigger",
       "typeVersion": 1.2, "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Read stock", "type": "n8n-nodes-base.httpRequest", "typeVersion": 4.2,
       "position": [200, 0], "parameters": {"url": "https://shop.acme-tools.com/stock"}},
      {"id": "3", "name": "One hour", "type": "n8n-nodes-base.wait", "typeVersion": 1.1,
       "position": [400, 0], "parameters": {"amount": 1, "unit": "hours"}},
      {"id": "4", "name": "Still open?", "type": "n8n-nodes-base.filter", "typeVersion": 2.2,
       "position": [600, 0], "parameters": {"conditions": {"combinator": "and", "conditions": [
         {"leftValue": "={{ $now.hour }}", "rightValue": 18,
          "operator": {"type": "number", "operation": "lt"}}]}}}],
     "connections": {
      "Every morning": {"main": [[{"node": "Read stock", "type": "main", "index": 0}]]},
      "Read stock": {"main": [[{"node": "One hour", "type": "main", "index": 0}]]},
      "One hour": {"main": [[{"node": "Still open?", "type": "main", "index": 0}]]},
      "Still open?": {"main": [[{"node": "Read stock", "type": "main", "index": 0}]]}}}
"""

from collections.abc import Sequence

from apps.workflows.analysis.facts.loops import along, is_endless, walk_round
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, N8N, NODE_RED, Graph, Kind, Step, Trait
from apps.workflows.analysis.rule import Rule, names

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.CRITICAL,
    confidence=Confidence.CERTAIN,
    platforms=[HIGHLEVEL, N8N, NODE_RED],
)

#: Waits of n8n that end when somebody opens an address or fills in a form.
_ASKING = frozenset({"webhook", "form"})


@rule.graph
def check(graph: Graph) -> list[Hit]:
    return [
        _hit(loop, graph)
        for loop in graph.loops
        if any(step.enabled for step in loop)
        and (graph.is_reachable(loop[0]) or not graph.entries)
        and is_endless(loop, graph)
        and not _is_conversation(loop, graph)
    ]


def _is_conversation(loop: Sequence[Step], graph: Graph) -> bool:
    """Every turn waits for a person: an AI that talks with the contact, a form, an approval."""
    running = [step for step in loop if step.enabled]
    if graph.platform == HIGHLEVEL and not any(_is_bot(step) for step in running):
        return False
    return any(_waits_for_person(step) for step in running)


def _is_bot(step: Step) -> bool:
    return step.spec.kind is Kind.AI or step.spec.channel == "conversation"


def _waits_for_person(step: Step) -> bool:
    if step.wait is not None:
        return step.wait.type == "reply" or step.wait.type in _ASKING
    return Trait.WAITS_FOR_REPLY in step.spec.traits


def _hit(loop: list[Step], graph: Graph) -> Hit:
    walk = walk_round(loop, graph)
    steps = along(walk, loop)
    who = "A contact" if graph.platform == HIGHLEVEL else "A run"
    round_trip = (
        "starts it again by itself, for ever"
        if len(steps) == 1
        else f"goes round for ever through {names(steps[1:])} and back"
    )
    return Hit(
        steps,
        f"{who} that reaches “{steps[0].label}” {round_trip}: nothing in this loop leads out.",
        path=walk,
    )
