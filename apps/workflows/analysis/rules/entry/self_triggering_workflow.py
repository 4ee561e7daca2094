"""A workflow that starts itself again.

## Why it matters
Each run sets off the next one: the same contact gets the same messages over and over, until
HighLevel locks the workflow after 50 starts in half an hour.

## How to fix
Use another tag, field or stage for what the workflow writes than for what starts it, or switch off
“Allow Re-entry” in the workflow's settings.

## Bad
    {"name": "New lead", "status": "published", "allowMultiple": true, "triggers": [
      {"id": "t1", "type": "contact_tag", "name": "Tag lead added", "active": true,
       "conditions": [{"field": "tagsAdded", "operator": "index-of-true", "value": "lead"}]}],
     "workflowData": {"templates": [
      {"id": "a", "type": "remove_contact_tag", "name": "Start over", "order": 0, "next": "b",
       "attributes": {"tags": ["lead"]}},
      {"id": "b", "type": "add_contact_tag", "name": "Mark as lead", "order": 1,
       "attributes": {"tags": ["lead"]}}]}}

## Good
    {"name": "New lead", "status": "published", "allowMultiple": true, "triggers": [
      {"id": "t1", "type": "contact_tag", "name": "Tag lead added", "active": true,
       "conditions": [{"field": "tagsAdded", "operator": "index-of-true", "value": "lead"}]}],
     "workflowData": {"templates": [
      {"id": "a", "type": "remove_contact_tag", "name": "Start over", "order": 0, "next": "b",
       "attributes": {"tags": ["lead"]}},
      {"id": "b", "type": "add_contact_tag", "name": "Mark as contacted", "order": 1,
       "attributes": {"tags": ["lead contacted"]}}]}}
"""

from apps.workflows.analysis.facts.triggers import live_triggers
from apps.workflows.analysis.facts.watching import Match, matches
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, Graph, Need, Step
from apps.workflows.analysis.rule import Rule, names

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.CRITICAL,
    confidence=Confidence.CERTAIN,
    platforms=[HIGHLEVEL],
    needs=(Need.TRIGGERS,),
)

_WORDS = {"tag": "the tag", "field": "the field", "stage": "the stage", "status": "the status"}


@rule.graph
def check(graph: Graph) -> list[Hit]:
    triggers = live_triggers(graph)
    if not triggers:
        return []
    writers = [
        step for step in graph.steps if step.enabled and step.effects and graph.is_reachable(step)
    ]
    found: dict[tuple[str, str, str], list[tuple[Step, Step, Match]]] = {}
    for trigger in triggers:
        for writer in writers:
            for match in matches(trigger, writer):
                key = _cause(trigger, match)
                found.setdefault(key, []).append((writer, trigger, match))
    return [_hit(graph, cause, found[cause]) for cause in sorted(found)]


def _cause(trigger: Step, match: Match) -> tuple[str, str, str]:
    """What ties hits together: the thing written, or the trigger that takes anything."""
    if not trigger.filters:
        return ("", trigger.id, "")
    return (match.effect.kind, match.effect.action, match.effect.value)


def _hit(graph: Graph, cause: tuple[str, str, str], group: list[tuple[Step, Step, Match]]) -> Hit:
    """One finding per cause, however many steps write it."""
    writers = list(dict.fromkeys(writer for writer, _, _ in group))
    starters = list(dict.fromkeys(trigger for _, trigger, _ in group))
    once = graph.settings.reentry is False
    end = (
        "“Allow Re-entry” is off, so each contact passes only once."
        if once
        else "every run starts the workflow again for the same contact."
    )
    is_certain = any(match.is_certain for _, _, match in group)
    return Hit(
        [*writers, *starters],
        f"{_deed(writers, group)}, which is what sets off {names(starters)}: {end}",
        param=":".join(cause),
        severity=Severity.LOW if once else None,
        confidence=None if is_certain else Confidence.FIRM,
    )


def _deed(writers: list[Step], group: list[tuple[Step, Step, Match]]) -> str:
    """Who writes what: “Mark as lead” adds the tag “lead”."""
    effects = {match.effect for _, _, match in group}
    if len(effects) > 1:
        return f"{names(writers)} {'make' if len(writers) > 1 else 'makes'} several changes"
    (effect,) = effects
    what = _WORDS.get(effect.kind, effect.kind)
    if effect.kind in ("tag", "status"):
        what += f" “{effect.value}”"
    verb = {"add": "add", "remove": "remove"}.get(effect.action, "write")
    return f"{names(writers)} {verb}{'s' if len(writers) == 1 else ''} {what}"
