"""What a workflow writes into fields of the contact and stages of the opportunity."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from apps.workflows.analysis.facts.values import mappings, text
from apps.workflows.analysis.graph import Effect, Graph, Step

FIELD = "field"
STAGE = "stage"


@dataclass(frozen=True, slots=True)
class Target:
    """A field by its name, or the stage in a pipeline (empty: in whichever there is)."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Write:
    """``value`` is as the file has it; ``None`` where it is computed in the step."""

    step: Step
    value: str | None


def writes_of(graph: Graph) -> dict[Target, list[Write]]:
    """Everything the steps that a run can come to write; ask with ``graph.shared(writes_of)``."""
    found: dict[Target, list[Write]] = {}
    for step in graph.steps:
        if step.enabled and step.effects and graph.is_reachable(step):
            for target, value in _written(step):
                found.setdefault(target, []).append(Write(step, value))
    return found


def _written(step: Step) -> Iterator[tuple[Target, str | None]]:
    pipeline = next((each.value for each in step.effects if each.kind == "pipeline"), "")
    for effect in step.effects:
        if effect.kind == "stage":
            yield Target(STAGE, pipeline), effect.value
        elif effect.kind == "field":
            yield Target(FIELD, effect.value), _value(step, effect)


def _value(step: Step, effect: Effect) -> str | None:
    if effect.action == "clear":
        return ""
    if effect.value == "assignedTo" and "user_list" in step.params:
        users = step.params["user_list"]
        return json.dumps(users, sort_keys=True, default=str)
    for key, place in (("fields", "field"), ("__customInputFields__", "filterField")):
        for entry in mappings(step.params.get(key)):
            if _named(entry, place) == effect.value.removeprefix("opportunity."):
                return _shown(entry)
    return None


def _named(entry: Mapping[str, Any], place: str) -> str:
    name = text(entry.get(place)) or text(entry.get("id")) or text(entry.get("key"))
    return name.removeprefix("contact.").removeprefix("opportunity.")


def _shown(entry: Mapping[str, Any]) -> str:
    if date := text(entry.get("date")):
        return date
    value = entry.get("value")
    return text(value) or json.dumps(value, sort_keys=True, default=str)
