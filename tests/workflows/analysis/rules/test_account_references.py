"""Edge cases of ids that lead nowhere: what was deleted from the account."""

import copy

import pytest

from apps.workflows.inspection import inspect_document
from tests.workflows.analysis.agency import (
    agency,
    flow,
    made,
    reasons,
    reported,
    started,
    workflow,
)

MISSING = "missing-reference"
#: One entry in every list, each under another of the names that exports use.
LISTS = {
    "pipelines": [{"id": "p1", "name": "Sales", "stages": [{"id": "s1", "name": "New"}]}],
    "calendars": [{"_id": "c1", "name": "Visit"}],
    "forms": [{"id": "f1"}],
    "surveys": [{"id": "v1"}],
    "users": [
        {"id": "u1", "name": "Anna", "active": True},
        {"id": "u2", "name": "Tom", "active": False},
    ],
    "emailTemplates": [{"id": "e1"}],
    "customFields": [{"id": "cf1", "fieldKey": "contact.shoe_size"}],
    "customValues": [{"id": "v1", "fieldKey": "{{ custom_values.map }}", "value": "https://m.de"}],
    "tags": ["VIP", {"id": "tag9", "name": "Gold"}],
    "triggerLinks": [{"id": "l1"}],
}


def bundle(*steps, triggers=(), **lists):
    return {"workflows": [flow("A", "Flow", list(steps), list(triggers))], **(lists or LISTS)}


def messages(document, rule_id=MISSING):
    found = reported(document, rule_id)
    return [hit.message for hits in found.values() for hit in hits]


def opportunity(pipeline, stage=None, kind="internal_update_opportunity"):
    fields = [{"filterField": "pipelineId", "value": pipeline}]
    if stage is not None:
        fields.append({"filterField": "pipelineStageId", "value": stage})
    return made(kind, "x", "Deal", __customInputFields__=fields)


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


def fields(kind, name, value="1"):
    return made(kind, "x", "Fields", fields=[{"field": name, "value": value, "title": "Size"}])


# -- what is reported ---------------------------------------------------

GONE = "gone9"
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


# -- what stays silent --------------------------------------------------

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


# -- lists that are not known -------------------------------------------


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


def test_one_unknown_list_does_not_hide_what_the_others_show():
    steps = [
        {**made("assign_user", "x", "Assign", user_list=[GONE]), "next": "y"},
        made("add_contact_tag", "y", "Tag", tags=[GONE]),
    ]
    document = bundle(*steps, tags=["vip"])
    assert len(messages(document)) == 1
    assert reasons(document, MISSING) == set()


def test_pipelines_listed_without_stages_leave_only_the_stages_open():
    lists = {"pipelines": [{"id": "p1", "name": "Sales"}]}
    assert messages(bundle(opportunity("p1", GONE), **lists)) == []
    assert len(messages(bundle(opportunity(GONE, GONE), **lists))) == 1


def test_an_empty_list_is_known_to_be_empty():
    assert messages(bundle(made("assign_user", "x", "Assign", user_list=["u1"]), users=[]))


def test_a_workflow_without_references_is_checked_and_sound():
    document = bundle(made("sms", "x", "Text", body="Hi"), tags=[])
    assert reasons(document, MISSING) == set()


def test_a_single_file_is_not_checked():
    assert reasons(flow("A", "Alone", [opportunity(GONE)], []), MISSING) == {"no account lists"}


def test_unknown_workflows_of_a_selection_are_not_missing():
    on = made("add_to_workflow", "x", "On", workflow_id=GONE)
    document = {"workflows": [flow("A", "A", [on], []), flow("B", "B", [on], [])]}
    assert messages(document) == []


def test_workflows_that_cannot_be_read_are_not_missing():
    on = made("add_to_workflow", "x", "On", workflow_id="HUGE")
    huge = {"id": "HUGE", "name": "Huge", "workflowData": {"templates": [{}] * 25_001}}
    document = {"workflows": [flow("A", "A", [on], []), huge], "tags": []}
    first = inspect_document(document)[0]
    assert first.analysis is not None
    assert [each for each in first.analysis.findings if each.rule_id == MISSING] == []


def test_every_list_of_the_sound_agency_is_needed():
    sound = agency()
    assert reported(sound, MISSING) == {}
    for name in (
        "pipelines",
        "calendars",
        "forms",
        "users",
        "emailTemplates",
        "customFields",
        "tags",
    ):
        broken = copy.deepcopy(sound)
        broken[name] = broken[name][1:]
        assert reported(broken, MISSING), name
    broken = copy.deepcopy(sound)
    broken["workflows"].remove(workflow(broken, "wf-implants-nurture"))
    assert set(reported(broken, MISSING)) == {"wf-implants-intake", "wf-implants-reminders"}


@pytest.mark.parametrize(
    "value", [None, 7, True, 1.5, [], {}, [None, {"a": 1}, [["x"]]], {"id": {}}]
)
def test_wrong_typed_parameters_and_lists_never_fail(value):
    keys = ("pipelineId", "user_list", "fields", "tags", "workflow_id", "template_id", "branches",
            "__customInputFields__", "segments", "type", "sms", "email", "userType")  # fmt: skip
    kinds = ("assign_user", "email", "if_else", "internal_notification", "update_contact_field",
             "internal_update_opportunity", "workflow_goal", "math_operation")  # fmt: skip
    steps = [
        made(kind, f"x{n}", kind, **dict.fromkeys(keys, value)) for n, kind in enumerate(kinds)
    ]
    trigger = {
        "id": "t",
        "type": "contact_changed",
        "conditions": [{"field": "form.id", "value": value}],
    }
    for lists in (LISTS, {name: [value] for name in LISTS}):
        reported(bundle(*steps, triggers=[trigger], **lists), MISSING)
