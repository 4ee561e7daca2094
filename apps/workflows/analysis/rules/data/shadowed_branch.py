"""A branch that an earlier one leaves nothing for.

## Why it matters
Branches are tried from the top, and the first that fits is taken. Here an earlier one takes
everything the later asks for, so the steps of the later branch never run.

## How to fix
Move the narrower branch above the wider one, or correct its condition.

## Bad
    {"name": "Sort by budget", "active": true, "nodes": [
      {"id": "1", "name": "Every day", "type": "n8n-nodes-base.scheduleTrigger",
       "typeVersion": 1.2, "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Budget", "type": "n8n-nodes-base.switch", "typeVersion": 3.2,
       "position": [200, 0], "parameters": {"rules": {"values": [
         {"outputKey": "some", "conditions": {"combinator": "and", "conditions": [
           {"leftValue": "={{ $json.budget }}", "rightValue": 100,
            "operator": {"type": "number", "operation": "gte"}}]}},
         {"outputKey": "large", "conditions": {"combinator": "and", "conditions": [
           {"leftValue": "={{ $json.budget }}", "rightValue": 5000,
            "operator": {"type": "number", "operation": "gte"}}]}}]},
         "options": {"fallbackOutput": "extra"}}},
      {"id": "3", "name": "Some", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [400, 0], "parameters": {}},
      {"id": "4", "name": "Large", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [400, 200], "parameters": {}},
      {"id": "5", "name": "None", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [400, 400], "parameters": {}}],
     "connections": {
      "Every day": {"main": [[{"node": "Budget", "type": "main", "index": 0}]]},
      "Budget": {"main": [[{"node": "Some", "type": "main", "index": 0}],
                          [{"node": "Large", "type": "main", "index": 0}],
                          [{"node": "None", "type": "main", "index": 0}]]}}}

## Good
    {"name": "Sort by budget", "active": true, "nodes": [
      {"id": "1", "name": "Every day", "type": "n8n-nodes-base.scheduleTrigger",
       "typeVersion": 1.2, "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Budget", "type": "n8n-nodes-base.switch", "typeVersion": 3.2,
       "position": [200, 0], "parameters": {"rules": {"values": [
         {"outputKey": "large", "conditions": {"combinator": "and", "conditions": [
           {"leftValue": "={{ $json.budget }}", "rightValue": 5000,
            "operator": {"type": "number", "operation": "gte"}}]}},
         {"outputKey": "some", "conditions": {"combinator": "and", "conditions": [
           {"leftValue": "={{ $json.budget }}", "rightValue": 100,
            "operator": {"type": "number", "operation": "gte"}}]}}]},
         "options": {"fallbackOutput": "extra"}}},
      {"id": "3", "name": "Large", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [400, 0], "parameters": {}},
      {"id": "4", "name": "Some", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [400, 200], "parameters": {}},
      {"id": "5", "name": "None", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [400, 400], "parameters": {}}],
     "connections": {
      "Every day": {"main": [[{"node": "Budget", "type": "main", "index": 0}]]},
      "Budget": {"main": [[{"node": "Large", "type": "main", "index": 0}],
                          [{"node": "Some", "type": "main", "index": 0}],
                          [{"node": "None", "type": "main", "index": 0}]]}}}
"""

from collections.abc import Sequence

from apps.workflows.analysis.facts.conditions import Branch, branches
from apps.workflows.analysis.facts.logic import includes
from apps.workflows.analysis.facts.values import mapping
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, N8N, Graph, Step
from apps.workflows.analysis.rule import Rule

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.LOW,
    confidence=Confidence.TENTATIVE,
    platforms=[HIGHLEVEL, N8N],
)

#: Comparisons of two tests in one workflow; what goes beyond is no drawing by hand.
_BUDGET = 200_000


@rule.graph
def check(graph: Graph) -> list[Hit]:
    hits: list[Hit] = []
    left = _BUDGET
    for index, found in branches(graph).items():
        step = graph.steps[index]
        if len(found) < 2 or mapping(step.params.get("options")).get("allMatchingOutputs"):
            continue
        left -= sum(len(clause) for branch in found for clause in branch.clauses) ** 2
        if left < 0:
            break
        hits += _shadowed(step, found)
    return hits


def _shadowed(step: Step, found: Sequence[Branch]) -> list[Hit]:
    hits = []
    for n, late in enumerate(found):
        for place, early in enumerate(found[:n]):
            if includes(early.clauses, late.clauses):
                hits.append(_hit(step, _called(early, place), _called(late, n), late.name))
                break
    return hits


def _hit(step: Step, early: str, late: str, param: str) -> Hit:
    return Hit(
        [step],
        f"{late} of “{step.label}” is never taken: {early}, tried before it, already takes all "
        "that it asks for.",
        param=param,
    )


def _called(branch: Branch, place: int) -> str:
    return f"“{branch.name}”" if branch.name else f"rule {place + 1}"
