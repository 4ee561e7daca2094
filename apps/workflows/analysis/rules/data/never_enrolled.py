"""A live workflow that nothing has ever entered.

## Why it matters
By the account's own statistics no contact has ever been in this workflow: what it should do does
not happen, or it is a leftover that only makes the account harder to read.

## How to fix
Check whether its triggers still fit how contacts come in today; otherwise set the workflow back to
draft or delete it.

## Bad
    {"stats": {"wf-a": {"enrollments": 0}}, "workflows": [
      {"id": "wf-a", "name": "Old promo", "status": "published", "workflowData": {"templates": [
        {"id": "s1", "type": "add_contact_tag", "name": "Mark", "order": 0,
         "attributes": {"tags": ["promo"]}}]}, "triggers": [
        {"id": "t1", "type": "form_submission", "name": "Promo form", "active": true,
         "conditions": [{"field": "form.id", "operator": "==", "value": "frm1"}]}]}]}

## Good
    {"stats": {"wf-a": {"enrollments": 12}}, "workflows": [
      {"id": "wf-a", "name": "Old promo", "status": "published", "workflowData": {"templates": [
        {"id": "s1", "type": "add_contact_tag", "name": "Mark", "order": 0,
         "attributes": {"tags": ["promo"]}}]}, "triggers": [
        {"id": "t1", "type": "form_submission", "name": "Promo form", "active": true,
         "conditions": [{"field": "form.id", "operator": "==", "value": "frm1"}]}]}]}
"""

from apps.workflows.analysis.facts.lists import lists_of, no_list
from apps.workflows.analysis.findings import Confidence, Hit, NotChecked, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, Graph, Need
from apps.workflows.analysis.rule import Rule

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.LOW,
    confidence=Confidence.CERTAIN,
    platforms=[HIGHLEVEL],
    needs=(Need.LISTS,),
)


@rule.graph
def check(graph: Graph) -> Hit | NotChecked | None:
    lists = lists_of(graph)
    if lists is None or graph.active is not True:
        return None
    if lists.enrolments is None:
        return NotChecked(no_list("stats"))
    entered = lists.enrolments.get(graph.id)
    if entered is None:
        return NotChecked("no statistics of this workflow in the file")
    if entered > 0:
        return None
    steps = [step for step in graph.triggers if step.enabled]
    return Hit(
        steps or [graph.steps[index] for index in graph.entries[:1]],
        "The workflow is live, and by the account’s statistics no contact has ever entered it.",
        anchored=False,
    )
