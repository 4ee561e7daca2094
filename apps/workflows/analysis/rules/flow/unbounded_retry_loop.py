"""A call that is tried again until it succeeds, however long that takes.

## Why it matters
If the other side stays down or never gives the answer that is waited for, the loop calls it for
ever: it uses up executions and quotas, and the contact or order in it is never dealt with.

## How to fix
Count the turns and add a branch that leaves the loop after, say, ten of them, or at a date, and
tells somebody. A wait alone makes the loop slower, not shorter.

## Bad
    {"name": "Render video", "active": true, "nodes": [
      {"id": "1", "name": "Every hour", "type": "n8n-nodes-base.scheduleTrigger",
       "typeVersion": 1.2, "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Ask for status", "type": "n8n-nodes-base.httpRequest",
       "typeVersion": 4.2, "position": [200, 0],
       "parameters": {"url": "https://video.acme-tools.com/jobs/latest"}},
      {"id": "3", "name": "Ready?", "type": "n8n-nodes-base.if", "typeVersion": 2.2,
       "position": [400, 0], "parameters": {"conditions": {"combinator": "and", "conditions": [
         {"leftValue": "={{ $json.status }}", "rightValue": "ready",
          "operator": {"type": "string", "operation": "equals"}}]}}},
      {"id": "4", "name": "A minute", "type": "n8n-nodes-base.wait", "typeVersion": 1.1,
       "position": [400, 200], "parameters": {"amount": 1, "unit": "minutes"}},
      {"id": "5", "name": "Use it", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [600, 0], "parameters": {}}],
     "connections": {
      "Every hour": {"main": [[{"node": "Ask for status", "type": "main", "index": 0}]]},
      "Ask for status": {"main": [[{"node": "Ready?", "type": "main", "index": 0}]]},
      "Ready?": {"main": [[{"node": "Use it", "type": "main", "index": 0}],
                          [{"node": "A minute", "type": "main", "index": 0}]]},
      "A minute": {"main": [[{"node": "Ask for status", "type": "main", "index": 0}]]}}}

## Good
    {"name": "Render video", "active": true, "nodes": [
      {"id": "1", "name": "Every hour", "type": "n8n-nodes-base.scheduleTrigger",
       "typeVersion": 1.2, "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Ask for status", "type": "n8n-nodes-base.httpRequest",
       "typeVersion": 4.2, "position": [200, 0],
       "parameters": {"url": "https://video.acme-tools.com/jobs/latest"}},
      {"id": "3", "name": "Ready?", "type": "n8n-nodes-base.if", "typeVersion": 2.2,
       "position": [400, 0], "parameters": {"conditions": {"combinator": "or", "conditions": [
         {"leftValue": "={{ $json.status }}", "rightValue": "ready",
          "operator": {"type": "string", "operation": "equals"}},
         {"leftValue": "={{ $runIndex }}", "rightValue": 10,
          "operator": {"type": "number", "operation": "gte"}}]}}},
      {"id": "4", "name": "A minute", "type": "n8n-nodes-base.wait", "typeVersion": 1.1,
       "position": [400, 200], "parameters": {"amount": 1, "unit": "minutes"}},
      {"id": "5", "name": "Use it", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [600, 0], "parameters": {}}],
     "connections": {
      "Every hour": {"main": [[{"node": "Ask for status", "type": "main", "index": 0}]]},
      "Ask for status": {"main": [[{"node": "Ready?", "type": "main", "index": 0}]]},
      "Ready?": {"main": [[{"node": "Use it", "type": "main", "index": 0}],
                          [{"node": "A minute", "type": "main", "index": 0}]]},
      "A minute": {"main": [[{"node": "Ask for status", "type": "main", "index": 0}]]}}}

## Bad (highlevel)
    {"name": "Book the courier", "status": "published", "workflowData": {"templates": [
      {"id": "call", "type": "custom_webhook", "name": "Book courier", "order": 0, "next": "check",
       "attributes": {"method": "POST", "url": "https://courier.acme-tools.com/bookings",
        "saveResponse": true}},
      {"id": "check", "type": "if_else", "name": "Booked?", "order": 1,
       "nodeType": "condition-node", "next": ["yes", "none"],
       "attributes": {"if": true, "noneBranchName": "None", "branches": [
         {"id": "yes", "name": "Booked", "operator": "and", "segments": [
           {"operator": "and", "conditions": [
             {"conditionType": "custom_webhook", "conditionSubType": "status",
              "conditionOperator": "is", "conditionValue": "booked"}]}]}]}},
      {"id": "yes", "type": "if_else", "name": "Booked", "order": 2, "nodeType": "branch-yes",
       "parent": "check", "parentKey": "check", "next": "tell", "attributes": {"if": false}},
      {"id": "none", "type": "if_else", "name": "None", "order": 3, "nodeType": "branch-no",
       "parent": "check", "parentKey": "check", "next": "pause", "attributes": {"else": true}},
      {"id": "tell", "type": "sms", "name": "Tell the contact", "order": 4,
       "attributes": {"body": "Hi {{contact.first_name}}, the courier is booked."}},
      {"id": "pause", "type": "wait", "name": "Ten minutes", "order": 5, "next": "again",
       "attributes": {"type": "time", "startAfter": {"type": "minutes", "value": 10}}},
      {"id": "again", "type": "goto", "name": "Try again", "order": 6,
       "attributes": {"type": "goto", "targetNodeId": "call"}}]}}

## Good (highlevel)
    {"name": "Book the courier", "status": "published", "workflowData": {"templates": [
      {"id": "call", "type": "custom_webhook", "name": "Book courier", "order": 0, "next": "count",
       "attributes": {"method": "POST", "url": "https://courier.acme-tools.com/bookings",
        "saveResponse": true}},
      {"id": "count", "type": "math_operation", "name": "Count the attempt", "order": 1,
       "next": "check", "attributes": {"selectField": "contact.booking_attempts",
        "updateField": "contact.booking_attempts", "operators": [{"operator": "add", "value": 1}]}},
      {"id": "check", "type": "if_else", "name": "Booked, or tried ten times?", "order": 2,
       "nodeType": "condition-node", "next": ["yes", "none"],
       "attributes": {"if": true, "noneBranchName": "None", "branches": [
         {"id": "yes", "name": "Done", "operator": "or", "segments": [
           {"operator": "or", "conditions": [
             {"conditionType": "custom_webhook", "conditionSubType": "status",
              "conditionOperator": "is", "conditionValue": "booked"},
             {"conditionType": "contact_detail", "conditionSubType": "booking_attempts",
              "conditionOperator": ">=", "conditionValue": 10}]}]}]}},
      {"id": "yes", "type": "if_else", "name": "Done", "order": 3, "nodeType": "branch-yes",
       "parent": "check", "parentKey": "check", "next": "tell", "attributes": {"if": false}},
      {"id": "none", "type": "if_else", "name": "None", "order": 4, "nodeType": "branch-no",
       "parent": "check", "parentKey": "check", "next": "pause", "attributes": {"else": true}},
      {"id": "tell", "type": "sms", "name": "Tell the contact", "order": 5,
       "attributes": {"body": "Hi {{contact.first_name}}, we have news on your courier."}},
      {"id": "pause", "type": "wait", "name": "Ten minutes", "order": 6, "next": "again",
       "attributes": {"type": "time", "startAfter": {"type": "minutes", "value": 10}}},
      {"id": "again", "type": "goto", "name": "Try again", "order": 7,
       "attributes": {"type": "goto", "targetNodeId": "call"}}]}}
"""

