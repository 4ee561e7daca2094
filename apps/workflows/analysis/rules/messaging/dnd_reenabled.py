"""Do-not-disturb is switched off again.

## Why it matters
People who opted out are written to again. In many places that is a risk of complaints and fines,
and carriers block numbers for it.

## How to fix
Delete the step, or let it run only behind a new consent: a form or survey with the terms ticked, or
the reply START.

## Bad
    {"name": "Back in", "status": "published", "triggers":
      [{"id": "t1", "type": "contact_tag", "name": "Tag", "active": true,
       "conditions": [{"field": "tagsAdded", "operator": "index-of-true", "value": "vip"}]}],
     "workflowData": {"templates": [
      {"id": "d", "type": "dnd_contact", "name": "DND off", "order": 0,
       "attributes": {"type": "dnd_contact", "dnd_contact": "disable"}}]}}

## Good
    {"name": "Back in", "status": "published", "triggers":
      [{"id": "t1", "type": "form_submission", "name": "Form", "active": true, "conditions": [
       {"field": "form.id", "operator": "==", "value": "frm8"},
       {"field": "formData.termsAndConditions", "operator": "==", "value": "true"}]}],
     "workflowData": {"templates": [
      {"id": "d", "type": "dnd_contact", "name": "DND off", "order": 0,
       "attributes": {"type": "dnd_contact", "dnd_contact": "disable"}}]}}
"""

from apps.workflows.analysis.facts.reach import reached_from
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, Graph, Kind, Need, Step, strings
from apps.workflows.analysis.rule import Rule

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.HIGH,
    confidence=Confidence.CERTAIN,
    platforms=[HIGHLEVEL],
    needs=(Need.TRIGGERS, Need.CONTENT),
)

_OPT_IN_FORMS = ("form_submission", "survey_submission", "quiz_submitted")
_OPT_IN_WORDS = frozenset({"start", "unstop", "subscribe", "optin", "opt-in", "opt in", "join"})


@rule.graph
def check(graph: Graph) -> list[Hit]:
    switches = [step for step in graph.of_kind(Kind.WRITE) if _switches_off(step)]
    if not switches:
        return []
    starts = [each for each in graph.triggers if each.enabled]
    if starts and all(_is_opt_in(each) for each in starts):
        return []
    asked = [each.index for each in graph.of_kind(Kind.BRANCH) if _asks_for_opt_in(each)]
    behind = reached_from(graph, asked)
    return [
        Hit(
            [step],
            f"“{step.label}” switches do-not-disturb off, also for contacts who opted out and "
            "have not agreed anew.",
        )
        for step in switches
        if step.index not in behind
    ]


def _switches_off(step: Step) -> bool:
    return any(effect.kind == "dnd" and effect.action == "clear" for effect in step.effects)


def _is_opt_in(trigger: Step) -> bool:
    if trigger.type in _OPT_IN_FORMS:
        return any("terms" in each.field.lower() for each in trigger.filters)
    if trigger.type != "customer_reply":
        return False
    return any(
        "body" in each.field.lower()
        and each.values
        and all(value.strip().lower() in _OPT_IN_WORDS for value in each.values)
        for each in trigger.filters
    )


def _asks_for_opt_in(branch: Step) -> bool:
    return any(text.strip().lower() in _OPT_IN_WORDS for text in strings(branch.params))
