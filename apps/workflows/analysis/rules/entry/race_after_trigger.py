"""A first step that tests what the same event has just written.

## Why it matters
What an event writes on the contact may not be readable in the same instant: now and then the check
still sees the old value and sends the contact down the wrong branch, and no one can reproduce it.

## How to fix
Put a wait of one minute between the trigger and the condition.

## Bad
    {"name": "Quote form", "status": "published", "triggers": [
      {"id": "t1", "type": "form_submission", "name": "Form", "active": true,
       "conditions": [{"field": "form.id", "operator": "==", "value": "frm8"}]}],
     "workflowData": {"templates": [
      {"id": "if", "type": "if_else", "name": "Budget?", "order": 0, "nodeType": "condition-node",
       "next": ["yes", "no"], "attributes": {"if": true, "noneBranchName": "None", "branches": [
        {"id": "yes", "name": "Large", "operator": "and", "segments": [{"operator": "and",
         "conditions": [{"conditionType": "contact_detail", "conditionSubType": "budget",
          "conditionOperator": ">=", "conditionValue": "5000"}]}]}]}},
      {"id": "yes", "type": "if_else", "name": "Large", "order": 1, "nodeType": "branch-yes",
       "parentKey": "if", "attributes": {"if": false}, "next": "tell"},
      {"id": "no", "type": "if_else", "name": "None", "order": 2, "nodeType": "branch-no",
       "parentKey": "if", "attributes": {"else": true}},
      {"id": "tell", "type": "internal_notification", "name": "Tell sales", "order": 3,
       "attributes": {"type": "email", "email": {"subject": "Large quote", "html": "Call them.",
        "userType": "all"}}}]}}

## Good
    {"name": "Quote form", "status": "published", "triggers": [
      {"id": "t1", "type": "form_submission", "name": "Form", "active": true,
       "conditions": [{"field": "form.id", "operator": "==", "value": "frm8"}]}],
     "workflowData": {"templates": [
      {"id": "wait", "type": "wait", "name": "A minute", "order": 0, "next": "if",
       "attributes": {"type": "time", "startAfter": {"type": "minutes", "value": 1}}},
      {"id": "if", "type": "if_else", "name": "Budget?", "order": 1, "nodeType": "condition-node",
       "next": ["yes", "no"], "attributes": {"if": true, "noneBranchName": "None", "branches": [
        {"id": "yes", "name": "Large", "operator": "and", "segments": [{"operator": "and",
         "conditions": [{"conditionType": "contact_detail", "conditionSubType": "budget",
          "conditionOperator": ">=", "conditionValue": "5000"}]}]}]}},
      {"id": "yes", "type": "if_else", "name": "Large", "order": 2, "nodeType": "branch-yes",
       "parentKey": "if", "attributes": {"if": false}, "next": "tell"},
      {"id": "no", "type": "if_else", "name": "None", "order": 3, "nodeType": "branch-no",
       "parentKey": "if", "attributes": {"else": true}},
      {"id": "tell", "type": "internal_notification", "name": "Tell sales", "order": 4,
       "attributes": {"type": "email", "email": {"subject": "Large quote", "html": "Call them.",
        "userType": "all"}}}]}}
"""

from collections.abc import Iterator

from apps.workflows.analysis.conditions import branches
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, Graph, Kind, Need, Step
from apps.workflows.analysis.rule import Rule
from apps.workflows.analysis.triggers import live_triggers

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.LOW,
    confidence=Confidence.TENTATIVE,
    platforms=[HIGHLEVEL],
    needs=(Need.TRIGGERS,),
    options={"minutes": 1},
)

#: Trigger type -> beginnings of the condition fields that its own event writes.
_WRITES = {
    "form_submission": ("contact_detail",),
    "survey_submission": ("contact_detail",),
    "quiz_submitted": ("contact_detail",),
    "facebook_lead_gen": ("contact_detail",),
    "tik_tok_form_submitted": ("contact_detail",),
    "linkedin_form_submitted": ("contact_detail",),
    "google_lead_form_submitted": ("contact_detail",),
    "two_step_form_submission": ("contact_detail",),
    "contact_created": ("contact_detail",),
    "contact_changed": ("contact_detail",),
    "contact_tag": ("contact_detail.tags",),
    "opportunity_created": ("opportunities",),
    "opportunity_changed": ("opportunities",),
    "opportunity_status_changed": ("opportunities",),
    "pipeline_stage_updated": ("opportunities",),
    "appointment": ("appointment",),
    "customer_appointment": ("appointment",),
}


@rule.graph
def check(graph: Graph) -> list[Hit]:
    hits: dict[int, Hit] = {}
    for trigger in live_triggers(graph, *_WRITES):
        for step in _first_steps(graph, trigger):
            field = _tested(graph, step, _WRITES[trigger.type])
            if field is not None:
                hits.setdefault(step.index, _hit(graph, trigger, step, field))
    return [hits[index] for index in sorted(hits)]


def _first_steps(graph: Graph, trigger: Step) -> Iterator[Step]:
    """What runs at once after the trigger: waits below a minute and switched-off steps hold nobody."""
    least = rule.option(graph, "minutes")
    seen = {trigger.index}
    queue = [trigger]
    while queue:
        for step in graph.next_steps(queue.pop()):
            if step.index in seen:
                continue
            seen.add(step.index)
            wait = step.wait
            if not step.enabled or (wait and wait.minutes is not None and wait.minutes < least):
                queue.append(step)
            elif step.spec.kind is Kind.BRANCH:
                yield step


def _tested(graph: Graph, step: Step, written: tuple[str, ...]) -> str | None:
    """The first field among the step's conditions that the event has just written."""
    for branch in branches(graph).get(step.index, ()):
        for clause in branch.clauses:
            for test in clause:
                if test.field.startswith(written):
                    return test.field.rpartition(".")[2]
    return None


def _hit(graph: Graph, trigger: Step, step: Step, field: str) -> Hit:
    return Hit(
        [step, trigger],
        f"“{step.label}” tests “{field}” in the instant in which “{trigger.label}” has written it; "
        "it may still see the old value.",
        path=graph.path_between(trigger, step),
    )
