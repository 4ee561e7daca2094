"""What a step does to the things that other workflows watch: tags, fields, stages, enrolments."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from apps.workflows.analysis.graph import Effect
from apps.workflows.platforms.highlevel.values import (
    dicts,
    first_text,
    tag_name,
    text,
    texts,
)

Finder = Callable[[Mapping[str, Any]], Iterator[Effect]]

#: Stands for every tag, or every workflow.
ALL = "*"

_OPPORTUNITY = {
    "pipelineId": "pipeline",
    "pipeline_id": "pipeline",
    "pipelineStageId": "stage",
    "pipeline_stage_id": "stage",
    "status": "status",
    "opportunity_status": "status",
}


def effects_of(step_type: str, attributes: Mapping[str, Any]) -> tuple[Effect, ...]:
    """Each effect once, in the order of the file."""
    finder = _FINDERS.get(step_type)
    return tuple(dict.fromkeys(finder(attributes))) if finder else ()


def _tags(action: str) -> Finder:
    def find(attributes: Mapping[str, Any]) -> Iterator[Effect]:
        if action == "remove" and attributes.get("removeAll") is True:
            yield Effect("tag", ALL, action)
        for key in ("tags", "customTags"):
            for name in texts(attributes.get(key)):
                if tag := tag_name(name):
                    yield Effect("tag", tag, action)

    return find


def _fields(attributes: Mapping[str, Any]) -> Iterator[Effect]:
    action = "clear" if attributes.get("actionType") == "clear_field_data" else "set"
    for entry in dicts(attributes.get("fields")):
        name = first_text(entry, "field", "id", "key").removeprefix("contact.")
        if name == "tags" and action == "set":
            for tag in texts(entry.get("value")):
                yield Effect("tag", tag_name(tag), "add")
        elif name:
            yield Effect("field", name, action)


def _math(attributes: Mapping[str, Any]) -> Iterator[Effect]:
    if value := text(attributes.get("targetCustomValueId")):
        yield Effect("custom_value", value, "set")
    elif name := text(attributes.get("updateField")).removeprefix("contact."):
        yield Effect("field", name, "set")


def _assigned(action: str) -> Finder:
    def find(attributes: Mapping[str, Any]) -> Iterator[Effect]:
        yield Effect("field", "assignedTo", action)

    return find


def _dnd(attributes: Mapping[str, Any]) -> Iterator[Effect]:
    mode = text(attributes.get("dnd_contact"))
    action = {"enable": "set", "disable": "clear"}.get(mode.removesuffix("_specific"))
    if action is None:
        return
    if mode.endswith("_specific"):
        for channel in texts(attributes.get("specific_channels")):
            yield Effect("dnd", channel.lower(), action)
    else:
        yield Effect("dnd", "all", action)


def _opportunity(attributes: Mapping[str, Any]) -> Iterator[Effect]:
    pairs = [(key, attributes.get(key)) for key in _OPPORTUNITY]
    pairs += [
        (text(entry.get("filterField")), entry.get("value"))
        for entry in dicts(attributes.get("__customInputFields__"))
    ]
    for name, value in pairs:
        kind = _OPPORTUNITY.get(name)
        if kind:
            yield from (Effect(kind, each, "set") for each in texts(value))
        elif name:
            yield Effect("field", f"opportunity.{name.removeprefix('opportunity.')}", "set")


def _new_opportunity(attributes: Mapping[str, Any]) -> Iterator[Effect]:
    yield Effect("opportunity", first_text(attributes, "pipelineId", "pipeline_id"), "add")
    yield from _opportunity(attributes)


def _gone_opportunity(attributes: Mapping[str, Any]) -> Iterator[Effect]:
    yield Effect("opportunity", first_text(attributes, "pipelineId", "pipeline_id"), "remove")


def _workflows(action: str, everything: bool = False) -> Finder:
    def find(attributes: Mapping[str, Any]) -> Iterator[Effect]:
        if everything or attributes.get("allWorkflows") is True:
            yield Effect("workflow", ALL, action)
        for key in ("workflow_id", "workflowId"):
            yield from (Effect("workflow", each, action) for each in texts(attributes.get(key)))

    return find


def _call(attributes: Mapping[str, Any]) -> Iterator[Effect]:
    yield from (Effect("call", url, "start") for url in texts(attributes.get("url")))


def _named(kind: str, *keys: str) -> Finder:
    """The step sets what the first of these fields names."""

    def find(attributes: Mapping[str, Any]) -> Iterator[Effect]:
        if value := first_text(attributes, *keys):
            yield Effect(kind, value, "set")

    return find


_FINDERS: dict[str, Finder] = {
    "add_contact_tag": _tags("add"),
    "add_contact_tag_tool": _tags("add"),
    "remove_contact_tag": _tags("remove"),
    "remove_contact_tag_tool": _tags("remove"),
    "update_contact_field": _fields,
    "create_update_contact": _fields,
    "math_operation": _math,
    "assign_user": _assigned("set"),
    "assign_to_user_tool": _assigned("set"),
    "remove_assigned_user": _assigned("clear"),
    "dnd_contact": _dnd,
    "create_opportunity": _new_opportunity,
    "internal_create_opportunity": _new_opportunity,
    "internal_update_opportunity": _opportunity,
    "remove_opportunity": _gone_opportunity,
    "add_to_workflow": _workflows("start"),
    "add_associated_records_to_workflow": _workflows("start"),
    "remove_from_workflow": _workflows("stop"),
    "remove_associated_records_from_workflow": _workflows("stop"),
    "remove_from_all_workflows": _workflows("stop", everything=True),
    "webhook": _call,
    "custom_webhook": _call,
    "update_custom_value": _named("custom_value", "custom_value_id", "customValueId"),
    "update_appointment_status": _named("appointment", "status_type"),
}
