"""Goals: what meets them, and which ones a contact may jump to when something happens."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from apps.workflows.analysis.facts.values import mapping, mappings, text
from apps.workflows.analysis.graph import Graph, Kind, Step
from apps.workflows.analysis.simulate.contact import Contact

#: Words in a goal's condition -> the event that meets it.
_EVENTS = (
    ("reply", "reply"), ("replied", "reply"), ("link", "click"), ("email", "open"),
    ("form", "form"), ("survey", "survey"), ("appointment", "appointment"),
    ("payment", "payment"), ("invoice", "payment"), ("order", "payment"), ("call", "call"),
)  # fmt: skip


def is_met(goal: Step, contact: Contact, happened: Collection[str]) -> bool | None:
    """Whether the goal is met; ``None`` where its conditions are of a kind we do not know."""
    segments = [
        _together(
            [_condition(each, contact, happened) for each in mappings(part.get("conditions", []))],
            text(part.get("op")),
        )
        for part in mappings(goal.params.get("segments", []))[:60]
    ]
    return _together(segments, text(goal.params.get("op")))


def _together(verdicts: list[bool | None], operator: str) -> bool | None:
    if not verdicts:
        return None
    decisive = operator.lower() != "and"  # goals are met by any of their conditions
    if decisive in verdicts:
        return decisive
    return None if None in verdicts else not decisive


def _condition(
    condition: Mapping[str, Any], contact: Contact, happened: Collection[str]
) -> bool | None:
    kind = text(condition.get("goal_condition")).lower()
    if "tag" in kind:
        given = mapping(condition.get("extras")).get("tags")
        tags = {text(tag).lower() for tag in (given if isinstance(given, list) else [given])}
        return not tags & contact.tags if "remove" in kind else bool(tags & contact.tags)
    events = {event for word, event in _EVENTS if word in kind}
    return bool(events & set(happened)) if events else None


def ahead(graph: Graph, step: Step) -> list[Step]:
    """The goals a contact at this step has still before them."""
    goals = [goal for goal in graph.of_kind(Kind.GOAL) if goal.index != step.index]
    if not goals:
        return []
    reached = graph.after(step)
    return [goal for goal in goals if goal.index in reached]
