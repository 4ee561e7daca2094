"""What a step changes about the contact: tags, fields, the opportunity."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from apps.workflows.analysis.facts.values import mapping, mappings, text
from apps.workflows.analysis.facts.watching import bare
from apps.workflows.analysis.graph import Effect, Step
from apps.workflows.analysis.simulate.contact import UNKNOWN, Contact, day
from apps.workflows.analysis.simulate.deciding import Judge


def apply(step: Step, contact: Contact, judge: Judge) -> list[str]:
    """Change the contact as the step does; what changed, in words."""
    said = [words for effect in step.effects if (words := _effect(step, effect, contact, judge))]
    for name, value in _assigned(step):
        contact.set(name, judge.filled(value) if isinstance(value, str) else value)
        said.append(f"sets “{name[:60]}”")
    return said


def _effect(step: Step, effect: Effect, contact: Contact, judge: Judge) -> str:
    value = effect.value
    if effect.kind == "tag":
        if effect.action == "add":
            contact.add_tag(value)
            return f"adds the tag “{value[:60]}”"
        contact.remove_tag(value)
        return "removes every tag" if value == "*" else f"removes the tag “{value[:60]}”"
    if effect.kind == "field":
        return _field(step, effect, contact, judge)
    if effect.kind in ("stage", "pipeline", "status"):
        contact.move(**{effect.kind: value, f"{effect.kind}id": value})
        return f"sets the opportunity's {effect.kind} to “{value[:60]}”"
    if effect.kind == "workflow":
        return f"{'starts' if effect.action == 'start' else 'stops'} workflow “{value[:60]}”"
    return ""


def _field(step: Step, effect: Effect, contact: Contact, judge: Judge) -> str:
    name = effect.value
    if effect.action == "clear":
        contact.clear(name)
        return f"clears “{name[:60]}”"
    value = _written(step, name, judge)
    if name.startswith("opportunity."):
        contact.move(**{bare(name): value})
    else:
        contact.set(name, value)
    return f"sets “{name[:60]}”"


def _written(step: Step, name: str, judge: Judge) -> Any:
    for key, place in (("fields", "field"), ("__customInputFields__", "filterField")):
        for entry in mappings(step.params.get(key)):
            named = text(entry.get(place)) or text(entry.get("id")) or text(entry.get("key"))
            if bare(named) == bare(name):
                return _value(entry, judge)
    return UNKNOWN


def _value(entry: Mapping[str, Any], judge: Judge) -> Any:
    if text(entry.get("date")) == "currentDate":
        return day(judge.at, judge.zone)
    value = entry.get("value")
    if isinstance(value, str):
        return judge.filled(value)
    return value if isinstance(value, (int, float, bool, list)) else UNKNOWN


def _assigned(step: Step) -> Iterator[tuple[str, Any]]:
    """What n8n's node for editing fields sets, in its present and its older form."""
    if not step.type.endswith("-base.set"):
        return
    entries = mappings(mapping(step.params.get("assignments")).get("assignments", []))
    for values in mapping(step.params.get("values")).values():
        entries = [*entries, *mappings(values)]
    for entry in entries[:200]:
        if name := text(entry.get("name")):
            yield name, entry.get("value")
