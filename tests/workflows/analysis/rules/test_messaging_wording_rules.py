"""Edge cases of the rules about what messages say, to whom and when."""

import pytest

from apps.workflows.analysis.facts.segments import count_segments
from tests.workflows.analysis.builders import findings, highlevel, n8n
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

LONG = "wait-too-long"


def n8n_wait(**parameters):
    node = {"id": "1", "name": "Wait", "type": "n8n-nodes-base.wait", "typeVersion": 1.1}
    return n8n([{**node, "position": [0, 0], "parameters": parameters}], {})


def test_a_wait_of_more_than_a_year_is_reported():
    assert found(LONG, [wait("a", None, 366)]) == ["medium"]
    assert found(LONG, [wait("a", None, "13", "months")]) == ["medium"]
    assert len(findings(n8n_wait(amount=400, unit="days"), LONG)) == 1


@pytest.mark.parametrize(
    "document",
    [
        highlevel([wait("a", None, 365)]),
        highlevel([wait("a", None, 12, "months")]),
        highlevel([step("wait", type="reply")]),
        highlevel([wait("a", None, "{{contact.days}}")]),
        highlevel([off(wait("a", None, 999))]),
        n8n_wait(amount=365, unit="days"),
        n8n_wait(amount="={{ $json.days }}", unit="days"),
        n8n_wait(resume="webhook"),
        n8n_wait(amount=[], unit={}),
    ],
)
def test_a_year_or_an_unknown_length_is_fine(document):
    assert findings(document, LONG) == []


DND = "dnd-reenabled"


AGAIN = step("dnd_contact", dnd_contact="disable")


TERMS = trigger("form_submission", condition("formData.termsAndConditions", "true"))


START = trigger("customer_reply", condition("message.body", "START", "contains"))


@pytest.mark.parametrize(
    "one",
    [AGAIN, step("dnd_contact", dnd_contact="disable_specific", specific_channels=["SMS"])],
)
def test_switching_do_not_disturb_off_is_reported(one):
    assert found(DND, [one], [trigger("contact_tag")]) == ["high"]
    assert found(DND, [one], []) == ["high"]


@pytest.mark.parametrize(
    ("steps", "triggers"),
    [
        ([AGAIN], [TERMS]),
        ([AGAIN], [START]),
        ([AGAIN], [TERMS, {**START, "id": "t2"}]),
        ([step("dnd_contact", dnd_contact="enable")], [trigger("contact_tag")]),
        ([step("dnd_contact", dnd_contact=["disable"])], [trigger("contact_tag")]),
        ([off(AGAIN)], [trigger("contact_tag")]),
        ([*asks("i", "a", conditionValue="START"), AGAIN], [trigger("customer_reply")]),
        ([AGAIN], None),
    ],
)
def test_after_an_explicit_opt_in_it_is_fine(steps, triggers):
    assert found(DND, steps, triggers) == []


def test_one_start_without_consent_is_enough():
    assert found(DND, [AGAIN], [TERMS, trigger("contact_tag", key="t2")]) == ["high"]
    assert found(DND, [AGAIN], [trigger("form_submission", condition("form.id", "x"))]) == ["high"]


CARRIER = "carrier-filtered-content"


@pytest.mark.parametrize(
    "body",
    [
        "Book: https://bit.ly/3xYzAb",
        "Book: bit.ly/abc",
        "Book: HTTP://WWW.TINYURL.COM/abc",
        "Our CBD oil is back",
        "Visit our casino night",
        "Debt relief for everybody",
    ],
)
def test_short_links_and_restricted_topics_are_reported(body):
    assert found(CARRIER, [sms(body)]) == ["medium"]


@pytest.mark.parametrize(
    "one",
    [
        sms("Book: https://acme-dental.com/bit.ly"),
        sms("Book: https://habit.ly/abc and https://xbit.ly.acme.com/a"),
        sms("Write to me@bit.ly/abc"),
        sms("Vaporise stains, occasion, THCX"),
        sms("At.co/mpany"),
        email("<a href='https://bit.ly/abc'>CBD</a>"),
        step("internal_notification", type="sms", sms={"body": "bit.ly/abc", "userType": "all"}),
        sms(body=None),
        sms(body={"x": "bit.ly/abc"}),
        off(sms("bit.ly/abc")),
    ],
)
def test_look_alikes_and_other_channels_are_fine(one):
    assert found(CARRIER, [one]) == []


