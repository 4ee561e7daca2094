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
    workflow,
)
from tests.workflows.analysis.rules.account_references_parts import (
    GONE,
    LISTS,
    MISSING,
    bundle,
    messages,
    opportunity,
)


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
