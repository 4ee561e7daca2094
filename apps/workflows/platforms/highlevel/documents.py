"""Recognises HighLevel documents and splits them into workflows and account lists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apps.workflows.analysis.graph import HIGHLEVEL
from apps.workflows.platforms.base import Bundle, Source, UnsupportedDefinition
from apps.workflows.platforms.highlevel.shapes import (
    FRAGMENT,
    is_foreign,
    is_named,
    is_step,
    is_workflow,
    steps_in,
    trigger_list,
    triggers_in,
)
from apps.workflows.platforms.highlevel.values import first_text, identity, mapping, text

#: Reference lists of an account, by every name they come under.
_LISTS = {
    "customValues": "customValues",
    "custom_values": "customValues",
    "customFields": "customFields",
    "custom_fields": "customFields",
    "calendars": "calendars",
    "users": "users",
    "pipelines": "pipelines",
    "forms": "forms",
    "surveys": "surveys",
    "tags": "tags",
    "triggerLinks": "triggerLinks",
    "trigger_links": "triggerLinks",
    "links": "triggerLinks",
    "emailTemplates": "emailTemplates",
    "email_templates": "emailTemplates",
    "emailDomains": "emailDomains",
    "email_domains": "emailDomains",
    "phoneNumbers": "phoneNumbers",
    "phone_numbers": "phoneNumbers",
    "stats": "stats",
    "statistics": "stats",
}
#: So many entries of a list are looked at to tell whether it is ours.
_LOOK_AT = 20


def recognise(document: Any) -> bool:
    """Whether the document looks like HighLevel's; never raises."""
    if isinstance(document, list):
        return any(_is_ours(entry) for entry in document[:_LOOK_AT])
    if not isinstance(document, dict):
        return False
    workflows = document.get("workflows")
    if isinstance(workflows, list) and workflows:
        entries = [entry for entry in workflows[:_LOOK_AT] if isinstance(entry, dict)]
        account = any(name in document for name in _LISTS)
        return any(_is_ours(entry) or (account and _is_mere_name(entry)) for entry in entries)
    return _is_ours(document)


def _is_ours(entry: Any) -> bool:
    if not isinstance(entry, dict):
        return False
    if text(entry.get("$schema")).startswith("ghl-workflow-export"):
        return True
    return is_workflow(entry.get("workflow")) or is_workflow(entry) or is_step(entry)


def split(document: Any) -> Bundle:
    """The workflows in the document. Raises ``UnsupportedDefinition`` when it holds none."""
    bundle = Bundle(HIGHLEVEL)
    if isinstance(document, list):
        bundle.sources = _listed(document)
    elif isinstance(document, dict) and isinstance(document.get("workflows"), list):
        bundle.sources = _sources(document["workflows"], _location(document), listed=True)
        bundle.lists = _lists(document)
        # Only who exports an account adds its lists; several workflows alone may be a selection.
        bundle.whole_account = bool(bundle.lists)
    else:
        bundle.sources = _sources([document])
    if not bundle.sources:
        raise UnsupportedDefinition(
            "There is no HighLevel workflow in this: a workflow has its steps in "
            "“workflowData.templates”, an export has it under “workflow” or “workflows”."
        )
    return bundle


def merge_trigger_file(workflow: Any, triggers: Any) -> Any:
    """The workflow document with the triggers that a folder keeps in a file of their own.

    What is no trigger file leaves the workflow as it is: its triggers stay unknown.
    """
    found = trigger_list(triggers)
    if found is None:
        found = trigger_list(mapping(triggers).get("trigger"))
    if found is None or not isinstance(workflow, dict):
        return workflow
    return {**workflow, "triggers": found}


def _listed(entries: list[Any]) -> list[Source]:
    """A list of documents, or the bare list of one workflow's steps."""
    if len(entries) > 1 and all(is_step(entry) for entry in entries):
        return [Source({"templates": entries})]
    return _sources(entries)


def _sources(entries: list[Any], location: str = "", listed: bool = False) -> list[Source]:
    found = (_source(entry, location, listed) for entry in entries)
    return [source for source in found if source is not None]


def _source(entry: Any, location: str, listed: bool) -> Source | None:
    if not isinstance(entry, dict):
        return None
    workflow = _workflow_in(entry, listed)
    if workflow is None:
        if not is_step(entry):
            return None
        fragment = {FRAGMENT: True, "templates": [entry]}
        return Source(fragment, text(entry.get("name")), document=entry)
    triggers = triggers_in(entry)
    if triggers is None:
        triggers = triggers_in(workflow)
    content = {"workflow": workflow, "triggers": triggers}
    origin = mapping(entry.get("source"))
    location = text(origin.get("locationId")) or location
    if location and not text(workflow.get("locationId")):
        workflow = {**workflow, "locationId": location}
    return Source(
        workflow,
        text(workflow.get("name")) or text(origin.get("name")),
        identity(workflow) or first_text(origin, "workflowId", "id"),
        triggers,
        entry,
        content,
    )


def _workflow_in(entry: dict[str, Any], listed: bool) -> dict[str, Any] | None:
    """The document itself, or the one in its envelope.

    An entry of ``workflows`` is taken at its word even if it says nothing but its name.
    """
    inner = entry.get("workflow")
    if isinstance(inner, dict) and steps_in(entry) is None and not is_foreign(inner):
        return inner
    return entry if is_workflow(entry) or (listed and _is_mere_name(entry)) else None


def _is_mere_name(entry: dict[str, Any]) -> bool:
    return is_named(entry) and not is_foreign(entry) and not is_step(entry)


def _location(document: Mapping[str, Any]) -> str:
    """The account a bundle belongs to, where it says so once for all."""
    inner = mapping(document.get("location")) or mapping(document.get("source"))
    return (
        text(document.get("locationId")) or text(inner.get("locationId")) or text(inner.get("id"))
    )


def _lists(document: Mapping[str, Any]) -> dict[str, list[Any]]:
    """The reference lists that are there: one that is missing is not the same as an empty one."""
    found = {}
    for key, value in document.items():
        name = _LISTS.get(key)
        if name is None:
            continue
        if isinstance(value, dict):
            # An API answer repeats the key: {"tags": {"tags": […]}}.
            inner = value.get(key)
            value = inner if isinstance(inner, list) else _table(value) if name == "stats" else None
        if isinstance(value, list):
            found[name] = [_with_id(item) for item in value]
    return found


def _table(stats: Mapping[str, Any]) -> list[Any]:
    """Statistics by workflow id as a list of rows that carry the id."""
    return [
        {**row, "id": key} if isinstance(row, dict) else {"id": key, "enrollments": row}
        for key, row in stats.items()
    ]


def _with_id(item: Any) -> Any:
    if isinstance(item, dict) and "id" not in item and "_id" in item:
        return {**item, "id": item["_id"]}
    return item
