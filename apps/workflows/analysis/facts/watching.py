"""Whether what a step writes is what a trigger watches for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from operator import ge, gt, le, lt
from typing import Any

from apps.workflows.analysis.facts.values import mappings, text
from apps.workflows.analysis.graph import Effect, Filter, Step

#: Stands for every tag in an effect.
ALL = "*"


@dataclass(frozen=True, slots=True)
class Match:
    """The effect that sets the trigger off; not certain where a value is known at run time only."""

    effect: Effect
    is_certain: bool = True


#: Trigger type -> the kinds of effect it starts on.
WATCHED = {
    "contact_tag": ("tag",),
    "contact_changed": ("tag", "field"),
    "pipeline_stage_updated": ("stage",),
    "opportunity_status_changed": ("status",),
    "opportunity_changed": ("stage", "status", "field"),
}
_ANY_CHANGE = frozenset({"contact_changed", "opportunity_changed"})
#: Filter field (bare) -> the kind of effect that changes it, where the name alone says so.
FIELD_KINDS = {
    "tags": "tag",
    "tagsadded": "tag",
    "tagsremoved": "tag",
    "pipelinestageid": "stage",
    "pipelineid": "pipeline",
    "status": "status",
}
#: Only creates; what it sets is no change to an opportunity that was there before.
_CREATORS = frozenset({"internal_create_opportunity"})


def matches(trigger: Step, writer: Step) -> list[Match]:
    """The effects of ``writer`` that start ``trigger``."""
    kinds = WATCHED.get(trigger.type)
    if kinds is None or (writer.type in _CREATORS and "tag" not in kinds):
        return []
    found = []
    for effect in writer.effects:
        if effect.kind in kinds and effect.value:
            match = _match(trigger, writer, effect)
            if match is not None:
                found.append(match)
    return found


def _match(trigger: Step, writer: Step, effect: Effect) -> Match | None:
    if trigger.type == "contact_tag" and not _fits_tag_direction(trigger, effect):
        return None
    if effect.kind == "field" and _is_of_opportunity(effect) is not _is_opportunity(trigger):
        return None
    about = [each for each in trigger.filters if _is_about(each, effect)]
    # A “changed” trigger with filters watches their fields, not whatever else is written.
    if not about and trigger.type in _ANY_CHANGE and any(each.field for each in trigger.filters):
        return None
    certain = True
    for condition in trigger.filters:
        verdict = _verdict(condition, writer, effect)
        if verdict is False:
            return None
        certain = certain and verdict is True
    return Match(effect, certain)


def _is_of_opportunity(effect: Effect) -> bool:
    return effect.value.startswith("opportunity.")


def _is_opportunity(trigger: Step) -> bool:
    return trigger.type.startswith("opportunity")


def _fits_tag_direction(trigger: Step, effect: Effect) -> bool:
    fields = {bare(each.field) for each in trigger.filters}
    if effect.action == "add":
        return "tagsadded" in fields or "tagsremoved" not in fields
    return "tagsremoved" in fields or "tagsadded" not in fields


def bare(name: str) -> str:
    """A field's name as both sides write it: without its object, blanks and case."""
    name = name.strip()
    for prefix in ("contact.", "opportunity."):
        name = name.removeprefix(prefix)
    return name.replace("_", "").lower()


def _is_about(condition: Filter, effect: Effect) -> bool:
    field = bare(condition.field)
    if FIELD_KINDS.get(field) == effect.kind:
        return True
    return effect.kind == "field" and field == bare(effect.value)


def _verdict(condition: Filter, writer: Step, effect: Effect) -> bool | None:
    """Whether the condition holds after the write; ``None`` where the file cannot tell."""
    kind = FIELD_KINDS.get(bare(condition.field), "field")
    if kind == "tag":
        return _tag_verdict(condition, writer, effect) if effect.kind == "tag" else None
    if kind == "field":
        written = _written(writer, condition.field)
    else:
        written = [each.value for each in writer.effects if each.kind == kind] or None
    if written is None or any("{{" in value for value in written):
        return None
    return holds(condition, written)


def _tag_verdict(condition: Filter, writer: Step, effect: Effect) -> bool | None:
    """A tag filter asks for a tag that was just added or removed, or that the contact has."""
    if effect.value == ALL or "{{" in effect.value:
        return None
    wanted = {value.strip().lower() for value in condition.values if value.strip()}
    if not wanted:
        return None
    if bare(condition.field) != "tags":
        return (effect.value in wanted) is is_positive(condition)
    changed = {each.value for each in writer.effects if each.kind == "tag"}
    if not wanted & changed:  # about a tag the step leaves alone
        return False if is_positive(condition) else None
    return (effect.action == "add") is is_positive(condition)


def _written(writer: Step, field: str) -> list[str] | None:
    """The values a step writes into a contact's field; ``None`` when the file does not say."""
    for entry in mappings(writer.params.get("fields")):
        name = text(entry.get("field")) or text(entry.get("id")) or text(entry.get("key"))
        if bare(name) == bare(field):
            clears = writer.params.get("actionType") == "clear_field_data"
            return [""] if clears else _values(entry)
    return None


def _values(entry: Mapping[str, Any]) -> list[str] | None:
    if text(entry.get("date")) == "currentDate":
        return None
    value = entry.get("value")
    if isinstance(value, bool):
        return [str(value).lower()]
    if isinstance(value, list):
        return [text(item) for item in value]
    return [text(value)]


_NEGATIVE = ("!", "not", "none", "false", "<>")
_EMPTY = frozenset({"has-no-value", "is-empty", "empty", "not-exists"})
_FILLED = frozenset({"has-value", "is-not-empty", "not-empty", "exists"})
_ORDER = {">": gt, ">=": ge, "<": lt, "<=": le}


def is_positive(condition: Filter) -> bool:
    operator = condition.operator.strip().lower()
    return not any(mark in operator for mark in _NEGATIVE)


def compares_whole(condition: Filter) -> bool:
    """Whether a filter asks for one of its values, not for a part, an order or just anything."""
    operator = condition.operator.strip().lower().replace("_", "-")
    return not (operator in _EMPTY | _FILLED or operator in _ORDER or _is_partial(operator))


def _is_partial(operator: str) -> bool:
    return "contain" in operator or "index-of" in operator


def holds(condition: Filter, written: list[str]) -> bool | None:
    """Whether a written value passes a filter; ``None`` when its operator is not known."""
    operator = condition.operator.strip().lower().replace("_", "-")
    values = [value.strip().lower() for value in condition.values if value.strip()]
    texts = [value.strip().lower() for value in written]
    if operator in _EMPTY:
        return not any(texts)
    if operator in _FILLED or not values:
        return any(texts) if operator in _FILLED else None
    if operator in _ORDER:
        return _in_order(operator, texts, values)
    partial = _is_partial(operator)
    same = any(
        (value in one if partial else value == one) for value in values for one in texts if one
    )
    return same if is_positive(condition) else not same


def _in_order(operator: str, texts: list[str], values: list[str]) -> bool | None:
    try:
        return any(_ORDER[operator](float(one), float(values[0])) for one in texts)
    except ValueError:
        return None
