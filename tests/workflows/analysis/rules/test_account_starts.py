"""Edge cases of what starts the workflows of one account: doubles, tags nobody adds, conflicts."""

import pytest

from tests.workflows.analysis.agency import (
    JSON,
    agency,
    chain,
    flow,
    made,
    reasons,
    reported,
    started,
    step,
    text_message,
    workflow,
)

HELLO = text_message("s", "Hello", "welcome")
FORM = started("form_submission", "t1", "Quote form", form__id="frm1")


def accounts(*flows, **lists) -> JSON:
    return {"workflows": list(flows), **lists}


def talking(key, *triggers, **more):
    return flow(key, f"Flow {key}", [HELLO], list(triggers), **more)


# -- duplicate-trigger between workflows ---------------------------------------------------

DOUBLE = "duplicate-trigger"


def test_two_workflows_on_one_form_that_both_message_are_reported_in_both():
    found = reported(accounts(talking("A", FORM), talking("B", FORM)), DOUBLE)
    assert set(found) == {"A", "B"}
    (hit,) = found["A"]
    assert (hit.severity, hit.confidence) == ("high", "certain")
    assert hit.node_ids == ("t1",)
    assert "“Flow B”" in hit.message


def test_filters_are_compared_whatever_their_order_and_spelling():
    two = started("appointment", "t1", "A", calendar__id="c", appointment__status="confirmed")
    turned = {**two, "conditions": two["conditions"][::-1]}
    turned["conditions"][0] = {
        "field": "appointment.status", "operator": "is-any-of", "value": ["confirmed"]
    }  # fmt: skip
    assert set(reported(accounts(talking("A", two), talking("B", turned)), DOUBLE)) == {"A", "B"}
    upper = started("contact_tag", "t1", "VIP", tagsAdded="VIP")
    lower = started("contact_tag", "t1", "VIP", tagsAdded=[" vip "])
    assert set(reported(accounts(talking("A", upper), talking("B", lower)), DOUBLE)) == {"A", "B"}


def test_unfiltered_triggers_of_one_type_are_the_same_start():
    bare = started("contact_created", "t1", "New contact")
    assert set(reported(accounts(talking("A", bare), talking("B", bare)), DOUBLE)) == {"A", "B"}


def test_the_same_trigger_twice_in_one_workflow_is_still_reported_alone():
    one = talking("A", FORM, {**FORM, "id": "t2"})
    assert [len(hits) for hits in reported(one, DOUBLE).values()] == [1]
    both = reported(accounts(one, talking("B", FORM)), DOUBLE)
    assert {key: len(hits) for key, hits in both.items()} == {"A": 2, "B": 1}


SILENT = flow("B", "Records", [made("add_contact_tag", "s", "Mark", tags=["x"])], [FORM])
UNREACHED = flow("B", "Lost text", [made("add_notes", "n", "Note", html="x")], [FORM])
UNREACHED["workflowData"]["templates"].append({**HELLO, "parentKey": "n", "order": 4})


@pytest.mark.parametrize(
    "other",
    [
        talking("B", started("form_submission", "t1", "Other form", form__id="frm2")),
        talking("B", started("survey_submission", "t1", "Survey", form__id="frm1")),
        talking("B", {**FORM, "active": False}),
        talking("B", FORM, status="draft"),
        {key: value for key, value in talking("B", FORM).items() if key != "status"},
        talking("B"),
        {key: value for key, value in talking("B").items() if key != "triggers"},
        SILENT,
        UNREACHED,
        flow("B", "Off", [{**HELLO, "advanceCanvasMeta": {"isDisabled": True}}], [FORM]),
        talking("B", FORM, locationId="anotherLocation00001"),
        talking("A", FORM),  # the same workflow in another version
    ],
)
def test_what_is_no_double_start_of_two_live_messengers(other):
    assert reported(accounts(talking("A", FORM), other), DOUBLE) == {}


def test_webhooks_have_an_address_of_their_own():
    hook = started("inbound_webhook", "t1", "Webhook")
    assert reported(accounts(talking("A", hook), talking("B", hook)), DOUBLE) == {}


