"""Where a workflow document keeps its steps and triggers, and how to tell one when we see it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apps.workflows.platforms.highlevel.catalogue import STEPS, TRIGGERS
from apps.workflows.platforms.highlevel.values import first_text, mapping, text

#: Marks a document that was made of a single step: its neighbours are not in the file.
FRAGMENT = "fragment"

_STEP_LISTS = ("templates", "steps", "actions")
_ELSEWHERE = ("fileUrl", "filePath")
_STATUSES = ("draft", "published")
#: What other platforms keep their steps in; a document that has one of these is theirs.
_OTHERS = ("nodes", "flow", "flows")
#: Enough to tell a list of steps from a list of something else.
_LOOK_AT = 20


def steps_in(document: Mapping[str, Any]) -> list[Any] | None:
    """The list of steps; ``None`` when the document has none, which is not an empty one."""
    inner = document.get("workflowData")
    if isinstance(inner, list):
        return inner
    for holder in (mapping(inner), document):
        for key in _STEP_LISTS:
            value = holder.get(key)
            if isinstance(value, list):
                return value
    return None


def triggers_in(holder: Mapping[str, Any]) -> list[Any] | None:
    """The triggers beside the steps: a list, a single one, or ``None`` for not in the file."""
    for place in (holder, mapping(holder.get("workflowData"))):
        for key in ("triggers", "trigger"):
            found = trigger_list(place.get(key))
            if found is not None:
                return found
    return None


def trigger_list(value: Any) -> list[Any] | None:
    if isinstance(value, list):
        return value
    if not isinstance(value, dict):
        return None
    if isinstance(value.get("triggers"), list):
        return list(value["triggers"])
    return [value] if text(value.get("type")) else None


def content_elsewhere(document: Mapping[str, Any]) -> str:
    """Why there are no steps, if that does not mean that the workflow is empty."""
    if first_text(document, *_ELSEWHERE) or first_text(
        mapping(document.get("workflowData")), *_ELSEWHERE
    ):
        return "the steps are kept in another file, which is not included"
    return "the steps are not in this file" if steps_in(document) is None else ""


def is_step(value: Any) -> bool:
    """A single step: a type with attributes, or a known type that is wired to others."""
    if not isinstance(value, dict) or not text(value.get("type")) or steps_in(value) is not None:
        return False
    if isinstance(value.get("attributes"), dict):
        return not is_foreign(value)
    return value["type"] in STEPS and any(key in value for key in ("next", "parentKey", "meta"))


def is_workflow(value: Any) -> bool:
    """A workflow document, with its steps or without."""
    if not isinstance(value, dict) or is_foreign(value) or _is_trigger(value):
        return False
    if isinstance(value.get("workflowData"), (dict, list)) or _holds_steps(value):
        return True
    says = "workflowData" in value or value.get("status") in _STATUSES
    return is_named(value) and (says or bool(first_text(value, *_ELSEWHERE)))


def is_foreign(value: Mapping[str, Any]) -> bool:
    """Whether the document keeps its steps where another platform does."""
    return any(isinstance(value.get(key), list) for key in _OTHERS)


def _is_trigger(value: Mapping[str, Any]) -> bool:
    """A trigger has “actions” too: the enrolment of the contact in its workflow."""
    return "masterType" in value or text(value.get("type")) in TRIGGERS


def is_named(value: Mapping[str, Any]) -> bool:
    return bool(first_text(value, "name", "id", "_id"))


def _holds_steps(value: Mapping[str, Any]) -> bool:
    if value.get("templates") == []:
        return True
    return any(
        isinstance(item, dict) and (is_step(item) or text(item.get("type")) in STEPS)
        for item in (steps_in(value) or [])[:_LOOK_AT]
    )
