"""Edge cases of ids that lead nowhere: what was deleted from the account."""

import pytest

from tests.workflows.analysis.agency import (
    made,
    reasons,
    reported,
    started,
)
from tests.workflows.analysis.rules.account_references_parts import (
    GONE,
    LISTS,
    MISSING,
    bundle,
    fields,
    messages,
    opportunity,
)


def condition(kind, about, value, operator="=="):
    test = {"conditionType": kind, "conditionSubType": about}
    test |= {"conditionOperator": operator, "conditionValue": value}
    branch = {"id": "b", "name": "Yes", "segments": [{"conditions": [test]}]}
    return made("if_else", "x", "Check", branches=[branch], **{"if": True})


def notice(**inner):
    return made("internal_notification", "x", "Tell", type="sms", sms=inner)


def goal(**extras):
    segments = [{"conditions": [{"goal_condition": "any", "extras": extras}]}]
    return made("workflow_goal", "x", "Goal", segments=segments)


STEPS = [
    ("pipeline", made("create_opportunity", "x", "Deal", pipeline_id=GONE)),
    ("pipeline", opportunity(GONE)),
    ("pipeline stage", opportunity("p1", GONE)),
    ("pipeline stage", made("create_opportunity", "x", "Deal", pipeline_stage_id=GONE)),
    ("calendar", made("appointment_booking", "x", "Book", calendarId=GONE)),
    ("calendar", goal(calendarId=GONE)),
    ("form", goal(formIds=["f1", GONE])),
    ("user", made("assign_user", "x", "Assign", user_list=["u1", GONE])),
    ("user", made("task-notification", "x", "Task", assignedTo=GONE)),
    ("user", made("manual-call", "x", "Call", assignedUser=GONE)),
    ("user", made("internal-add-contact-followers", "x", "Follow", users=[GONE])),
    ("user", made("internal-add-opportunity-owner", "x", "Own", user=GONE)),
    ("user", notice(userType="user", selectedUser=GONE)),
    ("user", notice(userType="user", selectedUser=[GONE])),
    ("user", fields("update_contact_field", "assignedTo", GONE)),
    ("e-mail template", made("email", "x", "Mail", template_id=GONE)),
    ("workflow", made("add_to_workflow", "x", "On", workflow_id=GONE)),
    ("workflow", made("remove_from_workflow", "x", "Out", workflow_id=["A", GONE])),
    ("custom field", fields("update_contact_field", GONE)),
    ("custom field", fields("create_update_contact", "contact.shoe_colour")),
    ("custom field", made("math_operation", "x", "Add", updateField=GONE)),
    ("custom value", made("update_custom_value", "x", "Set", custom_value_id=GONE)),
    ("custom value", made("math_operation", "x", "Add", targetCustomValueId=GONE)),
    ("tag", made("add_contact_tag", "x", "Tag", tags=["vip", GONE])),
    ("tag", made("remove_contact_tag", "x", "Tag", tags=GONE)),
    ("tag", goal(tags=[GONE])),
    ("tag", condition("contact_detail", "tags", [GONE])),
    ("custom field", condition("contact_detail", "rxFwurOF45kbdVGZBDLE", "x")),
    ("pipeline", condition("opportunities", "pipelineId", GONE)),
    ("pipeline stage", condition("opportunities", "pipelineStageId", [GONE])),
    ("user", condition("contact_detail", "assignedTo", GONE)),
    ("calendar", condition("appointment", "calendarId", [GONE])),
]


@pytest.mark.parametrize(("what", "one"), STEPS)
def test_a_step_that_names_something_deleted_is_reported(what, one):
    found = reported(bundle(one), MISSING)["A"]
    assert len(found) == 1
    (hit,) = found
    assert (hit.severity, hit.confidence) == ("high", "certain")
    assert hit.node_ids == ("x",)
    assert f"the {what} “" in hit.message


