"""Workflows that start each other in a circle.

## Why it matters
Each workflow sets off the next and the last one the first: a contact goes round for ever and gets
every message again and again, until HighLevel locks the workflows and nobody gets anything.

## How to fix
Break the circle at one place: take out the “Add to Workflow” step, write another tag or field than
the one the next workflow starts on, or let the contact through only after a reply.

## Bad
    {"workflows": [
      {"id": "wf-a", "name": "Nurture", "status": "published", "workflowData": {"templates": [
        {"id": "a1", "type": "add_to_workflow", "name": "On to the offer", "order": 0,
         "attributes": {"workflow_id": "wf-b"}}]}, "triggers": []},
      {"id": "wf-b", "name": "Offer", "status": "published", "workflowData": {"templates": [
        {"id": "b1", "type": "add_to_workflow", "name": "Back to nurture", "order": 0,
         "attributes": {"workflow_id": "wf-a"}}]}, "triggers": []}]}

## Good
    {"workflows": [
      {"id": "wf-a", "name": "Nurture", "status": "published", "workflowData": {"templates": [
        {"id": "a1", "type": "add_to_workflow", "name": "On to the offer", "order": 0,
         "attributes": {"workflow_id": "wf-b"}}]}, "triggers": []},
      {"id": "wf-b", "name": "Offer", "status": "published", "workflowData": {"templates": [
        {"id": "b0", "type": "wait", "name": "Until they answer", "order": 0, "next": "b1",
         "attributes": {"type": "reply"}},
        {"id": "b1", "type": "add_to_workflow", "name": "Back to nurture", "order": 1,
         "attributes": {"workflow_id": "wf-a"}}]}, "triggers": []}]}
"""

from collections import deque

from apps.workflows.analysis.facts.account import ENROLS, Account, Link
from apps.workflows.analysis.facts.unattended import unattended_path
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, Graph, Need, Step
from apps.workflows.analysis.rule import Rule

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.HIGH,
    confidence=Confidence.FIRM,
    platforms=[HIGHLEVEL],
    needs=(Need.ACCOUNT,),
)

_VERBS = {"add": "adds", "remove": "removes"}
#: So many workflows of a circle are named one by one.
_MOST_NAMED = 5


@rule.graph
def check(graph: Graph) -> Hit | None:
    account = graph.account
    if account is None:
        return None
    here = account.place[id(graph)]
    group = account.shared(_groups).get(here)
    if group is None:
        return None
    circle = _circle(account, here, enrolments_only=True)
    severity = Severity.CRITICAL if circle else None
    if not circle:
        circle = _circle(account, here, enrolments_only=False)
    first, last = circle[0], circle[-1]
    others = [link.step for link in account.out[here] if link.target in group]
    steps = [first.step, *others, *([last.trigger] if last.trigger is not None else [])]
    starts = [last.trigger.index] if last.trigger is not None else graph.entries
    return Hit(
        list(dict.fromkeys(steps)),
        _message(account, circle),
        severity=severity,
        path=_path(graph, starts, first.step),
    )


def _groups(account: Account) -> dict[int, frozenset[int]]:
    """Workflow -> the workflows it goes round with."""
    return {number: frozenset(group) for group in account.cycles for number in group}


def _circle(account: Account, here: int, *, enrolments_only: bool) -> list[Link]:
    """A shortest way round through this workflow, link by link; empty where there is none."""
    group = account.shared(_groups)[here]
    came: dict[int, Link] = {}
    queue = deque([here])
    while queue:
        for link in account.out[queue.popleft()]:
            if enrolments_only and link.kind != ENROLS:
                break  # enrolments come first
            if link.target not in group or link.target in came:
                continue
            came[link.target] = link
            if link.target == here:
                return _unwound(came, here)
            queue.append(link.target)
    return []


def _unwound(came: dict[int, Link], here: int) -> list[Link]:
    links = [came[here]]
    while links[-1].source != here:
        links.append(came[links[-1].source])
    return links[::-1]


def _path(graph: Graph, starts: list[int], goal: Step) -> list[Step] | None:
    """The way through this workflow on which nothing waits for a person."""
    return unattended_path(graph, starts, goal) or unattended_path(graph, graph.entries, goal)


def _message(account: Account, circle: list[Link]) -> str:
    parts = [_part(account, link) for link in circle[:_MOST_NAMED]]
    if len(circle) > _MOST_NAMED:
        parts.append(f"and so on over {len(circle) - _MOST_NAMED} more")
    message = f"{', '.join(parts)}: the contact is back in this workflow and goes round again."
    closed = [
        graph.name
        for graph in (account.graphs[link.target] for link in circle)
        if graph.settings.reentry is False
    ]
    if closed:
        message += f" Only that “Allow Re-entry” is off in “{closed[0]}” ends it after one round."
    return message


def _part(account: Account, link: Link) -> str:
    target = account.graphs[link.target].name or "another workflow"
    if link.kind == ENROLS:
        return f"“{link.step.label}” puts the contact into “{target}”"
    value = f" “{link.value[:60]}”" if link.kind in ("tag", "status") else ""
    written = (each for each in link.step.effects if each.value == link.value)
    verb = _VERBS.get(next((each.action for each in written), ""), "changes")
    return f"“{link.step.label}” {verb} the {link.kind}{value}, which starts “{target}”"
