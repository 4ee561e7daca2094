"""A merge that waits for two branches of which only one runs.

## Why it matters
An item takes one branch or the other, so one input of the merge stays empty: the merge puts
nothing out, and what follows never happens, although the execution ends without an error.

## How to fix
Set the mode of the merge to “Append”, which takes what comes from either side, or connect both
branches to the next step without a merge.

## Bad
    {"name": "New lead", "active": true, "nodes": [
      {"id": "1", "name": "Every hour", "type": "n8n-nodes-base.scheduleTrigger",
       "typeVersion": 1.2, "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Known?", "type": "n8n-nodes-base.if", "typeVersion": 2.2,
       "position": [200, 0], "parameters": {"conditions": {"combinator": "and", "conditions": [
         {"leftValue": "={{ $json.id }}", "rightValue": "",
          "operator": {"type": "string", "operation": "exists", "singleValue": true}}]}}},
      {"id": "3", "name": "Update", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [400, 0], "parameters": {}},
      {"id": "4", "name": "Create", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [400, 200], "parameters": {}},
      {"id": "5", "name": "Together", "type": "n8n-nodes-base.merge", "typeVersion": 3,
       "position": [600, 0], "parameters": {"mode": "combine", "combineBy": "combineByPosition"}}],
     "connections": {
      "Every hour": {"main": [[{"node": "Known?", "type": "main", "index": 0}]]},
      "Known?": {"main": [[{"node": "Update", "type": "main", "index": 0}],
                          [{"node": "Create", "type": "main", "index": 0}]]},
      "Update": {"main": [[{"node": "Together", "type": "main", "index": 0}]]},
      "Create": {"main": [[{"node": "Together", "type": "main", "index": 1}]]}}}

## Good
    {"name": "New lead", "active": true, "nodes": [
      {"id": "1", "name": "Every hour", "type": "n8n-nodes-base.scheduleTrigger",
       "typeVersion": 1.2, "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Known?", "type": "n8n-nodes-base.if", "typeVersion": 2.2,
       "position": [200, 0], "parameters": {"conditions": {"combinator": "and", "conditions": [
         {"leftValue": "={{ $json.id }}", "rightValue": "",
          "operator": {"type": "string", "operation": "exists", "singleValue": true}}]}}},
      {"id": "3", "name": "Update", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [400, 0], "parameters": {}},
      {"id": "4", "name": "Create", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [400, 200], "parameters": {}},
      {"id": "5", "name": "Together", "type": "n8n-nodes-base.merge", "typeVersion": 3,
       "position": [600, 0], "parameters": {"mode": "append"}}],
     "connections": {
      "Every hour": {"main": [[{"node": "Known?", "type": "main", "index": 0}]]},
      "Known?": {"main": [[{"node": "Update", "type": "main", "index": 0}],
                          [{"node": "Create", "type": "main", "index": 0}]]},
      "Update": {"main": [[{"node": "Together", "type": "main", "index": 0}]]},
      "Create": {"main": [[{"node": "Together", "type": "main", "index": 1}]]}}}
"""

from itertools import combinations

from apps.workflows.analysis.facts.exclusive import Exclusions, excluded_by
from apps.workflows.analysis.facts.reach import leading_to
from apps.workflows.analysis.facts.values import mapping, text
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import N8N, Edge, Graph, Kind, Step
from apps.workflows.analysis.rule import Rule

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.HIGH,
    confidence=Confidence.FIRM,
    platforms=[N8N],
)

#: Ways to combine that put out what came on one input alone.
_TOLERANT_JOINS = frozenset({"keepEverything", "keepNonMatches", "enrichInput1", "enrichInput2"})
#: Modes of version 1 that need both inputs.
_OLD_MODES = frozenset({"wait", "multiplex", "passThrough", "keepKeyMatches"})
#: A merge has ten inputs at most; more ports in a file are not real.
_MOST_INPUTS = 10


@rule.graph
def check(graph: Graph) -> list[Hit]:
    waiting = [step for step in graph.of_kind(Kind.MERGE) if _waits(step)]
    several = [(step, inputs) for step in waiting if len(inputs := _inputs(step, graph)) > 1]
    if not several:
        return []
    exclusions = Exclusions(graph, leading_to(graph, (step.index for step, _ in several)))
    hits = []
    for step, inputs in several:
        guards = [exclusions.on_all(inputs[port]) for port in sorted(inputs)[:_MOST_INPUTS]]
        decisions = [excluded_by(a, b) for a, b in combinations(guards, 2)]
        decision = next((found for found in decisions if found is not None), None)
        if decision is not None:
            hits.append(_hit(step, graph.steps[decision]))
    return hits


def _waits(step: Step) -> bool:
    """Whether the merge puts nothing out unless both inputs have something."""
    mode = text(step.params.get("mode"))
    if mode == "chooseBranch":
        return True
    if mode != "combine":
        return step.version < 2 and mode in _OLD_MODES
    if mapping(step.params.get("options")).get("includeUnpaired") not in (None, False):
        return False
    return text(step.params.get("joinMode")) not in _TOLERANT_JOINS


def _inputs(step: Step, graph: Graph) -> dict[int, list[Edge]]:
    inputs: dict[int, list[Edge]] = {}
    for edge in graph.into[step.index]:
        inputs.setdefault(edge.target_port, []).append(edge)
    return inputs


def _hit(step: Step, decision: Step) -> Hit:
    how = "fails or not" if decision.on_error == "output" and decision.outputs == 1 else "decides"
    which = "depends on whether" if how == "fails or not" else "is what"
    return Hit(
        [step, decision],
        f"“{step.label}” waits for two inputs of which a run fills only one: which of them "
        f"{which} “{decision.label}” {how}.",
    )
