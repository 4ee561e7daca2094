"""A tag starts the workflow, and nothing adds that tag.

## Why it matters
Unless somebody sets the tag by hand or imports it, no contact ever enters this workflow: what it
was built for does not happen, and nobody notices.

## How to fix
Add an “Add Contact Tag” step with this very tag where the workflow should begin, or choose in the
trigger a tag that is in use.

## Bad
    {"tags": ["vip", "vip-client"], "workflows": [
      {"id": "wf-a", "name": "Sale", "status": "published", "workflowData": {"templates": [
        {"id": "a1", "type": "add_contact_tag", "name": "Mark as VIP", "order": 0,
         "attributes": {"tags": ["vip-client"]}}]}, "triggers": [
        {"id": "t1", "type": "form_submission", "name": "Order form", "active": true,
         "conditions": [{"field": "form.id", "operator": "==", "value": "frm1"}]}]},
      {"id": "wf-b", "name": "VIP care", "status": "published", "workflowData": {"templates": [
        {"id": "b1", "type": "sms", "name": "Welcome", "order": 0,
         "attributes": {"body": "Welcome to the circle of our best customers."}}]}, "triggers": [
        {"id": "t2", "type": "contact_tag", "name": "Tag vip added", "active": true,
         "conditions": [{"field": "tagsAdded", "operator": "index-of-true", "value": "vip"}]}]}]}

## Good
    {"tags": ["vip", "vip-client"], "workflows": [
      {"id": "wf-a", "name": "Sale", "status": "published", "workflowData": {"templates": [
        {"id": "a1", "type": "add_contact_tag", "name": "Mark as VIP", "order": 0,
         "attributes": {"tags": ["VIP"]}}]}, "triggers": [
        {"id": "t1", "type": "form_submission", "name": "Order form", "active": true,
         "conditions": [{"field": "form.id", "operator": "==", "value": "frm1"}]}]},
      {"id": "wf-b", "name": "VIP care", "status": "published", "workflowData": {"templates": [
        {"id": "b1", "type": "sms", "name": "Welcome", "order": 0,
         "attributes": {"body": "Welcome to the circle of our best customers."}}]}, "triggers": [
        {"id": "t2", "type": "contact_tag", "name": "Tag vip added", "active": true,
         "conditions": [{"field": "tagsAdded", "operator": "index-of-true", "value": "vip"}]}]}]}
"""

from dataclasses import dataclass

from apps.workflows.analysis.facts.account import Account
from apps.workflows.analysis.facts.triggers import filters_of, live_triggers
from apps.workflows.analysis.facts.watching import is_positive
from apps.workflows.analysis.findings import Confidence, Hit, NotChecked, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, Graph, Kind, Need, Step
from apps.workflows.analysis.rule import Found, Rule

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.LOW,
    confidence=Confidence.TENTATIVE,
    platforms=[HIGHLEVEL],
    needs=(Need.ACCOUNT, Need.TRIGGERS),
)

#: Kinds of steps that may add a tag without saying so in a field of their own.
_OPAQUE = frozenset({Kind.AI, Kind.CALL, Kind.CODE, Kind.UNKNOWN})


@dataclass(frozen=True, slots=True)
class _Added:
    """The tags that steps of the account add; ``elsewhere`` is text that may name others.

    ``doubt`` says why the tags are not all known.
    """

    tags: frozenset[str]
    elsewhere: str
    doubt: str


@rule.graph
def check(graph: Graph) -> Found:
    waiting = {trigger: tags for trigger in live_triggers(graph, "contact_tag")
               if (tags := _awaited(trigger))}  # fmt: skip
    account = graph.account
    if account is None or not waiting:
        return None
    if not account.whole:
        return NotChecked("not all workflows of the account are in the file")
    added = account.shared(_added)
    alone = {
        trigger: tags
        for trigger, tags in waiting.items()
        if added.tags.isdisjoint(tags) and not any(tag in added.elsewhere for tag in tags)
    }
    if alone and added.doubt:
        return NotChecked(added.doubt)
    return [_hit(trigger, tags) for trigger, tags in alone.items()]


def _awaited(trigger: Step) -> list[str]:
    """The tags of which one has to be added for the trigger to fire."""
    for condition in filters_of(trigger):
        if condition.field.rpartition(".")[2].lower() in ("tagsadded", "tags", "tag"):
            tags = {value for value in condition.values if value.strip() and "{{" not in value}
            if tags and is_positive(condition):
                return sorted(tags)
    return []


def _added(account: Account) -> _Added:
    tags: set[str] = set()
    texts: list[str] = []
    doubt = ""
    for graph in account.graphs:
        if Need.CONTENT in graph.missing:
            doubt = "the steps of some workflows are not in the file"
        for step in graph.steps:
            if not step.enabled:
                continue
            new = [e.value for e in step.effects if e.kind == "tag" and e.action == "add"]
            tags.update(new)
            if any("{{" in tag for tag in new):
                doubt = doubt or "some workflows add tags that are known only when they run"
            if step.spec.kind in _OPAQUE:
                texts.append(step.lower_text)
    return _Added(frozenset(tags), "\n".join(texts), doubt)


def _hit(trigger: Step, tags: list[str]) -> Hit:
    shown = " or ".join(f"“{tag[:60]}”" for tag in tags[:5])
    return Hit(
        [trigger],
        f"“{trigger.label}” waits for the tag {shown}, which no workflow of the account adds.",
        param=",".join(tags),
    )
