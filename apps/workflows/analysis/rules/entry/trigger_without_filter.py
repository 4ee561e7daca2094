"""A trigger that every form, tag, stage or change sets off.

## Why it matters
Without a filter the workflow starts for contacts it was never meant for: they get messages that
make no sense to them, and nobody knows why.

## How to fix
Open the trigger, choose “Add filters” and name the form, tag, stage, field or link it is about.

## Bad
    {"name": "Quote request", "status": "published", "triggers": [
      {"id": "t1", "type": "form_submission", "name": "Form submitted", "active": true,
       "conditions": []}],
     "workflowData": {"templates": [
      {"id": "s1", "type": "sms", "name": "Thank you", "order": 0,
       "attributes": {"body": "Thanks for asking for a quote. We will call you today."}}]}}

## Good
    {"name": "Quote request", "status": "published", "triggers": [
      {"id": "t1", "type": "form_submission", "name": "Form submitted", "active": true,
       "conditions": [{"field": "form.id", "operator": "==", "value": "frm8QuoteRequest"}]}],
     "workflowData": {"templates": [
      {"id": "s1", "type": "sms", "name": "Thank you", "order": 0,
       "attributes": {"body": "Thanks for asking for a quote. We will call you today."}}]}}
"""

from apps.workflows.analysis.facts.triggers import filters_of
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, Graph, Kind, Need, Step
from apps.workflows.analysis.rule import Rule

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.HIGH,
    confidence=Confidence.FIRM,
    platforms=[HIGHLEVEL],
    needs=(Need.TRIGGERS,),
)

#: What starts such a trigger when no filter holds it back.
_STARTED_BY = {
    "form_submission": "every form of the account",
    "survey_submission": "every survey of the account",
    "quiz_submitted": "every quiz of the account",
    "contact_tag": "every tag that is added or removed",
    "pipeline_stage_updated": "every stage change in every pipeline",
    "contact_changed": "every change to any contact",
    "trigger_link": "every trigger link of the account",
    "contact_created": "every new contact, imports included",
}


@rule.step(Kind.TRIGGER)
def check(step: Step, graph: Graph) -> Hit | None:
    starts = _STARTED_BY.get(step.type)
    if starts is None or filters_of(step):
        return None
    # “Contact changed” may watch a field without comparing it with anything.
    if step.type == "contact_changed" and any(each.field for each in step.filters):
        return None
    return Hit(
        [step],
        f"“{step.label}” has no filter: {starts} starts this workflow.",
        severity=Severity.MEDIUM if step.type == "contact_created" else None,
    )
