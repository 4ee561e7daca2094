"""Edge cases of the rules about what messages say, to whom and when."""

import pytest

from tests.workflows.analysis.builders import findings, highlevel
from tests.workflows.analysis.rules.messaging_more_rules_parts import (
    HOURS,
    ZONE,
    asks,
    condition,
    email,
    found,
    off,
    sms,
    step,
    trigger,
    wait,
)


@pytest.mark.parametrize(
    ("steps", "doc"),
    [
        ([sms()], {"timezone": "contact", "window": HOURS}),
        ([sms()], {"window": HOURS}),
        ([sms()], {"timezone": "account"}),
        ([sms()], {"timezone": "account", "window": {}}),
        ([sms()], {"timezone": "account", "window": {"start": "", "end": None}}),
        ([sms()], {"timezone": "account", "window": [HOURS]}),
        ([step("add_contact_tag", tags=["x"])], {"timezone": "account", "window": HOURS}),
    ],
)
def test_the_contact_s_clock_or_no_window_is_fine(steps, doc):
    assert found(ZONE, steps, **doc) == []


GOES_ON = "stop-on-response-off"


def pair(value=3, unit="hours", between=()):
    return [sms("One", "a", "w"), wait("w", "b", value, unit), *between, sms("Two", "b")]


def test_a_short_series_that_ignores_replies_is_reported():
    assert found(GOES_ON, pair(), stopOnResponse=False) == ["medium"]


def test_a_goal_ends_a_long_series_but_handles_no_reply():
    goal = step("workflow_goal", "g", action="exit", segments=[])
    steps = [*pair(3, "days")[:-1], {**sms("Two", "b"), "next": "g"}, goal]
    assert found(GOES_ON, steps, stopOnResponse=False) == ["medium"]


@pytest.mark.parametrize(
    ("steps", "triggers", "doc"),
    [
        (pair(), None, {"stopOnResponse": True}),
        (pair(), None, {}),
        (pair(), None, {"stopOnResponse": "off"}),
        (pair(2, "days"), None, {"stopOnResponse": False}),
        ([sms()], None, {"stopOnResponse": False}),
        ([sms("One", "a", "b"), sms("Two", "b")], None, {"stopOnResponse": False}),
        (pair(), [trigger("appointment")], {"stopOnResponse": False}),
        (pair(), [trigger("customer_reply")], {"stopOnResponse": False}),
        (
            [sms("One", "a", "w"), step("wait", "w", "b", type="reply"), sms("Two", "b")],
            None,
            {"stopOnResponse": False},
        ),
        (
            [sms("One", "a", "w"), step("wait", "w", "b", type="appointment"), sms("Two", "b")],
            None,
            {"stopOnResponse": False},
        ),
    ],
)
def test_where_replies_are_handled_or_another_rule_speaks_it_is_silent(steps, triggers, doc):
    assert found(GOES_ON, steps, triggers, **doc) == []


REVIEW = "review-request-unconditional"


ASK = step("review_request", review_type="sms")


@pytest.mark.parametrize(
    "steps",
    [
        [ASK],
        [wait("w", "a"), ASK],
        [step("workflow_split", "s", ["a"], paths=[{"id": "a", "name": "A"}]), ASK],
    ],
)
def test_a_review_request_to_everybody_is_reported(steps):
    assert found(REVIEW, steps) == ["low"]


@pytest.mark.parametrize(
    "steps",
    [
        [*asks("i", "a", conditionSubType="tags"), ASK],
        [step("wait", "w", "a", type="condition"), ASK],
        [step("workflow_goal", "g", "a", action="wait", segments=[]), ASK],
        [sms()],
        [off(ASK)],
    ],
)
def test_a_review_request_behind_a_condition_is_fine(steps):
    assert found(REVIEW, steps) == []


WAY_OUT = "sms-without-opt-out"


SENDER = "sender-not-identified"


LINK = "email-without-unsubscribe"


def test_only_the_first_text_has_to_say_how_to_stop():
    (finding,) = findings(highlevel([sms("Hi", "a", "b"), sms("Bye", "b")]), WAY_OUT)
    assert finding.node_ids == ("a",)
    first = sms("Hi. Reply STOP to opt out", "a", "b")
    assert found(WAY_OUT, [first, sms("Bye", "b")]) == []


