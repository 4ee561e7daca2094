"""A loop that goes round without a pause.

## Why it matters
The contact is sent round as fast as HighLevel can run the steps. Fifty turns in thirty minutes
lock the workflow, and only support can unlock it; until then every contact in it is stuck.

## How to fix
Put a wait step of a few hours or days into the loop, before the “Go To” that leads back.

## Bad
    {"name": "Until paid", "status": "published", "workflowData": {"templates": [
      {"id": "remind", "type": "email", "name": "Remind them", "order": 0, "next": "check",
       "attributes": {"subject": "Your invoice", "html": "<p>Your invoice is still open.</p>"}},
      {"id": "check", "type": "if_else", "name": "Paid?", "order": 1, "nodeType": "condition-node",
       "next": ["yes", "none"],
       "attributes": {"if": true, "noneBranchName": "None", "branches": [
         {"id": "yes", "name": "Paid", "operator": "and", "segments": [
           {"operator": "and", "conditions": [
             {"conditionType": "contact_detail", "conditionSubType": "tags",
              "conditionOperator": "index-of-true", "conditionValue": ["paid"]}]}]}]}},
      {"id": "yes", "type": "if_else", "name": "Paid", "order": 2, "nodeType": "branch-yes",
       "parent": "check", "parentKey": "check", "next": "thanks", "attributes": {"if": false}},
      {"id": "none", "type": "if_else", "name": "None", "order": 3, "nodeType": "branch-no",
       "parent": "check", "parentKey": "check", "next": "again", "attributes": {"else": true}},
      {"id": "thanks", "type": "email", "name": "Thank them", "order": 4,
       "attributes": {"subject": "Thank you", "html": "<p>We have received your payment.</p>"}},
      {"id": "again", "type": "goto", "name": "Remind again", "order": 5,
       "attributes": {"type": "goto", "targetNodeId": "remind"}}]}}

## Good
    {"name": "Until paid", "status": "published", "workflowData": {"templates": [
      {"id": "remind", "type": "email", "name": "Remind them", "order": 0, "next": "pause",
       "attributes": {"subject": "Your invoice", "html": "<p>Your invoice is still open.</p>"}},
      {"id": "pause", "type": "wait", "name": "Wait three days", "order": 1, "next": "check",
       "attributes": {"type": "time", "startAfter": {"type": "days", "value": 3}}},
      {"id": "check", "type": "if_else", "name": "Paid?", "order": 2, "nodeType": "condition-node",
       "next": ["yes", "none"],
       "attributes": {"if": true, "noneBranchName": "None", "branches": [
         {"id": "yes", "name": "Paid", "operator": "and", "segments": [
           {"operator": "and", "conditions": [
             {"conditionType": "contact_detail", "conditionSubType": "tags",
              "conditionOperator": "index-of-true", "conditionValue": ["paid"]}]}]}]}},
      {"id": "yes", "type": "if_else", "name": "Paid", "order": 3, "nodeType": "branch-yes",
       "parent": "check", "parentKey": "check", "next": "thanks", "attributes": {"if": false}},
      {"id": "none", "type": "if_else", "name": "None", "order": 4, "nodeType": "branch-no",
       "parent": "check", "parentKey": "check", "next": "again", "attributes": {"else": true}},
      {"id": "thanks", "type": "email", "name": "Thank them", "order": 5,
       "attributes": {"subject": "Thank you", "html": "<p>We have received your payment.</p>"}},
      {"id": "again", "type": "goto", "name": "Remind again", "order": 6,
       "attributes": {"type": "goto", "targetNodeId": "remind"}}]}}
"""

from apps.workflows.analysis.facts.loops import (
    along,
    holds,
    is_endless,
    loops_without,
    walk_round,
)
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, Graph, Kind, Step
from apps.workflows.analysis.rule import Rule, names

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.CRITICAL,
    confidence=Confidence.FIRM,
    platforms=[HIGHLEVEL],
)

#: Put on a user's list, where they stay until the user has acted.
_MANUAL = frozenset({"manual-call", "manual-sms"})
#: A loop step counts its turns; a step we do not know may well wait.
_UNJUDGED = frozenset({Kind.LOOP, Kind.UNKNOWN})


@rule.graph
def check(graph: Graph) -> list[Hit]:
    hits = []
    for loop in graph.loops:
        if not graph.is_reachable(loop[0]) or is_endless(loop, graph):
            continue
        pausing = [step for step in loop if _pauses(step)]
        hits += [_hit(fast, graph) for fast in loops_without(loop, graph, pausing)]
    return hits


def _pauses(step: Step) -> bool:
    """Whether it slows the loop down, or is of a kind that counts or holds by itself."""
    if holds(step):
        return True
    return step.enabled and (step.spec.kind in _UNJUDGED or step.type in _MANUAL)


def _hit(loop: list[Step], graph: Graph) -> Hit:
    walk = walk_round(loop, graph)
    head, *others = along(walk, loop)
    shown = [step for step in others if step.spec.kind is not Kind.MARKER]
    through = f" through {names(shown)}" if shown else ""
    zero = [step for step in others if step.wait is not None and step.enabled]
    pause = f"{names(zero)} in it waits no time at all" if zero else "there is no wait in it"
    return Hit(
        [head, *others],
        f"The contact is sent from “{head.label}”{through} back to the start at once: {pause}.",
        path=walk,
    )
