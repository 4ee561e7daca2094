"""A condition that nothing can ever meet.

## Why it matters
The branch behind it is never taken, or the trigger never fires: whoever was meant to get there is
treated like everybody else, and no error says so.

## How to fix
Correct the condition: compare with “any of” or join the parts by OR where one value cannot have
both, and compare numbers with numbers.

## Bad
    {"name": "Welcome", "status": "published", "workflowData": {"templates": [
      {"id": "check", "type": "if_else", "name": "From the region?", "order": 0,
       "nodeType": "condition-node", "next": ["yes", "none"],
       "attributes": {"if": true, "noneBranchName": "None", "branches": [
         {"id": "yes", "name": "Near us", "operator": "and", "segments": [
           {"operator": "and", "conditions": [
             {"conditionType": "contact_detail", "conditionSubType": "city",
              "conditionOperator": "==", "conditionValue": "Bonn"},
             {"conditionType": "contact_detail", "conditionSubType": "city",
              "conditionOperator": "==", "conditionValue": "Cologne"}]}]}]}},
      {"id": "yes", "type": "if_else", "name": "Near us", "order": 1, "nodeType": "branch-yes",
       "parent": "check", "parentKey": "check", "next": "visit", "attributes": {"if": false}},
      {"id": "none", "type": "if_else", "name": "None", "order": 2, "nodeType": "branch-no",
       "parent": "check", "parentKey": "check", "attributes": {"else": true}},
      {"id": "visit", "type": "email", "name": "Offer a visit", "order": 3,
       "attributes": {"subject": "May we visit you?", "html": "<p>We are close by.</p>"}}]}}

## Good
    {"name": "Welcome", "status": "published", "workflowData": {"templates": [
      {"id": "check", "type": "if_else", "name": "From the region?", "order": 0,
       "nodeType": "condition-node", "next": ["yes", "none"],
       "attributes": {"if": true, "noneBranchName": "None", "branches": [
         {"id": "yes", "name": "Near us", "operator": "and", "segments": [
           {"operator": "or", "conditions": [
             {"conditionType": "contact_detail", "conditionSubType": "city",
              "conditionOperator": "==", "conditionValue": "Bonn"},
             {"conditionType": "contact_detail", "conditionSubType": "city",
              "conditionOperator": "==", "conditionValue": "Cologne"}]}]}]}},
      {"id": "yes", "type": "if_else", "name": "Near us", "order": 1, "nodeType": "branch-yes",
       "parent": "check", "parentKey": "check", "next": "visit", "attributes": {"if": false}},
      {"id": "none", "type": "if_else", "name": "None", "order": 2, "nodeType": "branch-no",
       "parent": "check", "parentKey": "check", "attributes": {"else": true}},
      {"id": "visit", "type": "email", "name": "Offer a visit", "order": 3,
       "attributes": {"subject": "May we visit you?", "html": "<p>We are close by.</p>"}}]}}

## Bad (n8n)
    {"name": "Large orders", "active": true, "nodes": [
      {"id": "1", "name": "Every day", "type": "n8n-nodes-base.scheduleTrigger",
       "typeVersion": 1.2, "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Large?", "type": "n8n-nodes-base.filter", "typeVersion": 2.2,
       "position": [200, 0], "parameters": {"conditions": {"combinator": "and", "conditions": [
         {"leftValue": "={{ $json.total }}", "rightValue": "high",
          "operator": {"type": "number", "operation": "gt"}}]}}},
      {"id": "3", "name": "Mark", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [400, 0], "parameters": {}}],
     "connections": {
      "Every day": {"main": [[{"node": "Large?", "type": "main", "index": 0}]]},
      "Large?": {"main": [[{"node": "Mark", "type": "main", "index": 0}]]}}}

## Good (n8n)
    {"name": "Large orders", "active": true, "nodes": [
      {"id": "1", "name": "Every day", "type": "n8n-nodes-base.scheduleTrigger",
       "typeVersion": 1.2, "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Large?", "type": "n8n-nodes-base.filter", "typeVersion": 2.2,
       "position": [200, 0], "parameters": {"conditions": {"combinator": "and", "conditions": [
         {"leftValue": "={{ $json.total }}", "rightValue": 500,
          "operator": {"type": "number", "operation": "gt"}}]}}},
      {"id": "3", "name": "Mark", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [400, 0], "parameters": {}}],
     "connections": {
      "Every day": {"main": [[{"node": "Large?", "type": "main", "index": 0}]]},
      "Large?": {"main": [[{"node": "Mark", "type": "main", "index": 0}]]}}}
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from apps.workflows.analysis.facts.conditions import Branch, Clause, Test, branches, operator
from apps.workflows.analysis.facts.field_options import Field, is_no_option, known_fields
from apps.workflows.analysis.facts.logic import compares_text_with_number, contradiction
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, N8N, Graph, Kind, Step
from apps.workflows.analysis.rule import Rule

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.MEDIUM,
    confidence=Confidence.CERTAIN,
    platforms=[HIGHLEVEL, N8N],
)

#: Comparisons of two tests in one workflow; what goes beyond is no drawing by hand.
_BUDGET = 200_000

Fields = Mapping[str, Field]


@rule.graph
def check(graph: Graph) -> list[Hit]:
    hits: list[Hit] = []
    left = _BUDGET
    fields = known_fields(graph.account) if graph.platform == HIGHLEVEL else {}
    for step, found in _tried(graph):
        left -= sum(len(clause) ** 2 for branch in found for clause in branch.clauses)
        if left < 0:
            break
        for branch in found:
            # One finding per branch: its first fault is the one to start with.
            hits += [_hit(step, branch, why) for why in _faults(branch.clauses, fields)][:1]
    return hits


def _tried(graph: Graph) -> Iterator[tuple[Step, list[Branch]]]:
    """Every step that has conditions, with them."""
    for step in graph.of_kind(Kind.TRIGGER):
        if step.filters:
            yield step, [Branch("", (_filters(step),))]
    for index, found in branches(graph).items():
        yield graph.steps[index], found


def _filters(step: Step) -> Clause:
    """The filters of a trigger all have to hold."""
    return tuple(
        Test(each.field, word, each.values, several="tag" in each.field.lower())
        for each in step.filters
        if (word := operator(each.operator)) and each.values
    )


def _faults(clauses: Iterable[Clause], fields: Fields) -> Iterator[str]:
    """Why a clause can never hold; of several reasons the first."""
    for clause in clauses:
        tests = tuple(_informed(test, fields) for test in clause) if fields else clause
        pair = contradiction(tests)
        if pair is not None:
            yield f"{_shown(pair[0])} and {_shown(pair[1])} cannot both be true"
            continue
        for test in tests:
            if compares_text_with_number(test):
                yield f"{_shown(test)} compares a text with a number"
                break
            if test.field in fields and is_no_option(test, fields[test.field]):
                yield f"{_shown(test)} asks for a value that the field cannot have"
                break


def _informed(test: Test, fields: Fields) -> Test:
    """The test with what the account's list says about its field."""
    field = fields.get(test.field)
    if field is None:
        return test
    kind = "number" if field.is_number else test.type
    return replace(test, type=kind, several=test.several or field.holds_several)


def _shown(test: Test) -> str:
    values = " or ".join(value[:40] for value in test.values[:3])
    about = test.field if "{{" in test.field else test.field.rpartition(".")[2]
    return f"“{about[:60]} {test.operator} {values}".rstrip() + "”"


def _hit(step: Step, branch: Branch, why: str) -> Hit:
    if step.spec.kind is Kind.TRIGGER:
        message = f"“{step.label}” never starts the workflow: {why}."
    else:
        where = (
            f"The branch “{branch.name}” of “{step.label}”" if branch.name else f"“{step.label}”"
        )
        message = f"{where} has a condition that nothing meets: {why}."
    return Hit([step], message, param=branch.name)
