"""Edge cases: a first step that tests what the same event has just written."""

from typing import Any

import pytest

from apps.workflows.analysis.config import Config
from apps.workflows.inspection import inspect_document
from tests.workflows.analysis.builders import findings
from tests.workflows.analysis.drawing import branch, condition, flow, if_else, step, wait

JSON = dict[str, Any]
RACE = "race-after-trigger"
BUDGET = condition("budget", ">=", "5000")
FORM = {"id": "t", "type": "form_submission", "name": "Form", "active": True}


def asking(*conditions: JSON, first: list[JSON] | None = None, **trigger: Any) -> JSON:
    """A trigger, perhaps other steps, and an if/else with these conditions."""
    asked = if_else("if", (branch("yes", *(conditions or (BUDGET,))), "m"))
    parts = [*(first or []), *asked, step("m", "add_contact_tag", tags=["x"])]
    return flow(parts, triggers=[{**FORM, **trigger}])


def tag(name: str) -> JSON:
    return condition("tags", "index-of-true", [name])


def filtered(field: str, value: str, **trigger: Any) -> JSON:
    return {"conditions": [{"field": field, "operator": "==", "value": value}], **trigger}


def of(kind: str, about: str) -> JSON:
    return condition(about, value="x", kind=kind)


@pytest.mark.parametrize(
    ("trigger", "asked"),
    [
        ({"type": "form_submission"}, BUDGET),
        ({"type": "survey_submission"}, BUDGET),
        ({"type": "facebook_lead_gen"}, condition("phone", "has_value", "")),
        ({"type": "contact_created"}, tag("lead")),
        ({"type": "contact_created"}, BUDGET),
        ({"type": "contact_changed"}, BUDGET),
        (filtered("contact.budget", "1", type="contact_changed"), BUDGET),
        ({"type": "contact_tag"}, tag("lead")),
        (filtered("tagsAdded", "Lead", type="contact_tag"), tag("lead")),
        ({"type": "opportunity_created"}, of("opportunities", "monetaryValue")),
        ({"type": "pipeline_stage_updated"}, of("opportunities", "pipelineStageId")),
        ({"type": "opportunity_status_changed"}, of("opportunities", "status")),
        ({"type": "appointment"}, of("appointment", "status")),
    ],
)
def test_what_the_event_has_just_written_may_not_be_there_yet(trigger, asked):
    [found] = findings(asking(asked, **trigger), RACE)
    assert found.node_ids == ("if", "t")
    assert found.path == ("t", "if")


@pytest.mark.parametrize(
    ("trigger", "asked"),
    [
        ({"type": "form_submission"}, tag("customer")),
        ({"type": "form_submission"}, of("opportunities", "status")),
        ({"type": "form_submission"}, of("workflow_contact", "budget")),
        ({"type": "customer_reply"}, BUDGET),
        ({"type": "inbound_webhook"}, BUDGET),
        ({"type": "scheduler_trigger"}, BUDGET),
        ({"type": "contact_tag"}, BUDGET),
        (filtered("tagsAdded", "lead", type="contact_tag"), tag("customer")),
        (filtered("contact.email", "x", type="contact_changed"), BUDGET),
        ({"type": "pipeline_stage_updated"}, of("opportunities", "status")),
        ({"type": "opportunity_status_changed"}, of("opportunities", "pipelineStageId")),
        ({"type": "opportunity_created"}, BUDGET),
        ({"type": "appointment"}, BUDGET),
        ({"type": "form_submission", "active": False}, BUDGET),
        ({"type": "unheard_of"}, BUDGET),
    ],
)
def test_what_another_event_writes_is_there_already(trigger, asked):
    assert findings(asking(asked, **trigger), RACE) == []


@pytest.mark.parametrize(
    "first",
    [
        [wait("w", "if", "minutes", 1)],
        [wait("w", "if", "hours", 1)],
        [step("w", "wait", "if", type="reply")],
        [step("w", "wait", "if", type="time", startAfter={"type": "days", "value": "{{x}}"})],
        [step("a", "add_contact_tag", "if", tags=["x"])],
        [step("a", "sms", "if", body="x")],
    ],
)
def test_a_minute_or_another_step_in_between_is_enough(first):
    assert findings(asking(first=first), RACE) == []


@pytest.mark.parametrize(
    "first",
    [
        [wait("w", "if", "seconds", 30)],
        [wait("w", "if", "minutes", 0)],
        [{**wait("w", "if", "hours", 1), "advanceCanvasMeta": {"isDisabled": True}}],
        [wait("w", "v", "seconds", 30), wait("v", "if", "seconds", 20)],
    ],
)
def test_seconds_and_switched_off_steps_are_not(first):
    [found] = findings(asking(first=first), RACE)
    assert found.path == ("t", *(one["id"] for one in first), "if")


def test_the_minutes_are_an_option():
    document = asking(first=[wait("w", "if", "minutes", 3)])
    [item] = inspect_document(document, config=Config(options={RACE: {"minutes": 5}}))
    assert item.analysis is not None
    assert RACE in {each.rule_id for each in item.analysis.findings}


def test_several_triggers_that_write_it_are_one_finding():
    document = asking()
    document["triggers"] = [{**FORM, "id": f"t{n}"} for n in range(3)]
    [found] = findings(document, RACE)
    assert found.node_ids == ("if", "t0")


def test_a_split_and_an_unread_condition_test_nothing():
    split = flow(step("s", "workflow_split", paths=[]), triggers=[FORM])
    assert findings(split, RACE) == []
    odd = {**BUDGET, "conditionOperator": "resembles"}
    assert findings(asking(odd), RACE) == []


def test_without_the_triggers_nothing_is_said():
    document = asking()
    del document["triggers"]
    assert findings(document, RACE) == []


@pytest.mark.parametrize("value", [None, 7, "x", [], {}, [[]], [{"conditions": [3]}]])
def test_conditions_of_any_type_are_endured(value):
    for made in (step("if", "if_else", branches=value), step("if", "if_else", **{"if": value})):
        assert findings(flow(made, triggers=[FORM]), RACE) == []
    assert findings(asking(condition("budget", value, value)), RACE) == []
