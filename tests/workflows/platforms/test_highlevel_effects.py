"""HighLevel steps: what each does to the things that other workflows watch."""

import pytest

from tests.workflows.platforms.test_highlevel_waits import step_of


def effects(kind, **attributes):
    found = step_of(kind, attributes).effects
    return [(effect.kind, effect.value, effect.action) for effect in found]


def test_tags_are_compared_in_lower_case_and_without_blanks():
    assert effects("add_contact_tag", tags=[" VIP", "lead", "Lead "]) == [
        ("tag", "vip", "add"),
        ("tag", "lead", "add"),
    ]
    assert effects("add_contact_tag", tags="one") == [("tag", "one", "add")]
    assert effects("remove_contact_tag", tags=["a"]) == [("tag", "a", "remove")]
    assert effects("remove_contact_tag", removeAll=True) == [("tag", "*", "remove")]


@pytest.mark.parametrize("tags", [None, {}, [None], [[]], "", [{}], [" "]])
def test_tags_that_are_none_have_no_effect(tags):
    assert effects("add_contact_tag", tags=tags) == []


def test_fields_are_set_or_cleared():
    fields = [{"field": "f1", "value": "x"}, {"field": "contact.phone"}, {"value": "y"}, 3]
    assert effects("update_contact_field", actionType="update_field_data", fields=fields) == [
        ("field", "f1", "set"),
        ("field", "phone", "set"),
    ]
    assert effects("update_contact_field", actionType="clear_field_data", fields=fields[:1]) == [
        ("field", "f1", "clear")
    ]


def test_creating_a_contact_sets_its_fields_and_tags():
    fields = [{"field": "email", "value": "{{x}}"}, {"field": "tags", "value": ["New"]}]
    assert effects("create_update_contact", fields=fields) == [
        ("field", "email", "set"),
        ("tag", "new", "add"),
    ]


def test_assignment_is_the_field_the_trigger_watches():
    assert effects("assign_user", user_list=["u"]) == [("field", "assignedTo", "set")]
    assert effects("remove_assigned_user") == [("field", "assignedTo", "clear")]


def test_opportunity_moves_are_stage_pipeline_and_status():
    inputs = [
        {"filterField": "pipelineId", "value": "p"},
        {"filterField": "pipelineStageId", "value": "s"},
        {"filterField": "status", "value": "won"},
        {"filterField": "monetaryValue", "value": 5},
        {"filterField": "pipelineStageId", "value": ""},
        None,
    ]
    assert effects("internal_update_opportunity", __customInputFields__=inputs) == [
        ("pipeline", "p", "set"),
        ("stage", "s", "set"),
        ("status", "won", "set"),
        ("field", "opportunity.monetaryValue", "set"),
    ]


def test_older_opportunity_step_has_its_fields_at_the_top():
    found = effects(
        "create_opportunity", pipeline_id="p", pipeline_stage_id="s", opportunity_status="open"
    )
    assert found == [
        ("opportunity", "p", "add"),
        ("pipeline", "p", "set"),
        ("stage", "s", "set"),
        ("status", "open", "set"),
    ]


def test_finding_an_opportunity_changes_nothing():
    inputs = [{"filterField": "pipelineStageId", "value": "eq", "secondValue": "s"}]
    assert effects("find_opportunity", __customInputFields__=inputs) == []


def test_workflows_are_started_and_stopped():
    assert effects("add_to_workflow", workflow_id="w") == [("workflow", "w", "start")]
    assert effects("remove_from_workflow", workflow_id=["a", "b"]) == [
        ("workflow", "a", "stop"),
        ("workflow", "b", "stop"),
    ]
    assert effects("remove_from_workflow", allWorkflows=True) == [("workflow", "*", "stop")]
    assert effects("remove_from_all_workflows") == [("workflow", "*", "stop")]
    assert effects("add_to_workflow", workflow_id=None) == []


def test_do_not_disturb_is_set_and_cleared_by_channel():
    assert effects("dnd_contact", dnd_contact="enable") == [("dnd", "all", "set")]
    assert effects("dnd_contact", dnd_contact="disable") == [("dnd", "all", "clear")]
    assert effects(
        "dnd_contact", dnd_contact="disable_specific", specific_channels=["SMS", "Email"]
    ) == [("dnd", "sms", "clear"), ("dnd", "email", "clear")]
    assert effects("dnd_contact", dnd_contact=True) == []


def test_calls_values_and_appointments():
    assert effects("webhook", url="https://example.com/x") == [
        ("call", "https://example.com/x", "start")
    ]
    assert effects("custom_webhook", url=5) == [("call", "5", "start")]
    assert effects("update_custom_value", custom_value_id="v") == [("custom_value", "v", "set")]
    assert effects("math_operation", updateField="f") == [("field", "f", "set")]
    assert effects("update_appointment_status", status_type="confirmed") == [
        ("appointment", "confirmed", "set")
    ]


def test_messages_and_unknown_steps_have_no_effects():
    assert effects("sms", tags=["a"], url="x") == []
    assert effects("brand_new", tags=["a"]) == []
