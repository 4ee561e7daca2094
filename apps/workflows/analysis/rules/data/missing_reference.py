"""A step names something that is no longer in the account.

## Why it matters
A pipeline, calendar, form, user or workflow that was deleted takes the step with it: the step is
skipped or fails, so the deal is not created, the lead goes to nobody, or the workflow never starts.

## How to fix
Open the step and choose an existing entry in the field, or restore the one that was deleted.

## Bad
    {"users": [{"id": "usrAnna", "name": "Anna Berg", "active": true}], "workflows": [
      {"id": "wf-a", "name": "New lead", "status": "published", "workflowData": {"templates": [
        {"id": "a1", "type": "assign_user", "name": "Give to sales", "order": 0,
         "attributes": {"user_list": ["usrTom"]}}]}, "triggers": [
        {"id": "t1", "type": "contact_created", "name": "New contact", "active": true,
         "conditions": [{"field": "contact.type", "operator": "==", "value": "lead"}]}]}]}

## Good
    {"users": [{"id": "usrAnna", "name": "Anna Berg", "active": true}], "workflows": [
      {"id": "wf-a", "name": "New lead", "status": "published", "workflowData": {"templates": [
        {"id": "a1", "type": "assign_user", "name": "Give to sales", "order": 0,
         "attributes": {"user_list": ["usrAnna"]}}]}, "triggers": [
        {"id": "t1", "type": "contact_created", "name": "New contact", "active": true,
         "conditions": [{"field": "contact.type", "operator": "==", "value": "lead"}]}]}]}
"""

from apps.workflows.analysis.facts.lists import Lists, field_key, lists_of, no_list
from apps.workflows.analysis.facts.references import Reference, Thing, references
from apps.workflows.analysis.findings import Confidence, Hit, NotChecked, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, Graph, Need, Step
from apps.workflows.analysis.rule import Found, Rule, names

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.HIGH,
    confidence=Confidence.CERTAIN,
    platforms=[HIGHLEVEL],
    needs=(Need.LISTS,),
)

_LISTS = {
    Thing.PIPELINE: "pipelines",
    Thing.STAGE: "pipelines",
    Thing.CALENDAR: "calendars",
    Thing.FORM: "forms",
    Thing.SURVEY: "surveys",
    Thing.USER: "users",
    Thing.TEMPLATE: "emailTemplates",
    Thing.WORKFLOW: "workflows",
    Thing.FIELD: "customFields",
    Thing.VALUE: "customValues",
    Thing.TAG: "tags",
    Thing.LINK: "triggerLinks",
}
_WORDS = {
    Thing.TEMPLATE: "e-mail template",
    Thing.FIELD: "custom field",
    Thing.VALUE: "custom value",
    Thing.STAGE: "pipeline stage",
}
_INACTIVE = "is deactivated"


@rule.graph
def check(graph: Graph) -> Found:
    lists = lists_of(graph)
    if lists is None:
        return None
    faults: dict[tuple[Thing, str], tuple[str, Reference, list[Step]]] = {}
    unknown: list[Thing] = []
    was_checked = False
    for step in graph.steps:
        if not step.enabled:
            continue
        for reference, fault in _faults(step, lists):
            if fault is None:
                unknown.append(reference.thing)
                continue
            was_checked = True
            if fault:
                key = (reference.thing, reference.id)
                faults.setdefault(key, (fault, reference, []))[2].append(step)
    if faults:
        return [_hit(*faults[key], lists) for key in sorted(faults)]
    if unknown and not was_checked:
        return NotChecked(no_list(_LISTS[min(unknown)]))
    return None


def _faults(step: Step, lists: Lists) -> list[tuple[Reference, str | None]]:
    """What is wrong with each thing the step names; of a lost pipeline its stage goes unsaid."""
    found = [(each, _fault(each, lists)) for each in references(step)]
    if any(fault and each.thing is Thing.PIPELINE for each, fault in found):
        found = [(each, fault) for each, fault in found if each.thing is not Thing.STAGE]
    return found


def _fault(reference: Reference, lists: Lists) -> str | None:
    """Empty where the thing is there, ``None`` where its list is not known."""
    thing, key = reference.thing, reference.id
    if thing is Thing.WORKFLOW:
        account = lists.account
        if key == "*" or key in account.by_id:
            return ""
        return "does not exist" if account.whole else None
    if thing is Thing.USER and lists.users is not None and key in lists.users:
        return "" if lists.users[key].is_active else _INACTIVE
    if thing is Thing.STAGE:
        known = lists.stages if lists.lists_stages else None
        return None if known is None else _absent(key in known)
    if thing is Thing.TAG:
        return None if lists.tags is None else _absent(key.strip().lower() in lists.tags)
    ids = lists.ids(_LISTS[thing])
    return None if ids is None else _absent(key in ids or field_key(key) in ids)


def _absent(is_there: bool) -> str:
    return "" if is_there else "is not in the account"


def _hit(fault: str, reference: Reference, steps: list[Step], lists: Lists) -> Hit:
    word = _WORDS.get(reference.thing, reference.thing.value)
    name = reference.name or reference.id
    if fault == _INACTIVE and lists.users is not None:
        name = lists.users[reference.id].name or name
    steps = list(dict.fromkeys(steps))
    verb = "names" if len(steps) == 1 else "name"
    return Hit(
        steps,
        f"{names(steps)} {verb} the {word} “{name[:80]}”, which {fault}{_effect(reference)}.",
        param=f"{reference.thing.value}:{reference.id}",
        anchored=False,
    )


def _effect(reference: Reference) -> str:
    if reference.thing is Thing.USER:
        return ": nobody gets what was meant for them"
    if reference.thing is Thing.WORKFLOW:
        return ": no contact gets there"
    return ""
