"""Edge cases of what starts the workflows of one account: doubles, tags nobody adds, conflicts."""

import pytest

from tests.workflows.analysis.agency import (
    agency,
    chain,
    flow,
    made,
    reasons,
    reported,
    started,
    step,
    workflow,
)
from tests.workflows.analysis.rules.account_starts_parts import (
    DOUBLE,
    FORM,
    TAG,
    accounts,
    adding,
    two,
    waiting,
)


def test_tags_known_only_at_run_time_leave_it_open():
    bundle = accounts(waiting("vip"), adding("{{contact.source}}"), tags=[])
    assert reported(bundle, TAG) == {}
    assert reasons(bundle, TAG) == {
        "some workflows add tags that are known only when they run"
    }  # fmt: skip


def test_a_selection_of_workflows_leaves_it_open():
    bundle = accounts(waiting("vip"), adding("x"))
    assert reported(bundle, TAG) == {}
    assert reasons(bundle, TAG) == {"not all workflows of the account are in the file"}


def test_a_workflow_whose_steps_are_elsewhere_leaves_it_open():
    hidden = {"id": "C", "name": "C", "status": "published", "fileUrl": "https://x", "triggers": []}
    bundle = accounts(waiting("vip"), adding("x"), hidden, tags=[])
    assert reported(bundle, TAG) == {}
    assert "the steps of some workflows are not in the file" in reasons(bundle, TAG)


def test_a_single_file_is_not_checked_for_its_tag():
    assert reasons(waiting("vip"), TAG) == {"the account's other workflows are not in the file"}


def test_the_sound_agency_adds_every_tag_until_one_is_renamed():
    bundle = agency()
    assert reported(bundle, TAG) == {}
    step(bundle, "wf-aligners-lost", "g2")["attributes"]["tags"] = ["Aligners freezing"]
    assert set(reported(bundle, TAG)) == {"wf-aligners-reactivation"}


CONFLICT = "conflicting-field-writes"


def write(value, field="source", key="w", **more):
    entry = {"field": field, "value": value, **more}
    return made("update_contact_field", key, f"Write {value}", fields=[entry],
                actionType="update_field_data")  # fmt: skip


def stage(value, pipeline="p1"):
    fields = [{"filterField": "pipelineId", "value": pipeline}]
    fields.append({"filterField": "pipelineStageId", "value": value})
    return made("internal_update_opportunity", "w", f"To {value}", __customInputFields__=fields)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (write("Web"), write("Ads")),
        (write("Web", "contact.source"), write("Ads", "source")),
        (write("Web"), made("update_contact_field", "w", "Clear", actionType="clear_field_data",
                            fields=[{"field": "source", "value": ""}])),
        (stage("s1"), stage("s2")),
        (made("assign_user", "w", "Anna", user_list=["u1"]),
         made("assign_user", "w", "Tom", user_list=["u2"])),
        (made("math_operation", "w", "Add", updateField="score1", operators=[]),
         write("5", "score1")),
    ],
)  # fmt: skip
def test_two_values_for_one_field_or_stage_on_one_start_conflict(first, second):
    found = reported(two(first, second), CONFLICT)
    assert set(found) == {"A", "B"}
    (hit,) = found["A"]
    assert (hit.severity, hit.confidence) == ("low", "firm")
    assert hit.node_ids == ("w", "t1")
    assert "“Two”" in hit.message


OTHER_FORM = started("form_submission", "t1", "Other form", form__id="frm2")


@pytest.mark.parametrize(
    "bundle",
    [
        two(write("Web"), write("Web")),
        two(write("{{contact.city}}"), write("{{contact.city}}")),
        two(write("", date="currentDate"), write("", date="currentDate")),
        two(write("Web"), write("Ads", "medium")),
        two(stage("s1"), stage("s9", "p2")),
        two(write("Web"), write("Ads"), FORM, OTHER_FORM),
        two(write("Web"), write("Ads"), FORM, {**FORM, "active": False}),
        two(write("Web"), write("Ads"), status="draft"),
        two(write("Web"), {**write("Ads"), "advanceCanvasMeta": {"isDisabled": True}}),
        two(write("Web"), made("add_contact_tag", "w", "Tag", tags=["source"])),
        two(write("Web"), write("Ads"), locationId="anotherLocation00001"),
        accounts(flow("A", "One", [*chain(write("Web"), write("Ads", key="w2"))], [FORM])),
    ],
)
def test_what_is_no_conflict(bundle):
    assert reported(bundle, CONFLICT) == {}


def test_two_fields_are_two_findings():
    first = chain(write("Web"), write("cpc", "medium", key="w2"))
    second = chain(write("Ads"), write("mail", "medium", key="w2"))
    bundle = accounts(flow("A", "One", first, [FORM]), flow("B", "Two", second, [FORM]))
    found = reported(bundle, CONFLICT)
    assert [hit.node_ids[0] for hit in found["A"]] in (["w", "w2"], ["w2", "w"])


def test_a_conflict_in_the_agency_stands_in_both_workflows():
    bundle = agency()
    assert reported(bundle, CONFLICT) == {}
    twin = workflow(bundle, "wf-whitening-noshow")
    twin["triggers"] = workflow(bundle, "wf-implants-aftercare")["triggers"]
    step(bundle, "wf-whitening-noshow", "d3").update(write("Whitening", "cfLastTreatment001", "d3"))
    assert set(reported(bundle, CONFLICT)) == {"wf-whitening-noshow", "wf-implants-aftercare"}


@pytest.mark.parametrize("value", [None, 7, True, [], {}, [None, {"a": 1}], {"field": ["x"]}])
def test_wrong_typed_parameters_start_and_write_nothing(value):
    odd = made("update_contact_field", "w", "Odd", fields=value, user_list=value)
    trigger = {"id": "t1", "type": "contact_tag", "conditions": value, "schedule_config": value}
    bundle = two(odd, odd, trigger, trigger)
    for rule_id in (DOUBLE, TAG, CONFLICT):
        assert reported({**bundle, "tags": value}, rule_id) == {}