COST = "sms-segments"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("a" * 152 + "€" + "a" * 152, 3),
        ("ж" * 70, 1),
        ("ж" * 71, 2),
        ("ж" * 134, 2),
        ("ж" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("😀" * 67, 3),
        ("a" * 69 + "’", 1),
        ("a" * 70 + "’", 2),
    ],
)
def test_segments_are_counted_as_carriers_do(text, count):
    assert count_segments(text) == count


@pytest.mark.parametrize("body", ["a" * 307, "ж" * 135, "a" * 134 + "’", "[" * 154, "😀" * 67])
def test_three_segments_are_reported(body):
    assert found(COST, [sms(body)]) == ["low"]


@pytest.mark.parametrize(
    "one",
    [
        sms("a" * 306),
        sms("ж" * 134),
        sms("a" * 306 + "{{contact.first_name}}{{custom_values.link}}"),
        sms("a" * 400, attachments=["https://files.acme-dental.com/a.png"]),
        email("a" * 400),
        sms(["a" * 400]),
        off(sms("a" * 400)),
    ],
)
def test_two_segments_fields_and_pictures_are_fine(one):
    assert found(COST, [one]) == []


HOLE = "merge-field-without-fallback"


HI = "Hi {{contact.first_name}}, your quote is ready."


def test_greetings_are_one_finding_and_subjects_another():
    steps = [sms(HI, "a", "b"), sms(HI, "b", "c"), email(HI, "Hello", "c", "d")]
    steps.append(email("x", "{{ contact.name }}, one more thing", "d"))
    assert sorted(found(HOLE, steps)) == ["low", "medium"]


@pytest.mark.parametrize(
    "steps",
    [
        [sms('Hi {{default contact.first_name "there"}}')],
        [sms("Hi there")],
        [sms("Your address: {{contact.address1}}, {{user.name}}")],
        [*asks("i", "a", conditionSubType="first_name", conditionOperator="has_value"), sms(HI)],
        [step("internal_notification", type="sms", sms={"body": HI, "userType": "all"})],
        [sms({"x": HI})],
        [off(sms(HI))],
    ],
)
def test_defaults_and_guarded_paths_are_fine(steps):
    assert found(HOLE, steps) == []


SINGLE = "single-hardcoded-recipient"


def notice(**inner):
    return step("internal_notification", type="email", email={"subject": "x", **inner})


def mail_node(name, **parameters):
    node = {"id": "1", "name": name, "type": "n8n-nodes-base.emailSend", "typeVersion": 2.1}
    return n8n([{**node, "position": [0, 0], "parameters": parameters}], {})


def test_alerts_to_one_literal_address_are_reported():
    assert found(SINGLE, [notice(userType="custom_email", to="jane@acme.com")]) == ["low"]
    assert len(findings(mail_node("Error alert", toEmail="jane@acme.com"), SINGLE)) == 1
    assert len(findings(mail_node("Send", toEmail="a@acme.com", subject="Alert: x"), SINGLE)) == 1


@pytest.mark.parametrize(
    "document",
    [
        highlevel([notice(userType="custom_email", to="jane@acme.com, joe@acme.com")]),
        highlevel([notice(userType="custom_email", to="{{user.email}}")]),
        highlevel([notice(userType="custom_email", to=["a@acme.com", "b@acme.com"])]),
        highlevel([notice(userType="assign")]),
        highlevel([notice(userType="user", selectedUser="u1")]),
        highlevel([notice(userType="custom_email", to=5)]),
        mail_node("Error alert", toEmail="={{ $json.owner }}"),
        mail_node("Error alert", toEmail="a@acme.com, b@acme.com"),
        mail_node("Monthly letter", toEmail="jane@acme.com", subject="News"),
        mail_node("Error alert", toEmail="you@example.com"),
    ],
)
def test_several_recipients_and_ordinary_letters_are_fine(document):
    assert findings(document, SINGLE) == []


def test_a_window_on_workflow_or_wait_by_the_account_s_clock_is_reported():
    assert found(ZONE, [sms()], timezone="account", window=HOURS) == ["low"]
    steps = [wait("w", "a", window=HOURS), sms()]
    assert found(ZONE, steps, timezone="account") == ["low"]
