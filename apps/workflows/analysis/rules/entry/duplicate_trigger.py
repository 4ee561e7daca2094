"""The same trigger twice.

## Why it matters
One event starts the workflow twice: the contact gets every message double, or is refused the second
time and the log fills with noise. The same happens when two workflows start on one event.

## How to fix
Delete one of the two triggers, or give it the filter it was meant to have.

## Bad
    {"name": "Quote request", "status": "published", "triggers": [
      {"id": "t1", "type": "form_submission", "name": "Form", "active": true,
       "conditions": [{"field": "form.id", "operator": "==", "value": "frm8"}]},
      {"id": "t2", "type": "form_submission", "name": "Form (copy)", "active": true,
       "conditions": [{"field": "form.id", "operator": "==", "value": "frm8"}]}],
     "workflowData": {"templates": [
      {"id": "s1", "type": "sms", "name": "Thank you", "order": 0,
       "attributes": {"body": "Thanks, we will call you today."}}]}}

## Good
    {"name": "Quote request", "status": "published", "triggers": [
      {"id": "t1", "type": "form_submission", "name": "Form", "active": true,
       "conditions": [{"field": "form.id", "operator": "==", "value": "frm8"}]},
      {"id": "t2", "type": "form_submission", "name": "Other form", "active": true,
       "conditions": [{"field": "form.id", "operator": "==", "value": "frm9"}]}],
     "workflowData": {"templates": [
      {"id": "s1", "type": "sms", "name": "Thank you", "order": 0,
       "attributes": {"body": "Thanks, we will call you today."}}]}}
"""

from apps.workflows.analysis.facts.account import Account
from apps.workflows.analysis.facts.starts import starting_alike, workflows_starting_alike
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, Graph, Need, Step, Trait
from apps.workflows.analysis.rule import Rule, names

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.HIGH,
    confidence=Confidence.CERTAIN,
    platforms=[HIGHLEVEL],
    needs=(Need.TRIGGERS,),
)

#: So many other workflows are named one by one.
_MOST_NAMED = 3


@rule.graph
def check(graph: Graph) -> list[Hit]:
    alike = graph.shared(starting_alike)
    return [
        Hit(
            group,
            f"The triggers {names(group)} start the workflow on the same event with the same "
            "filters.",
        )
        for _, group in sorted(alike.items())
        if len(group) > 1
    ]


@rule.graph
def check_account(graph: Graph) -> list[Hit]:
    """The same start in two workflows, when the contact hears from both."""
    account = graph.account
    if account is None or not _is_heard(graph):
        return []
    here = account.place[id(graph)]
    doubles = account.shared(_heard_alike)
    hits = []
    for signature, group in sorted(graph.shared(starting_alike).items()):
        numbers = doubles.get(signature, [])
        if here in numbers:
            others = [account.graphs[number] for number in numbers if number != here]
            hits.append(_shared_hit(group, others))
    return hits


def _shared_hit(group: list[Step], others: list[Graph]) -> Hit:
    return Hit(
        group,
        f"{names(group)} starts this workflow on the very event, with the same filters, that also "
        f"starts {_listed(others)}: the contact gets the messages of both.",
        remedy="Keep one of the workflows, or give their triggers filters that tell the contacts "
        "apart.",
        param="account",
    )


def _is_heard(graph: Graph) -> bool:
    """Whether the workflow is live and sends the contact something."""
    return graph.active is True and any(
        step.enabled and Trait.SENDS in step.spec.traits and graph.is_reachable(step)
        for step in graph.steps
    )


def _heard_alike(account: Account) -> dict[str, list[int]]:
    heard = {number for number, graph in enumerate(account.graphs) if _is_heard(graph)}
    return {
        signature: talking
        for signature, group in account.shared(workflows_starting_alike).items()
        if len(talking := [number for number in group if number in heard]) > 1
    }


def _listed(graphs: list[Graph]) -> str:
    called = sorted(graph.name or graph.id or "another workflow" for graph in graphs)
    shown = [f"“{name}”" for name in called[:_MOST_NAMED]]
    if len(called) > _MOST_NAMED:
        shown.append(f"{len(called) - _MOST_NAMED} more")
    return shown[0] if len(shown) == 1 else ", ".join(shown[:-1]) + " and " + shown[-1]