FILTERS = [
    ("pipeline", "opportunity_changed", "opportunity.pipelineId"),
    ("pipeline stage", "pipeline_stage_updated", "opportunity.pipelineStageId"),
    ("calendar", "appointment", "calendar.id"),
    ("form", "form_submission", "form.id"),
    ("survey", "survey_submission", "survey.id"),
    ("user", "contact_changed", "contact.assignedTo"),
    ("user", "task_added", "task.assignedTo"),
    ("workflow", "customer_reply", "workflow.id"),
    ("tag", "contact_tag", "tagsAdded"),
    ("tag", "note_add", "contact.tags"),
    ("trigger link", "trigger_link", "link.id"),
]


@pytest.mark.parametrize(("what", "kind", "field"), FILTERS)
def test_a_trigger_that_filters_by_something_deleted_is_reported(what, kind, field):
    trigger = started(kind, "t1", "Start", **{field.replace(".", "__"): GONE})
    (hit,) = reported(bundle(triggers=[trigger]), MISSING)["A"]
    assert hit.node_ids == ("t1",)
    assert f"the {what} “{GONE}”" in hit.message


def test_a_deactivated_user_is_reported_by_name():
    (message,) = messages(bundle(made("assign_user", "x", "Assign", user_list=["u2"])))
    assert "the user “Tom”, which is deactivated" in message


@pytest.mark.parametrize(
    "mark", [{"status": "inactive"}, {"isActive": False}, {"deleted": True}, {"active": False}]
)
def test_users_are_switched_off_in_several_ways(mark):
    users = [{"id": "u1", "name": "Anna", **mark}]
    assert messages(bundle(made("task-notification", "x", "Task", assignedTo="u1"), users=users))


def test_several_steps_with_one_lost_thing_are_one_finding():
    steps = [
        {**made("assign_user", "x", "Assign", user_list=[GONE]), "next": "y"},
        made("task-notification", "y", "Task", assignedTo=GONE),
    ]
    (hit,) = reported(bundle(*steps), MISSING)["A"]
    assert hit.node_ids == ("x", "y")


def test_of_a_lost_pipeline_the_stage_goes_unsaid():
    (message,) = messages(bundle(opportunity(GONE, "s-of-it")))
    assert "the pipeline “gone9”" in message


def test_a_step_with_two_lost_things_has_two_findings():
    one = made("assign_user", "x", "Assign", user_list=["ghost1", "ghost2"])
    fingerprints = {hit.fingerprint for hit in reported(bundle(one), MISSING)["A"]}
    assert len(fingerprints) == 2


