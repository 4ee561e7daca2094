"""Text messages, and no number to send them from.

## Why it matters
The texts fail one by one in the background: the contact never hears from you, and the workflow goes
on as if the message had arrived.

## How to fix
Add a number that can text under Settings → Phone Numbers, or choose one of the account's numbers as
the sender in the step.

## Bad
    {"phoneNumbers": [{"number": "+493012345678", "sms": false}], "workflows": [
      {"id": "wf-a", "name": "Reminder", "status": "published", "workflowData": {"templates": [
        {"id": "s1", "type": "sms", "name": "See you soon", "order": 0,
         "attributes": {"body": "See you tomorrow at the practice."}}]}, "triggers": []}]}

## Good
    {"phoneNumbers": [{"number": "+493012345678", "sms": true}], "workflows": [
      {"id": "wf-a", "name": "Reminder", "status": "published", "workflowData": {"templates": [
        {"id": "s1", "type": "sms", "name": "See you soon", "order": 0,
         "attributes": {"body": "See you tomorrow at the practice."}}]}, "triggers": []}]}
"""

from apps.workflows.analysis.facts.lists import lists_of, no_list
from apps.workflows.analysis.facts.messages import is_text
from apps.workflows.analysis.facts.senders import is_same_number, own_number
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


@rule.graph
def check(graph: Graph) -> Found:
    texts = [step for step in graph.steps if step.enabled and is_text(step)]
    lists = lists_of(graph)
    if not texts or lists is None:
        return None
    if lists.can_text is None:
        return NotChecked(no_list("phoneNumbers"))
    if not lists.can_text:
        message = f"{names(texts)} cannot be sent: no number of the account can send texts."
        return [Hit(texts, message, anchored=False)]
    strange: dict[str, list[Step]] = {}
    for step in texts:
        number = own_number(step)
        known = lists.text_numbers
        if number and known and not any(is_same_number(number, each) for each in known):
            strange.setdefault(number, []).append(step)
    return [_hit(number, strange[number]) for number in sorted(strange)]


def _hit(number: str, steps: list[Step]) -> Hit:
    verb = "is" if len(steps) == 1 else "are"
    return Hit(
        steps,
        f"{names(steps)} {verb} set to send from “{number[:40]}”, which is not one of the "
        "account’s numbers that can text.",
        param=number,
        anchored=False,
    )