def test_many_workflows_on_one_start_are_named_in_part():
    found = reported(accounts(*(talking(f"W{n}", FORM) for n in range(8))), DOUBLE)
    assert len(found) == 8
    assert "“Flow W1”, “Flow W2”, “Flow W3” and 4 more" in found["W0"][0].message


# -- trigger-tag-never-added ---------------------------------------------------------------

TAG = "trigger-tag-never-added"


def waiting(*tags, **more):
    return flow(
        "A", "VIP", [HELLO], [started("contact_tag", "t1", "Tag", tagsAdded=[*tags])], **more
    )


def adding(*tags, kind="add_contact_tag", **more):
    return flow("B", "Adds", [made(kind, "a", "Add", tags=[*tags], **more)], [FORM])


def test_a_tag_that_nothing_adds_is_reported_where_it_starts():
    found = reported(accounts(waiting("vip"), adding("other"), tags=["vip"]), TAG)
    assert set(found) == {"A"}
    (hit,) = found["A"]
    assert (hit.severity, hit.confidence) == ("low", "tentative")
    assert hit.node_ids == ("t1",)
    assert "“vip”" in hit.message


def test_removing_it_or_adding_it_elsewhere_is_not_adding_it():
    assert reported(
        accounts(waiting("vip"), adding("vip", kind="remove_contact_tag"), tags=[]), TAG
    )
    copy = {"newLocations": [{"value": "loc2"}]}
    there = adding("vip", kind="copy_contact_to_subaccount", **copy)
    assert reported(accounts(waiting("vip"), there, tags=[]), TAG)


FIELD = made("create_update_contact", "a", "Add", fields=[{"field": "tags", "value": ["VIP"]}])
CODE = made("custom_code", "a", "Code", code="await addTag(contact, 'vip')", language="javascript")
AGENT = made("ai_agent", "a", "Agent", tools=[{"name": "Add tag", "tags": ["vip"]}])


@pytest.mark.parametrize(
    "other",
    [
        adding("vip"),
        adding("VIP "),
        adding("x", "vip"),
        flow("B", "Field", [FIELD], [FORM]),
        flow("B", "Code", [CODE], [FORM]),
        flow("B", "Agent", [AGENT], [FORM]),
        {**adding("vip"), "status": "draft"},
    ],
)
def test_a_tag_that_something_adds_is_fine(other):
    assert reported(accounts(waiting("vip"), other, tags=["vip"]), TAG) == {}


def test_one_of_several_tags_is_enough():
    assert reported(accounts(waiting("vip", "gold"), adding("gold"), tags=[]), TAG) == {}


@pytest.mark.parametrize(
    "trigger",
    [
        started("contact_tag", "t1", "Removed", tagsRemoved="vip"),
        started("contact_tag", "t1", "Any"),
        started("contact_tag", "t1", "Blank", tagsAdded=""),
        {**started("contact_tag", "t1", "Off", tagsAdded="vip"), "active": False},
        started("form_submission", "t1", "Form", tagsAdded="vip"),
        {"id": "t1", "type": "contact_tag", "conditions": [
            {"field": "tagsAdded", "operator": "index-of-false", "value": "vip"}]},
    ],
)  # fmt: skip
def test_triggers_that_await_no_tag_are_fine(trigger):
    one = flow("A", "VIP", [HELLO], [trigger])
    assert reported(accounts(one, adding("x"), tags=[]), TAG) == {}


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


# -- conflicting-field-writes --------------------------------------------------------------

CONFLICT = "conflicting-field-writes"


def write(value, field="source", key="w", **more):
    entry = {"field": field, "value": value, **more}
    return made("update_contact_field", key, f"Write {value}", fields=[entry],
                actionType="update_field_data")  # fmt: skip


def stage(value, pipeline="p1"):
    fields = [{"filterField": "pipelineId", "value": pipeline}]
    fields.append({"filterField": "pipelineStageId", "value": value})
    return made("internal_update_opportunity", "w", f"To {value}", __customInputFields__=fields)


def two(first, second, start_a=FORM, start_b=FORM, **more):
    return accounts(
        flow("A", "One", [first], [start_a]), flow("B", "Two", [second], [start_b], **more)
    )


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