@pytest.mark.parametrize(
    "one",
    [
        sms("Acme Dental. Reply STOP to end."),
        sms("Acme Dental. Txt stop 2 opt-out"),
        sms("Acme Dental. Text END to 555 to quit."),
        sms("Unsubscribe: https://acme-dental.com/u"),
        step("sms", template_id="tpl"),
        step("review_request", review_type="sms"),
        step("sms", body=["x"]),
        email(),
        off(sms("Hi")),
    ],
)
def test_opt_out_words_or_words_that_are_not_in_the_file_are_fine(one):
    assert found(WAY_OUT, [one]) == []


@pytest.mark.parametrize("body", ["Hi {{contact.first_name}}, your quote is ready.", "Reply YES"])
def test_a_first_text_from_nobody_is_reported(body):
    assert found(SENDER, [sms(body)]) == ["low"]


@pytest.mark.parametrize(
    "body",
    [
        "Hi {{contact.first_name}}, this is Anna from Acme.",
        "Acme Dental: your quote is ready",
        "Your quote is ready. {{location.name}}",
        "Your quote is ready. {{ custom_values.business_name }}",
        "your quote is ready - Acme",
        "{{chatgpt.1.response}}",
        None,
    ],
)
def test_a_business_or_a_custom_value_in_the_first_text_is_fine(body):
    assert found(SENDER, [sms(body)]) == []


def test_a_marketing_mail_without_a_way_out_is_one_finding_per_workflow():
    steps = [email(key="a", after="b"), email(key="b")]
    assert found(LINK, steps) == ["low"]


@pytest.mark.parametrize(
    ("one", "triggers"),
    [
        (email("<a href='{{email.unsubscribe_link}}'>x</a>"), None),
        (email("<p>Opt out here</p>"), None),
        (email(), [trigger("appointment")]),
        (email(subject="Your receipt"), None),
        (step("email", subject="x", template_id="t"), None),
        (step("internal_notification", type="email", email={"html": "x", "userType": "all"}), None),
        (off(email()), None),
        (email(html=7), None),
        (email("<br/>"), None),  # empty-message
    ],
)
def test_mails_with_a_way_out_and_transactions_are_fine(one, triggers):
    assert found(LINK, [one], triggers) == []


BULK = "bulk-send-without-drip"


DAILY = trigger("scheduler_trigger")


DRIP = step("drip", "d", "a", batchSize=10, interval={"timeUnit": "hours", "value": 1})


def tagged(*tags):
    return trigger("contact_tag", condition("tagsAdded", list(tags), "index-of-true"))


@pytest.mark.parametrize(
    ("one", "name"),
    [
        (DAILY, "Offer"),
        (tagged("old-list"), "Offer"),
        (tagged("march import"), "Offer"),
        (tagged("x"), "Database Reactivation"),
        (tagged("x"), "May blast"),
    ],
)
def test_a_list_that_is_written_to_at_once_is_reported(one, name):
    assert found(BULK, [sms()], [one], name=name) == ["medium"]


@pytest.mark.parametrize(
    ("one", "name", "steps"),
    [
        (DAILY, "Offer", [DRIP, sms()]),
        (tagged("old list"), "Offer", [DRIP, sms()]),
        (tagged("vip"), "New listing", [sms()]),
        (tagged("checklist", "important"), "Enlisted", [sms()]),
        (trigger("form_submission"), "List signup", [sms()]),
        (DAILY, "Offer", [step("internal_notification", type="sms")]),
        ({**DAILY, "active": False}, "Offer", [sms()]),
        (DAILY, "Offer", [off(sms())]),
    ],
)
def test_a_drip_a_single_contact_or_no_message_is_fine(one, name, steps):
    assert found(BULK, steps, [one], name=name) == []


def test_a_drip_behind_the_message_is_too_late():
    steps = [sms("Offer", "a", "d"), {**DRIP, "next": "b"}, sms("More", "b")]
    (finding,) = findings(highlevel(steps, [DAILY]), BULK)
    assert finding.node_ids == ("a",)
