"""Two workflows write the same field on the same start.

## Why it matters
Which of the two values stays is left to chance: the record says one thing today and another
tomorrow, and whatever is decided by that field goes wrong now and then.

## How to fix
Let one workflow write the field, and have the other start after it (by “Add to Workflow”), or give
the two triggers filters that tell the contacts apart.

## Bad
    {"workflows": [
      {"id": "wf-a", "name": "New lead", "status": "published", "triggers": [
        {"id": "t1", "type": "form_submission", "name": "Quote form", "active": true,
         "conditions": [{"field": "form.id", "operator": "==", "value": "frm1"}]}],
       "workflowData": {"templates": [
        {"id": "a1", "type": "update_contact_field", "name": "Source web", "order": 0,
         "attributes": {"actionType": "update_field_data",
          "fields": [{"field": "source", "value": "Website"}]}}]}},
      {"id": "wf-b", "name": "Ads", "status": "published", "triggers": [
        {"id": "t2", "type": "form_submission", "name": "Quote form", "active": true,
         "conditions": [{"field": "form.id", "operator": "==", "value": "frm1"}]}],
       "workflowData": {"templates": [
        {"id": "b1", "type": "update_contact_field", "name": "Source ads", "order": 0,
         "attributes": {"actionType": "update_field_data",
          "fields": [{"field": "source", "value": "Google Ads"}]}}]}}]}

## Good
    {"workflows": [
      {"id": "wf-a", "name": "New lead", "status": "published", "triggers": [
        {"id": "t1", "type": "form_submission", "name": "Quote form", "active": true,
         "conditions": [{"field": "form.id", "operator": "==", "value": "frm1"}]}],
       "workflowData": {"templates": [
        {"id": "a1", "type": "update_contact_field", "name": "Source web", "order": 0,
         "attributes": {"actionType": "update_field_data",
          "fields": [{"field": "source", "value": "Website"}]}}]}},
      {"id": "wf-b", "name": "Ads", "status": "published", "triggers": [
        {"id": "t2", "type": "form_submission", "name": "Ads form", "active": true,
         "conditions": [{"field": "form.id", "operator": "==", "value": "frm2"}]}],
       "workflowData": {"templates": [
        {"id": "b1", "type": "update_contact_field", "name": "Source ads", "order": 0,
         "attributes": {"actionType": "update_field_data",
          "fields": [{"field": "source", "value": "Google Ads"}]}}]}}]}
"""

from collections.abc import Iterable

from apps.workflows.analysis.facts.account import Account
from apps.workflows.analysis.facts.rivals import rivals, written_together
from apps.workflows.analysis.facts.starts import starting_alike
from apps.workflows.analysis.facts.writes import FIELD, Target, Write, writes_of
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, Graph, Need, Step
from apps.workflows.analysis.rule import Rule, names

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.LOW,
    confidence=Confidence.FIRM,
    platforms=[HIGHLEVEL],
    needs=(Need.ACCOUNT, Need.TRIGGERS),
)


@rule.graph
def check(graph: Graph) -> list[Hit]:
    account = graph.account
    if account is None or graph.active is False:
        return []
    here = account.place[id(graph)]
    written = account.shared(written_together)
    found: dict[Target, set[int]] = {}
    starters: dict[Target, list[Step]] = {}
    for signature, triggers in sorted(graph.shared(starting_alike).items()):
        for target, writers in written.get(signature, {}).items():
            others = rivals(here, writers)
            if others:
                found.setdefault(target, set()).update(others)
                starters.setdefault(target, []).extend(triggers)
    writes = graph.shared(writes_of)
    return [
        _hit(account, target, writes[target], starters[target], found[target])
        for target in sorted(found, key=lambda each: (each.kind, each.name))
    ]


def _hit(
    account: Account,
    target: Target,
    writes: list[Write],
    triggers: list[Step],
    others: Iterable[int],
) -> Hit:
    steps = list(dict.fromkeys(write.step for write in writes))
    called = sorted(account.graphs[number].name or "another workflow" for number in others)
    shown = " and ".join(f"“{name}”" for name in called[:2])
    if len(called) > 2:
        shown += f" and {len(called) - 2} more"
    what = f"the field “{target.name[:60]}”" if target.kind == FIELD else "the opportunity’s stage"
    verb, writes_too = (
        ("writes" if len(steps) == 1 else "write"),
        ("writes" if len(called) == 1 else "write"),
    )
    return Hit(
        [*steps, *dict.fromkeys(triggers)],
        f"{names(steps)} {verb} {what}, and on the same start {shown} {writes_too} it too: which "
        "value stays is left to chance.",
        param=f"{target.kind}:{target.name}",
    )