FINE = [
    opportunity("p1", "s1"),
    made("create_opportunity", "x", "Deal", pipeline_id="p1", pipeline_stage_id="s1"),
    opportunity("{{custom_values.pipeline}}", "{{contact.stage}}"),
    made("create_opportunity", "x", "Deal", pipeline_id="", pipeline_stage_id=None),
    made("appointment_booking", "x", "Book", calendarId="c1"),
    goal(calendarId="c1", formIds=["f1"], tags=["Gold"]),
    made("assign_user", "x", "Assign", user_list=[], customUserList="{{opportunity.assignedTo}}"),
    made("assign_user", "x", "Assign", user_list=["u1"], traffic_weightage={"u9": 50}),
    made("task-notification", "x", "Task", assignedTo="assigned_user"),
    notice(userType="assign", selectedUser=GONE),
    notice(userType="all"),
    made("internal_notification", "x", "Tell", type="email", email={"userType": "all"},
         sms={"userType": "user", "selectedUser": GONE}),
    made("email", "x", "Mail", template_id="e1"),
    made("email", "x", "Mail", template_id=GONE, _embeddedEmailTemplate={"html": "x"}),
    made("sms", "x", "Text", template_id=GONE, body="Hi"),
    made("payments_create_invoice", "x", "Bill", templateId=GONE, userId="u1"),
    made("add_to_workflow", "x", "On", workflow_id="A"),
    made("remove_from_workflow", "x", "Out", allWorkflows=True),
    fields("update_contact_field", "cf1"),
    fields("update_contact_field", "contact.shoe_size"),
    fields("update_contact_field", "first_name"),
    fields("update_contact_field", "firstName"),
    fields("update_contact_field", "dateOfBirth"),
    fields("update_contact_field", "tags", ["vip"]),
    fields("create_update_contact", "phone", "{{inboundWebhookRequest.phone}}"),
    made("math_operation", "x", "Add", selectField="cf1", updateField="cf1",
         targetCustomValueId=""),
    made("update_custom_value", "x", "Set", custom_value_id="v1"),
    made("add_contact_tag", "x", "Tag", tags=["vip", " VIP ", "gold"]),
    made("add_contact_tag", "x", "Tag", tags=["{{contact.source}}"]),
    made("remove_contact_tag", "x", "Tag", removeAll=True),
    made("copy_contact_to_subaccount", "x", "Copy", newLocations=[{"value": GONE}], tags=[GONE]),
    condition("contact_detail", "tags", ["VIP"]),
    condition("contact_detail", "country", "DE"),
    condition("contact_detail", "cf1", "x"),
    condition("contact_detail", "address1", "x"),
    condition("contact_detail", "assignedTo", "", "has_value"),
    condition("opportunities", "status", "won"),
    condition("workflow_contact", "status", "active"),
    made("webhook", "x", "Send", url="https://crm.de", userId=GONE,
         customData=[{"key": "userId", "value": GONE}]),
    made("custom_code", "x", "Code", code="return userId", inputData={"calendarId": GONE}),
    made("slack_message", "x", "Slack", users=[GONE], channel="C1"),
    made("asana_ia_asana_update_task", "x", "Asana", assignedTo=GONE),
    made("a_step_nobody_knows", "x", "New", pipelineId=GONE, calendarId=GONE),
    {**made("assign_user", "x", "Off", user_list=[GONE]), "disabled": True},
]  # fmt: skip


@pytest.mark.parametrize("one", FINE, ids=lambda one: one["type"])
def test_what_is_there_computed_or_of_another_system_is_fine(one):
    assert messages(bundle(one)) == []


@pytest.mark.parametrize(
    "trigger",
    [
        started("form_submission", "t1", "Form", form__id="f1"),
        started("form_submission", "t1", "Form", form__id=["f1"]),
        started("form_submission", "t1", "Form", form__id="any"),
        started("contact_tag", "t1", "Tag", tagsAdded="Vip"),
        started("pipeline_stage_updated", "t1", "Stage", opportunity__pipelineStageId="s1"),
        started("contact_changed", "t1", "Change", contact__city="Bonn"),
        started("contact_changed", "t1", "Change", contact__cf1="x"),
        started("contact_changed", "t1", "Change", contact__assignedTo="u1"),
        started("customer_reply", "t1", "Reply", message__type="SMS"),
        {**started("form_submission", "t1", "Off", form__id=GONE), "active": False},
    ],
)
def test_filters_by_what_is_there_are_fine(trigger):
    assert messages(bundle(triggers=[trigger])) == []


def test_ids_keep_their_case_in_stage_filters():
    lists = {"pipelines": [{"id": "P", "stages": [{"id": "StageNew"}]}]}
    trigger = started("pipeline_stage_updated", "t", "S", opportunity__pipelineStageId="StageNew")
    assert messages(bundle(triggers=[trigger], **lists)) == []


@pytest.mark.parametrize(
    ("one", "lists", "reason"),
    [
        (made("assign_user", "x", "A", user_list=[GONE]), "users", "no users list in the file"),
        (opportunity("p1"), "pipelines", "no pipelines list in the file"),
        (made("email", "x", "M", template_id=GONE), "emailTemplates",
         "no e-mail templates list in the file"),
        (fields("update_contact_field", GONE), "customFields", "no custom fields list in the file"),
    ],
)  # fmt: skip
def test_a_list_that_is_not_in_the_file_leaves_it_open(one, lists, reason):
    others = {key: value for key, value in LISTS.items() if key != lists}
    document = bundle(one, **others)
    assert messages(document) == []
    assert reasons(document, MISSING) == {reason}
