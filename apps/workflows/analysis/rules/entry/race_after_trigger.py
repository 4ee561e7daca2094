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

from collections.abc import Callable

from apps.workflows.analysis.facts.conditions import Test, branches
from apps.workflows.analysis.facts.triggers import live_triggers
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, Graph, Kind, Need, Step
from apps.workflows.analysis.rule import Rule

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.LOW,
    confidence=Confidence.TENTATIVE,
    platforms=[HIGHLEVEL],
    needs=(Need.TRIGGERS,),
    options={"minutes": 1},
)

_FORMS = (
    "form_submission survey_submission quiz_submitted facebook_lead_gen tik_tok_form_submitted "
    "linkedin_form_submitted google_lead_form_submitted two_step_form_submission"
)
Writes = Callable[[Step, str, Test], bool]


def _form_field(trigger: Step, name: str, test: Test) -> bool:
    return not test.several  # a form fills in fields; tags are another step's matter


def _changed_field(trigger: Step, name: str, test: Test) -> bool:
    watched = {each.field.rpartition(".")[2].lower() for each in trigger.filters}
    return not watched or name in watched


def _tag(trigger: Step, name: str, test: Test) -> bool:
    """The tag itself, where trigger and test both name theirs."""
    added = {value for each in trigger.filters for value in each.values}
    asked = {value.strip().lower() for value in test.values}
    return test.several and (not added or not asked or not added.isdisjoint(asked))


def _named(*words: str) -> Writes:
    def writes(trigger: Step, name: str, test: Test) -> bool:
        return any(word in name for word in words)

    return writes


def _anything(trigger: Step, name: str, test: Test) -> bool:
    return True


#: Trigger type -> what its conditions are about, and which of its fields the event writes.
_WRITES: dict[str, tuple[str, Writes]] = {
    **dict.fromkeys(_FORMS.split(), ("contact_detail", _form_field)),
    "contact_created": ("contact_detail", _anything),
    "contact_changed": ("contact_detail", _changed_field),
    "contact_tag": ("contact_detail", _tag),
    "opportunity_created": ("opportunities", _anything),
    "opportunity_changed": ("opportunities", _anything),
    "opportunity_status_changed": ("opportunities", _named("status")),
    "pipeline_stage_updated": ("opportunities", _named("stage", "pipeline")),
    "appointment": ("appointment", _anything),
    "customer_appointment": ("appointment", _anything),
}


@rule.graph
def check(graph: Graph) -> list[Hit]:
    first: dict[tuple[int, ...], list[Step]] = {}
    hits: dict[int, Hit] = {}
    for trigger in live_triggers(graph, *_WRITES):
        targets = tuple([edge.target for edge in graph.out[trigger.index]])
        if targets not in first:
            first[targets] = _first_conditions(graph, targets)
        for step in first[targets]:
            if step.index not in hits and (field := _tested(graph, step, trigger)):
                hits[step.index] = _hit(graph, trigger, step, field)
    return [hits[index] for index in sorted(hits)]


def _first_conditions(graph: Graph, targets: tuple[int, ...]) -> list[Step]:
    """What decides at once; waits below a minute and steps that are switched off hold nobody."""
    least = rule.option(graph, "minutes")
    seen = set(targets)
    queue = list(seen)
    found = []
    while queue:
        step = graph.steps[queue.pop()]
        wait = step.wait
        if not step.enabled or (wait and wait.minutes is not None and wait.minutes < least):
            further = {edge.target for edge in graph.out[step.index]} - seen
            seen |= further
            queue.extend(further)
        elif step.spec.kind is Kind.BRANCH:
            found.append(step)
    return found


def _tested(graph: Graph, step: Step, trigger: Step) -> str | None:
    """The first field among the step's conditions that the event has just written."""
    about, writes = _WRITES[trigger.type]
    for branch in branches(graph).get(step.index, ()):
        for clause in branch.clauses:
            for test in clause:
                kind, _, name = test.field.partition(".")
                name = name.rpartition(".")[2]
                if kind == about and writes(trigger, name.lower(), test):
                    return name
    return None


def _hit(graph: Graph, trigger: Step, step: Step, field: str) -> Hit:
    return Hit(
        [step, trigger],
        f"“{step.label}” tests “{field}” in the instant in which “{trigger.label}” has written it; "
        "it may still see the old value.",
        path=graph.path_between(trigger, step),
    )
