"""Edge cases of workflows that start each other in a circle."""

import pytest

from tests.workflows.analysis.agency import (
    agency,
    appointment,
    flow,
    inspected,
    made,
    reasons,
    reported,
    started,
    step,
    workflow,
)
from tests.workflows.analysis.rules.account_cycles_parts import (
    BOTH_HIGH,
    RULE,
    enrol,
    on_tag,
    pair,
    severities,
    tag,
)


def test_a_second_link_without_a_wait_keeps_the_circle():
    wait = made("wait", "w", "Answer", type="reply")
    bundle = pair([enrol("B")], [tag("x"), wait, enrol("A")], [on_tag("x")])
    assert severities(bundle) == BOTH_HIGH


@pytest.mark.parametrize(
    "bundle",
    [
        pair([enrol("B")], [tag("x")], [on_tag("y")]),
        pair([enrol("B")], [tag("x")], [started("contact_tag", "t", "Off", tagsRemoved="x")]),
        pair([enrol("B")], [tag("x")], [started("form_submission", "t", "Form", form__id="x")]),
        pair([enrol("B")], [tag("x")], [{**on_tag("x"), "active": False}]),
        pair([enrol("B")], [made("remove_from_workflow", "r", "Out", workflow_id="A")]),
        pair([enrol("B")], [enrol("elsewhere")]),
        pair([enrol("A")], [enrol("B")]),
        pair([enrol("B")], [tag("{{contact.source}}")], [on_tag("x")]),
        pair([enrol("B")], [{**enrol("A"), "advanceCanvasMeta": {"isDisabled": True}}]),
        pair([enrol("B")], [made("add_notes", "n", "Note", html="x")]),
    ],
)
def test_what_starts_nothing_is_no_circle(bundle):
    assert severities(bundle) == {}


def test_a_value_that_fails_the_filter_is_no_circle():
    write = made(
        "update_contact_field", "f", "Mark cold",
        actionType="update_field_data",
        fields=[{"field": "temperature", "value": "cold"}],
    )  # fmt: skip
    on_field = started("contact_changed", "t1", "Hot", contact__temperature="hot")
    assert severities(pair([enrol("B")], [write], [on_field])) == {}


def test_a_value_known_only_at_run_time_is_not_held_against_the_filter():
    write = made(
        "update_contact_field", "f", "Mark",
        actionType="update_field_data",
        fields=[{"field": "temperature", "value": "{{contact.mood}}"}],
    )  # fmt: skip
    on_field = started("contact_changed", "t1", "Hot", contact__temperature="hot")
    assert severities(pair([enrol("B")], [write], [on_field])) == {}


def test_a_workflow_alone_is_self_triggering_and_no_circle():
    bundle = {"workflows": [flow("A", "Alone", [tag("x")], [on_tag("x")])], "tags": ["x"]}
    assert severities(bundle) == {}
    assert set(reported(bundle, "self-triggering-workflow")) == {"A"}


@pytest.mark.parametrize("which", [0, 1])
def test_a_draft_starts_nothing_and_is_started_by_nothing(which):
    bundle = pair([enrol("B")], [enrol("A")])
    bundle["workflows"][which]["status"] = "draft"
    assert severities(bundle) == {}


def test_a_step_nobody_reaches_closes_no_circle():
    bundle = pair([enrol("B")], [tag("q")])
    lost = {**enrol("A", "lost"), "parentKey": "tag", "order": 9}
    bundle["workflows"][1]["workflowData"]["templates"].append(lost)
    assert severities(bundle) == {}


def test_two_versions_of_one_workflow_make_no_circle():
    bundle = pair([tag("x")], [tag("x")], [on_tag("x")], [on_tag("x")])
    assert severities(bundle) == BOTH_HIGH
    bundle["workflows"][1]["id"] = "A"
    assert severities(bundle) == {}


def test_workflows_of_two_accounts_make_no_circle():
    bundle = pair([enrol("B")], [enrol("A")])
    bundle["workflows"][1]["locationId"] = "anotherLocation00001"
    assert severities(bundle) == {}


def test_a_single_file_is_not_checked():
    single = flow("A", "Alone", [enrol("B")], [])
    assert reasons(single, RULE) == {"the account's other workflows are not in the file"}


def test_the_sound_agency_has_none_and_a_tag_makes_one():
    bundle = agency()
    assert reported(bundle, RULE) == {}
    workflow(bundle, "wf-implants-reactivation")["triggers"].append(
        {**on_tag("implants lead"), "id": "t2"}
    )
    step(bundle, "wf-implants-reactivation", "f3")["attributes"]["tags"] = ["Implants cold"]
    assert reported(bundle, RULE) == {}  # back to itself, which another rule says
    step(bundle, "wf-implants-reactivation", "f3")["attributes"]["tags"] = ["Implants booked"]
    workflow(bundle, "wf-implants-intake")["triggers"].append(
        {**on_tag("implants booked"), "id": "t2"}
    )
    found = reported(bundle, RULE)
    assert set(found) == {"wf-implants-intake", "wf-implants-reactivation"}


def test_the_order_of_the_workflows_changes_nothing():
    bundle = agency()
    workflow(bundle, "wf-implants-lost")["triggers"].append(
        appointment("cal-implants", "cancelled")
    )
    first = step(bundle, "wf-implants-reactivation", "f3")
    first.update(type="add_to_workflow", attributes={"workflow_id": "wf-whitening-nurture"})
    last = step(bundle, "wf-whitening-nurture", "b7")
    last.update(type="add_to_workflow", attributes={"workflow_id": "wf-implants-reactivation"})
    there = {
        key: item.analysis and item.analysis.findings for key, item in inspected(bundle).items()
    }
    bundle["workflows"].reverse()
    back = {
        key: item.analysis and item.analysis.findings for key, item in inspected(bundle).items()
    }
    assert there == back
    assert reported(bundle, RULE)


@pytest.mark.parametrize("value", [None, 7, True, [], {}, [None, {"a": 1}], "x" * 5000])
def test_wrong_typed_parameters_make_no_circle(value):
    wrong = made("add_to_workflow", "go", "On", workflow_id=value)
    odd = made("add_contact_tag", "tag", "Tag", tags=value)
    assert severities(pair([wrong, odd], [enrol("A")], [on_tag("x")])) == {}
