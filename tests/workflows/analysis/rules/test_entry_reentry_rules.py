"""Edge cases of the rules about triggers, re-entry and webhooks."""

import pytest

from tests.workflows.analysis.builders import findings, highlevel
from tests.workflows.analysis.rules.entry_more_rules_parts import (
    CALL,
    CREATE,
    SMS,
    condition,
    found,
    off,
    step,
    trigger,
)

TWICE = "duplicate-trigger"


FORM = trigger("form_submission", condition("form.id"))


def test_the_order_of_filters_and_values_and_who_made_them_do_not_matter():
    one = trigger(
        "contact_tag", condition("tagsAdded", "is-any-of", ["a", "B"]), condition("contact.tags")
    )
    two = trigger(
        "contact_tag",
        condition("contact.tags", "eq"),
        condition("tagsAdded", "is-any-of", ["b", "a"]),
        key="t2",
        date_added="2026-01-01",
    )
    (finding,) = findings(highlevel([SMS], [one, two]), TWICE)
    assert finding.node_ids == ("t1", "t2")
    assert finding.severity == "high"


def test_three_alike_are_one_finding():
    triggers = [{**FORM, "id": key} for key in ("a", "b", "c")]
    assert found(TWICE, [SMS], triggers) == ["high"]


@pytest.mark.parametrize(
    "other",
    [
        trigger("form_submission", condition("form.id", "==", "y"), key="t2"),
        trigger("form_submission", condition("form.id", "!="), key="t2"),
        trigger("form_submission", condition("form.id"), condition("contact.tags"), key="t2"),
        trigger("survey_submission", condition("form.id"), key="t2"),
        trigger("form_submission", condition("form.id"), key="t2", active=False),
    ],
)
def test_triggers_that_differ_or_are_off_are_no_copies(other):
    assert found(TWICE, [SMS], [FORM, other]) == []


def test_webhooks_and_schedules_differ_by_what_stands_outside_their_filters():
    hooks = [trigger("inbound_webhook"), trigger("inbound_webhook", key="t2")]
    assert found(TWICE, [SMS], hooks) == []
    daily = trigger("scheduler_trigger", schedule_config={"interval": "daily", "at": "09:00"})
    late = trigger("scheduler_trigger", key="t2", schedule_config={"interval": "daily", "at": "17"})
    assert found(TWICE, [SMS], [daily, late]) == []
    assert found(TWICE, [SMS], [daily, {**daily, "id": "t2"}]) == ["high"]


ONCE = "reentry-off-for-repeatable-trigger"


AGAIN = "reentry-creates-duplicates"


IGNORED = "reentry-setting-ignored"


@pytest.mark.parametrize("kind", ["form_submission", "payment_received", "order_submission"])
def test_a_repeatable_start_with_re_entry_off_is_worth_a_look(kind):
    assert found(ONCE, [SMS], [trigger(kind)], allowMultiple=False) == ["low"]


@pytest.mark.parametrize(
    ("kind", "doc"),
    [
        ("form_submission", {"allowMultiple": True}),
        ("form_submission", {}),
        ("form_submission", {"allowMultiple": "no"}),
        ("form_submission", {"allowMultiple": False, "name": "Client On-boarding"}),
        ("payment_received", {"allowMultiple": False, "name": "Onboarding"}),
        ("appointment", {"allowMultiple": False}),
        ("invoice", {"allowMultiple": False}),
        ("contact_tag", {"allowMultiple": False}),
    ],
)
def test_once_is_fine_where_it_is_meant_or_ignored(kind, doc):
    assert found(ONCE, [SMS], [trigger(kind)], **doc) == []


@pytest.mark.parametrize(
    "kind",
    [
        "internal_create_opportunity",
        "create_opportunity",
        "payments_create_invoice",
        "create_recurring_invoice",
        "payments_create_estimate",
        "create_custom_object",
        "create_and_associate_company",
    ],
)
def test_a_record_made_on_every_entry_is_reported(kind):
    assert found(AGAIN, [step(kind)], None, allowMultiple=True) == ["medium"]


def test_several_such_steps_are_one_finding():
    steps = [step("create_custom_object", "a", "b"), step("payments_create_invoice", "b")]
    (finding,) = findings(highlevel(steps, allowMultiple=True), AGAIN)
    assert finding.node_ids == ("a", "b")


@pytest.mark.parametrize(
    ("steps", "reentry"),
    [
        ([CREATE], False),
        ([CREATE], None),
        ([off(CREATE)], True),
        ([step("find_opportunity", "f", "w"), CREATE], True),
        ([step("create_update_contact")], True),
        ([step("task-notification", assignedTo="u")], True),
        ([step("add_notes", html="x")], True),
        ([step("appointment_booking")], True),
        ([step("internal_update_opportunity")], True),
    ],
)
def test_a_look_up_before_or_another_kind_of_record_is_fine(steps, reentry):
    doc = {} if reentry is None else {"allowMultiple": reentry}
    assert found(AGAIN, steps, None, **doc) == []


def test_a_condition_about_opportunities_is_a_look_up():
    branches = [{"id": "y", "segments": [{"conditions": [{"conditionType": "opportunities"}]}]}]
    steps = [{**step("if_else", "i", ["y"], branches=branches), "nodeType": "condition-node"}]
    steps += [{**step("if_else", "y", "w", **{"if": False}), "nodeType": "branch-yes"}, CREATE]
    assert found(AGAIN, steps, None, allowMultiple=True) == []


def test_a_contact_look_up_finds_no_opportunity():
    steps = [step("find_contact", "f", "w"), CREATE]
    assert found(AGAIN, steps, None, allowMultiple=True) == ["medium"]


@pytest.mark.parametrize("kind", ["appointment", "invoice"])
def test_a_setting_that_has_no_effect_is_mentioned(kind):
    assert found(IGNORED, [SMS], [trigger(kind)], allowMultiple=False) == ["info"]


@pytest.mark.parametrize(
    ("kinds", "reentry"),
    [
        (["appointment", "contact_tag"], False),
        (["contact_tag"], False),
        (["appointment"], True),
        ([], False),
    ],
)
def test_a_setting_that_has_an_effect_is_not(kinds, reentry):
    triggers = [trigger(kind, key=kind) for kind in kinds]
    assert found(IGNORED, [SMS], triggers, allowMultiple=reentry) == []


REPLY = "reply-trigger-any-channel"


@pytest.mark.parametrize("conditions", [[], [condition("message.body", "contains", "yes")]])
def test_a_reply_to_anything_is_reported(conditions):
    assert found(REPLY, [SMS], [trigger("customer_reply", *conditions)]) == ["medium"]


@pytest.mark.parametrize("field", ["message.type", "workflow.id"])
def test_a_reply_on_one_channel_or_to_one_workflow_is_fine(field):
    assert found(REPLY, [SMS], [trigger("customer_reply", condition(field))]) == []


def test_a_call_trigger_without_status_that_texts_is_reported():
    inbound = condition("message.direction", "==", "inbound")
    document = highlevel([SMS], [trigger("call_status", inbound)])
    (finding,) = findings(document, CALL)
    assert finding.node_ids == ("t1", "s")
