"""Nothing can start this workflow.

## Why it matters
The workflow waits for ever: no contact enters it and no message goes out, although it looks ready.

## How to fix
Switch a trigger on, or add one that says when the workflow should start.

## Bad
    {"name": "New lead", "status": "published", "workflowData": {"templates": [
      {"id": "hello", "type": "sms", "name": "Say hello", "order": 0,
       "attributes": {"body": "Hi, this is Acme Dental. How can we help?"}}]},
     "triggers": [
      {"id": "form", "type": "form_submission", "name": "Contact form", "active": false,
       "conditions": [{"operator": "==", "field": "form.id", "value": "f1"}]}]}

## Good
    {"name": "New lead", "status": "published", "workflowData": {"templates": [
      {"id": "hello", "type": "sms", "name": "Say hello", "order": 0,
       "attributes": {"body": "Hi, this is Acme Dental. How can we help?"}}]},
     "triggers": [
      {"id": "form", "type": "form_submission", "name": "Contact form", "active": true,
       "conditions": [{"operator": "==", "field": "form.id", "value": "f1"}]}]}

## Bad (n8n)
    {"name": "Orders", "active": true, "nodes": [
      {"id": "1", "name": "Start", "type": "n8n-nodes-base.manualTrigger", "typeVersion": 1,
       "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Format order", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [200, 0], "parameters": {}}],
     "connections": {
      "Start": {"main": [[{"node": "Format order", "type": "main", "index": 0}]]}}}

## Good (n8n)
    {"name": "Orders", "active": false, "nodes": [
      {"id": "1", "name": "Start", "type": "n8n-nodes-base.manualTrigger", "typeVersion": 1,
       "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Format order", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [200, 0], "parameters": {}}],
     "connections": {
      "Start": {"main": [[{"node": "Format order", "type": "main", "index": 0}]]}}}
"""

from apps.workflows.analysis.facts.account import ENROLS
from apps.workflows.analysis.findings import Confidence, Hit, NotChecked, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, N8N, NODE_RED, Graph, Kind, Need, Step, Trait
from apps.workflows.analysis.rule import Rule, names

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.HIGH,
    confidence=Confidence.CERTAIN,
    platforms=[HIGHLEVEL, N8N, NODE_RED],
    needs=(Need.TRIGGERS,),
)


@rule.graph
def check(graph: Graph) -> Hit | NotChecked | None:
    if graph.platform == NODE_RED and graph.active is False:
        return None  # every tab is switched off, and its triggers with it
    if any(_can_start(graph.steps[index], graph) for index in graph.entries):
        return None
    if _is_started_by_others(graph):
        return None
    if graph.triggers:
        return Hit(graph.triggers, _why_none_starts(graph), anchored=False)
    if graph.account is None or not graph.account.whole:
        return NotChecked("there is no trigger in the file; another workflow may start this one")
    first = [graph.steps[index] for index in graph.entries[:1]]
    message = "It has no trigger, and no other workflow of the account starts it."
    return Hit(first, message, anchored=False)


def _can_start(entry: Step, graph: Graph) -> bool:
    if entry.spec.kind is Kind.UNKNOWN:
        return graph.platform == N8N  # a type of the community that may well be a trigger
    if entry.spec.kind is not Kind.TRIGGER or not entry.enabled:
        return False
    # n8n's manual trigger works in the editor alone: enough for a workflow still being built.
    pressed = graph.platform == N8N and Trait.MANUAL in entry.spec.traits
    return not (pressed and graph.active is True)


def _is_started_by_others(graph: Graph) -> bool:
    """Whether another workflow of the account puts contacts into this one."""
    account = graph.account
    if account is None:
        return False
    place = account.place.get(id(graph))
    return any(
        link.target == place and link.source != place and link.kind == ENROLS
        for link in account.links
    )


def _why_none_starts(graph: Graph) -> str:
    pressed = [trigger for trigger in graph.triggers if trigger.enabled]
    if pressed:
        return (
            f"The workflow is active, but only {names(pressed)} can start it, "
            "which somebody has to press in the editor."
        )
    state = "is switched off" if len(graph.triggers) == 1 else "are switched off"
    return f"Nothing starts this workflow: {names(graph.triggers)} {state}."
