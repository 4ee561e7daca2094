"""Which things of the account a HighLevel step names by their ids: pipelines, users, tags…

Read from the selectors of known step types only: what is sent to other systems, written in code
or handled by apps outside the platform has ids of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from apps.workflows.analysis.facts.field_names import is_custom, looks_custom
from apps.workflows.analysis.facts.messages import is_email
from apps.workflows.analysis.facts.values import mapping, mappings, text
from apps.workflows.analysis.graph import Kind, Step, Trait

#: Deeper than this nothing is looked for; real parameters nest about six levels.
_DEEPEST = 12
#: Ids are short; whatever is longer is a text.
_LONGEST = 120


class Thing(StrEnum):
    PIPELINE = "pipeline"
    STAGE = "stage"
    CALENDAR = "calendar"
    FORM = "form"
    SURVEY = "survey"
    USER = "user"
    TEMPLATE = "template"
    WORKFLOW = "workflow"
    FIELD = "field"
    VALUE = "value"
    TAG = "tag"
    LINK = "trigger link"


@dataclass(frozen=True, slots=True)
class Reference:
    """``name`` is what the file calls the thing beside its id, where it does."""

    thing: Thing
    id: str
    name: str = ""


#: Parameters that hold the id of one thing, or a list of them.
_KEYS = {
    "pipeline_id": Thing.PIPELINE,
    "pipelineId": Thing.PIPELINE,
    "pipeline_stage_id": Thing.STAGE,
    "pipelineStageId": Thing.STAGE,
    "calendarId": Thing.CALENDAR,
    "calendar_id": Thing.CALENDAR,
    "calendarIds": Thing.CALENDAR,
    "formId": Thing.FORM,
    "form_id": Thing.FORM,
    "formIds": Thing.FORM,
    "surveyId": Thing.SURVEY,
    "survey_id": Thing.SURVEY,
    "surveyIds": Thing.SURVEY,
    "user_list": Thing.USER,
    "assignedTo": Thing.USER,
    "assignedUser": Thing.USER,
    "standardAssignedUser": Thing.USER,
    "selectedUser": Thing.USER,
    "selectedUsers": Thing.USER,
    "users": Thing.USER,
    "user": Thing.USER,
    "userId": Thing.USER,
    "custom_value_id": Thing.VALUE,
    "customValueId": Thing.VALUE,
    "sourceCustomValueId": Thing.VALUE,
    "targetCustomValueId": Thing.VALUE,
    "linkIds": Thing.LINK,
}
_TEMPLATES = ("template_id", "templateId")
#: What a filter, condition or field of an opportunity asks for, by its bare name in lower case.
_ABOUT = {
    "pipelineid": Thing.PIPELINE,
    "pipeline": Thing.PIPELINE,
    "pipelinestageid": Thing.STAGE,
    "pipelinestage": Thing.STAGE,
    "stageid": Thing.STAGE,
    "calendarid": Thing.CALENDAR,
    "formid": Thing.FORM,
    "surveyid": Thing.SURVEY,
    "workflowid": Thing.WORKFLOW,
    "linkid": Thing.LINK,
    "assignedto": Thing.USER,
    "assigneduser": Thing.USER,
    "userid": Thing.USER,
    "tags": Thing.TAG,
    "tag": Thing.TAG,
    "tagsadded": Thing.TAG,
    "tagsremoved": Thing.TAG,
    "contacttags": Thing.TAG,
}
#: Words that stand where an id could and name no single thing.
_NO_IDS = frozenset(
    {"any", "all", "*", "none", "null", "undefined", "true", "false", "assign", "assigned"}
    | {"assigned_user", "assigneduser", "unassigned", "contact_owner", "owner", "user", "custom"}
    | {"current_user", "has_value", "has_no_value", "default", "latest", "same"}
)
_OPPORTUNITY = frozenset({"opportunity", "opportunities", "pipeline", "pipelines"})
_CONTACT = frozenset({"contact", "contact_detail", "contact_details", "custom_field", ""})
#: Steps whose ``fields`` name fields of the contact.
_FIELD_STEPS = frozenset({"update_contact_field", "create_update_contact", "find_contact"})
_FIELD_KEYS = ("selectField", "updateField")
#: Its tags and its target are those of another account.
_ELSEWHERE = frozenset({"copy_contact_to_subaccount"})
_UNREAD = frozenset({Kind.CALL, Kind.CODE, Kind.UNKNOWN, Kind.NOTE})


def references(step: Step) -> list[Reference]:
    """Each thing that the step names, once, in the order of the file."""
    if step.spec.kind in _UNREAD or step.type in _ELSEWHERE or Trait.FOREIGN in step.spec.traits:
        return []
    if step.spec.kind is Kind.TRIGGER:
        return list(dict.fromkeys(_in_filters(step)))
    if Trait.CALLS in step.spec.traits:  # users and forms of another system
        return []
    return list(dict.fromkeys((*_in_effects(step), *_in_fields(step), *_in_params(step))))


# -- triggers ------------------------------------------------------------------------------


def _in_filters(step: Step) -> Iterator[Reference]:
    for condition in step.filters:
        yield from _about(condition.field, list(condition.values))
        field = condition.field.removeprefix("contact.")
        if step.type == "contact_changed" and "." not in field and looks_custom(field):
            yield Reference(Thing.FIELD, field)


def _bare(name: str) -> str:
    """``opportunity.pipelineId``, ``calendar.id`` and ``pipeline_id`` as they are looked up."""
    owner, _, rest = name.strip().rpartition(".")
    if rest == "id":
        rest = f"{owner.rpartition('.')[2]}id"
    return rest.replace("_", "").replace("-", "").lower()


def _about(name: str, values: Any) -> Iterator[Reference]:
    thing = _ABOUT.get(_bare(name))
    if thing is not None:
        yield from _ids(thing, values)


# -- steps ---------------------------------------------------------------------------------


def _in_effects(step: Step) -> Iterator[Reference]:
    for effect in step.effects:
        if effect.kind == "tag":
            yield from _ids(Thing.TAG, effect.value)
        elif effect.kind == "workflow":
            yield from _ids(Thing.WORKFLOW, effect.value)


def _in_fields(step: Step) -> Iterator[Reference]:
    if step.type == "math_operation":
        for key in _FIELD_KEYS:
            if is_custom(name := text(step.params.get(key))):
                yield Reference(Thing.FIELD, name)
    if step.type not in _FIELD_STEPS:
        return
    for entry in mappings(step.params.get("fields")):
        name = text(entry.get("field")) or text(entry.get("id")) or text(entry.get("key"))
        if is_custom(name):
            yield Reference(Thing.FIELD, name, text(entry.get("title")))
        elif _ABOUT.get(_bare(name)) is Thing.USER:
            yield from _ids(Thing.USER, entry.get("value"))


def _in_params(step: Step) -> Iterator[Reference]:
    params: Any = step.params
    mail = is_email(step)
    if step.type == "internal_notification":  # what another kind of notice was set to stays behind
        way = text(params.get("type"))
        mail = way == "email"
        params = params.get(way, params)
        chosen = text(mapping(params).get("userType"))
        if chosen and chosen != "user":
            return
    if mail and "_embeddedEmailTemplate" not in mapping(params):
        for key in _TEMPLATES:
            yield from _ids(Thing.TEMPLATE, mapping(params).get(key))
    for holder in _holders(params):
        yield from _in_holder(holder)


def _holders(params: Any) -> Iterator[Mapping[str, Any]]:
    """Every object inside the parameters, the outermost first."""
    level = [params]
    for _ in range(_DEEPEST):
        if not level:
            return
        inner: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                yield item
                inner.extend(value for value in item.values() if isinstance(value, (dict, list)))
            elif isinstance(item, list):
                inner.extend(value for value in item if isinstance(value, (dict, list)))
        level = inner


def _in_holder(holder: Mapping[str, Any]) -> Iterator[Reference]:
    if "conditionSubType" in holder or "conditionType" in holder:
        yield from _in_condition(holder)
        return
    if "filterField" in holder:
        yield from _about(text(holder.get("filterField")), holder.get("value"))
        return
    for key, value in holder.items():
        thing = _KEYS.get(key)
        if thing is not None:
            yield from _ids(thing, value)
    if "goal_condition" in holder:
        yield from _ids(Thing.TAG, mapping(holder.get("extras")).get("tags"))


def _in_condition(condition: Mapping[str, Any]) -> Iterator[Reference]:
    kind = text(condition.get("conditionType")).lower()
    about = text(condition.get("conditionSubType"))
    values = condition.get("conditionValue")
    if kind in ("custom_value", "custom_values"):
        yield from _ids(Thing.VALUE, about)
    elif kind in _CONTACT and _bare(about) not in _ABOUT and looks_custom(about):
        yield Reference(Thing.FIELD, about)
    elif kind in _OPPORTUNITY and _bare(about) == "stage":
        yield from _ids(Thing.STAGE, values)
    elif kind == "appointment" and _bare(about) == "calendar":
        yield from _ids(Thing.CALENDAR, values)
    else:
        yield from _about(about, values)


# -- ids -----------------------------------------------------------------------------------


def _ids(thing: Thing, value: Any) -> Iterator[Reference]:
    """The ids in a value, a list of values or of option objects; expressions are none."""
    for item in value if isinstance(value, list) else [value]:
        entry = mapping(item)
        chosen = next((found for key in ("value", "id", "name") if (found := entry.get(key))), item)
        word = text(chosen)
        if not word or len(word) > _LONGEST or "{{" in word:
            continue
        if word.lower() not in _NO_IDS or (thing is Thing.TAG and word != "*"):
            yield Reference(thing, word, text(entry.get("label")) or text(entry.get("name")))