from collections.abc import Sequence

from apps.workflows.analysis.facts.loops import along, loops_without, walk_round
from apps.workflows.analysis.facts.retries import only_way_out
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, N8N, Graph, Kind, Step, Trait
from apps.workflows.analysis.rule import Rule

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.HIGH,
    confidence=Confidence.FIRM,
    platforms=[HIGHLEVEL, N8N],
)


@rule.graph
def check(graph: Graph) -> list[Hit]:
    hits = []
    for loop in graph.loops:
        if not any(_calls(step) for step in loop):
            continue
        # A loop over items ends by itself; what goes round within its body may not.
        over_items = [step for step in loop if step.spec.kind is Kind.LOOP]
        hits += [
            _hit(inner, exit_step, graph)
            for inner in loops_without(loop, graph, over_items)
            if graph.is_reachable(inner[0]) and (exit_step := only_way_out(inner, graph))
        ]
    return hits


def _hit(loop: Sequence[Step], exit_step: Step, graph: Graph) -> Hit:
    walk = walk_round(loop, graph)
    calls = [step for step in along(walk, loop) if step.enabled and _calls(step)]
    call = exit_step if exit_step in calls and exit_step.spec.kind is not Kind.BRANCH else calls[0]
    steps = [call, *(step for step in along(walk, loop) if step is not call)]
    condition = "" if exit_step is call else f", as “{exit_step.label}” decides"
    return Hit(
        steps,
        f"“{call.label}” is called again and again until it gives the wanted answer{condition}: "
        "nothing counts the turns or gives up.",
        path=walk,
    )


def _calls(step: Step) -> bool:
    return Trait.CALLS in step.spec.traits
