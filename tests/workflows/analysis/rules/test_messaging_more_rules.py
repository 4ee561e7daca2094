"""Edge cases of the rules about what messages say, to whom and when."""

import pytest

from apps.workflows.analysis.segments import count_segments
from tests.workflows.analysis.builders import findings, highlevel, n8n


def step(kind, key="a", after=None, **attributes):
    made = {"id": key, "type": kind, "name": f"{kind} {key}", "attributes": attributes}
    return made if after is None else {**made, "next": after}


def sms(body="Acme Dental: see you tomorrow.", key="a", after=None, **more):
    return step("sms", key, after, body=body, **more)


def email(html="<p>Two for one.</p>", subject="Spring offer", key="a", after=None, **more):
    return step("email", key, after, subject=subject, html=html, **more)


def wait(key, after, value=1, unit="days", **more):
    return step("wait", key, after, type="time", startAfter={"type": unit, "value": value}, **more)


def trigger(kind, *conditions, key="t1", active=True):
    made = {"id": key, "type": kind, "name": kind, "active": active}
    return {**made, "conditions": list(conditions)}


def condition(field, value, operator="=="):
    return {"field": field, "operator": operator, "value": value}


def off(made):
    return {**made, "advanceCanvasMeta": {"isDisabled": True}}


def asks(key, target, **test):
    """An if/else of one branch."""
    branches = [{"id": f"{key}-y", "segments": [{"conditions": [test]}]}]
    container = step("if_else", key, [f"{key}-y"], branches=branches)
    marker = {**step("if_else", f"{key}-y", target, **{"if": False}), "nodeType": "branch-yes"}
    return [{**container, "nodeType": "condition-node"}, marker]


def found(rule_id, steps, triggers=None, **doc):
    return [each.severity.value for each in findings(highlevel(steps, triggers, **doc), rule_id)]


# -- wait-too-long -------------------------------------------------------------------------

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


# -- dnd-reenabled -------------------------------------------------------------------------

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


# -- carrier-filtered-content --------------------------------------------------------------

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


# -- sms-segments --------------------------------------------------------------------------

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


# -- merge-field-without-fallback ----------------------------------------------------------

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


# -- single-hardcoded-recipient ------------------------------------------------------------

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


# -- window-in-account-timezone ------------------------------------------------------------

ZONE = "window-in-account-timezone"
HOURS = {"condition": "when", "start": "09:00", "end": "17:00"}


def test_a_window_on_workflow_or_wait_by_the_account_s_clock_is_reported():
    assert found(ZONE, [sms()], timezone="account", window=HOURS) == ["low"]
    steps = [wait("w", "a", window=HOURS), sms()]
    assert found(ZONE, steps, timezone="account") == ["low"]


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


# -- stop-on-response-off ------------------------------------------------------------------

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


# -- review-request-unconditional ----------------------------------------------------------

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


# -- opt-out, sender, unsubscribe ----------------------------------------------------------

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


# -- bulk-send-without-drip ----------------------------------------------------------------

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
