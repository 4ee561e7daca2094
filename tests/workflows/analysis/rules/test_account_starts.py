"""Edge cases of what starts the workflows of one account: doubles, tags nobody adds, conflicts."""

import pytest

from tests.workflows.analysis.agency import (
    flow,
    made,
    reported,
    started,
)
from tests.workflows.analysis.rules.account_starts_parts import (
    DOUBLE,
    FORM,
    HELLO,
    TAG,
    accounts,
    adding,
    waiting,
)


def talking(key, *triggers, **more):
    return flow(key, f"Flow {key}", [HELLO], list(triggers), **more)


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
