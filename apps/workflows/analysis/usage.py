"""What the steps of a workflow read and write of what its account shares: tags, fields, stages…

Addresses are shown without credentials, query and what looks secret.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from apps.workflows.analysis.facts.conditions import branches
from apps.workflows.analysis.facts.references import Thing, references
from apps.workflows.analysis.facts.urls import called
from apps.workflows.analysis.facts.values import mapping, text
from apps.workflows.analysis.graph import HIGHLEVEL, Effect, Filter, Graph, Kind, Step, Trait

READ, WRITE = "read", "write"
#: Values longer than this are no names.
LONGEST = 200


class Use(NamedTuple):
    kind: str
    value: str
    access: str
    step: Step


#: Kinds that ``references`` is asked for, by what they are called here.
_THINGS = {
    Thing.VALUE: "custom_value",
    Thing.LINK: "trigger_link",
}
_WRITTEN = {
    "tag": "tag",
    "field": "field",
    "stage": "stage",
    "pipeline": "pipeline",
    "status": "status",
    "custom_value": "custom_value",
    "workflow": "workflow",
    "opportunity": "pipeline",
}
KINDS = tuple(
    sorted(
        {_THINGS.get(thing, thing.value) for thing in Thing}
        | set(_WRITTEN.values())
        | {"webhook", "credential"}
    )
)
_MERGE = re.compile(r"\{\{\s{0,9}(contact|custom_values)\.([A-Za-z0-9_.]{1,80})\s{0,9}\}\}")
_CONTACT = frozenset({"contact", "contact_detail", "contact_details", "custom_field"})


Named = Iterator[tuple[str, str, str]]


def uses(graph: Graph) -> list[Use]:
    """Each thing a step reads or writes, once per step and way, in the order of the steps."""
    calls: dict[int, list[str]] = {}
    for step, url in called(graph):
        calls.setdefault(step.index, []).append(url.shown)
    asked = branches(graph) if graph.platform == HIGHLEVEL else {}
    found: dict[tuple[str, str, str, int], Use] = {}
    for step in graph.steps:
        if step.kind is Kind.NOTE:
            continue
        about = [test.field for b in asked.get(step.index, ()) for c in b.clauses for test in c]
        named = (*_written(step), *_read(step, about), *_called(step, calls.get(step.index, [])))
        for kind, value, access in named:
            if value and len(value) <= LONGEST:
                found.setdefault((kind, value, access, step.index), Use(kind, value, access, step))
    return list(found.values())


def _written(step: Step) -> Named:
    for effect in step.effects:
        kind = _WRITTEN.get(effect.kind)
        if kind is not None and effect.value != "*" and "{{" not in effect.value:
            yield kind, _bare(effect), WRITE


def _bare(effect: Effect) -> str:
    return effect.value.removeprefix("contact.") if effect.kind == "field" else effect.value


def _read(step: Step, about: list[str]) -> Named:
    """What the step refers to and does not write; fields it asks for or puts into a text."""
    written = {(kind, value) for kind, value, _ in _written(step)}
    for reference in references(step):
        kind = _THINGS.get(reference.thing, reference.thing.value)
        value = reference.id.strip().lower() if kind == "tag" else reference.id
        if (kind, value) not in written:
            yield kind, value, READ
    for name in (*about, *(f"contact_detail.{each.field}" for each in _field_filters(step))):
        owner, _, field = name.partition(".")
        if owner in _CONTACT and field and field != "tags":
            yield "field", field.removeprefix("contact."), READ
    if "{{" in step.text:
        for owner, name in _MERGE.findall(step.text):
            yield ("field" if owner == "contact" else "custom_value"), name, READ


def _field_filters(step: Step) -> list[Filter]:
    """The fields of the contact that a “changed” trigger watches."""
    if step.type != "contact_changed":
        return []
    return [each for each in step.filters if "tags" not in each.field.lower()]


def _called(step: Step, urls: list[str]) -> Named:
    for url in urls:
        yield "webhook", url, WRITE
    if Trait.WEBHOOK in step.spec.traits:
        yield "webhook", text(step.params.get("path") or step.params.get("url")), READ
    for kind, held in mapping(step.raw.get("credentials")).items():
        name = text(mapping(held).get("name")) or text(mapping(held).get("id"))
        yield "credential", name or str(kind), READ
