"""Walks for tests: a definition in, what happened out, with times since the start."""

from __future__ import annotations

import datetime
from typing import Any

from apps.workflows.analysis.graph import Graph
from apps.workflows.analysis.simulate import Contact, Event, Walked, simulate
from apps.workflows.platforms import REGISTRY, open_document

#: A Monday morning.
START = datetime.datetime(2026, 3, 2, 10, 0, tzinfo=datetime.UTC)
TAG_TRIGGER = {"id": "t", "type": "contact_tag", "name": "Tagged", "active": True, "conditions": []}


def graph_of(definition: Any) -> Graph:
    bundle = open_document(definition, None)
    [source] = bundle.sources
    return REGISTRY[bundle.platform].translate(source)


def event(kind: str, hours: float, value: str = "") -> Event:
    return Event(START + datetime.timedelta(hours=hours), kind, value)


def walk(definition: Any, *events: Event, **more: Any) -> Walked:
    """A walk from ``START``; facts of the contact and options of ``simulate`` by name."""
    names = ("tags", "fields", "id", "timezone", "appointment", "opportunity", "dnd")
    facts = {name: more.pop(name) for name in names if name in more}
    more.setdefault("start", START)
    if "account" in more:
        more["timezone"] = more.pop("account")
    return simulate(graph_of(definition), Contact.of(**facts), events, **more)


def path(walked: Walked) -> list[str]:
    return [passed.step.id for passed in walked.steps]


def hours(walked: Walked) -> dict[str, float]:
    """Step -> hours since the start at which it was last come to."""
    return {each.step.id: (each.at - START) / datetime.timedelta(hours=1) for each in walked.steps}


def sent(walked: Walked) -> list[tuple[str, str, float]]:
    return [
        (each.step.id, each.channel, (each.at - START) / datetime.timedelta(hours=1))
        for each in walked.messages
    ]


def ended(walked: Walked) -> tuple[str, float]:
    assert walked.end is not None
    return walked.end.code, (walked.end.at - START) / datetime.timedelta(hours=1)
