"""Edge cases of rules that read one of the account's lists: values, numbers, domains, figures."""

import pytest

from tests.workflows.analysis.agency import (
    agency,
    flow,
    made,
    reasons,
    reported,
    step,
    text_message,
    workflow,
)


def bundle(*steps, **lists):
    return {"workflows": [flow("A", "Flow", list(steps), [])], **lists}


def sms(body="Hi", key="x", **more):
    return made("sms", key, "Text", body=body, **more)


def mail(key="x", **more):
    return made("email", key, "Mail", subject="Hi", html="<p>Hello</p>", **more)


# -- blank-custom-value --------------------------------------------------------------------

BLANK = "blank-custom-value"


def value_list(value, **more):
    entry = {"id": "cv1", "name": "Map link", "fieldKey": "{{ custom_values.map_link }}"}
    return [{**entry, "value": value, **more}]


@pytest.mark.parametrize(
    "value",
    ["", "   ", "\n", None, "TBD", "[Insert link here]", "Insert your link", "YOUR_LINK_HERE",
     "https://", "Lorem ipsum", "TODO: link", "https://example.com/map", "Your business name"],
)  # fmt: skip
def test_a_blank_value_or_a_placeholder_is_reported_where_it_is_used(value):
    document = bundle(sms("Here: {{custom_values.map_link}}"), customValues=value_list(value))
    (hit,) = reported(document, BLANK)["A"]
    assert (hit.severity, hit.confidence) == ("high", "certain")
    assert hit.node_ids == ("x",)
    assert "“Map link”" in hit.message


@pytest.mark.parametrize(
    "body",
    ["{{ custom_values.map_link }}", "{{custom_values.map_link }}", "{{custom_values.map_link}}"],
)
def test_blanks_in_the_token_do_not_matter(body):
    assert reported(bundle(sms(body), customValues=value_list("")), BLANK)


def test_one_blank_value_in_several_steps_is_one_finding():
    steps = [
        {**sms("{{custom_values.map_link}}"), "next": "y"},
        mail("y", preHeader="{{custom_values.map_link}}"),
    ]
    (hit,) = reported(bundle(*steps, customValues=value_list("")), BLANK)["A"]
    assert hit.node_ids == ("x", "y")


def test_a_value_is_found_by_its_name_where_the_key_is_missing():
    listed = [{"id": "cv1", "name": "Map Link", "value": ""}]
    assert reported(bundle(sms("{{custom_values.map_link}}"), customValues=listed), BLANK)


@pytest.mark.parametrize(
    ("body", "listed"),
    [
        ("{{custom_values.map_link}}", value_list("https://maps.app/harbour")),
        ("{{custom_values.map_link}}", value_list("Test drive")),
        ("{{custom_values.map_link}}", value_list("Your smile is our passion")),
        ("{{custom_values.map_link}}", value_list("Hauptstraße 5 [rear building]")),
        ("{{custom_values.map_link}}", value_list(0)),
        ("{{custom_values.map_link}}", value_list({"url": "x"})),
        ("{{custom_values.map_link}}", [{"id": "cv1", "fieldKey": "custom_values.map_link"}]),
        ("{{custom_values.other}}", value_list("")),
        ("No field here", value_list("")),
        ("custom_values.map_link without braces", value_list("")),
        ('{{default custom_values.map_link "the front desk"}}', value_list("")),
        ("{{contact.first_name}}", value_list("")),
    ],
)
def test_values_that_say_something_or_are_not_used_are_fine(body, listed):
    assert reported(bundle(sms(body), customValues=listed), BLANK) == {}


def test_a_step_that_is_switched_off_uses_no_value():
    off = {**sms("{{custom_values.map_link}}"), "disabled": True}
    assert reported(bundle(off, customValues=value_list("")), BLANK) == {}


def test_without_the_list_of_values_it_is_left_open_only_where_it_matters():
    assert reasons(bundle(sms("{{custom_values.map_link}}"), tags=[]), BLANK) == {
        "no custom values list in the file"
    }
    assert reasons(bundle(sms("Hi"), tags=[]), BLANK) == set()
    assert reasons(flow("A", "Alone", [sms("{{custom_values.x}}")], []), BLANK) == {
        "no account lists"
    }


def test_a_value_emptied_in_the_agency_shows_in_every_workflow_that_uses_it():
    document = agency()
    assert reported(document, BLANK) == {}
    document["customValues"][0]["value"] = ""
    found = reported(document, BLANK)
    assert len(found) == 8
    assert all(key.endswith(("-nurture", "-noshow")) for key in found)


# -- no-sms-number -------------------------------------------------------------------------

NUMBER = "no-sms-number"
ABLE = [{"number": "+49 30 1234567", "sms": True}]


@pytest.mark.parametrize(
    "numbers",
    [
        [],
        [{"number": "+49301234567", "sms": False}],
        [{"number": "1", "capabilities": {"SMS": False}}],
    ],
)
def test_texts_without_a_number_that_can_text_are_one_finding(numbers):
    steps = [{**sms(), "next": "y"}, made("review_request", "y", "Review", review_type="sms")]
    (hit,) = reported(bundle(*steps, phoneNumbers=numbers), NUMBER)["A"]
    assert (hit.severity, hit.confidence) == ("high", "certain")
    assert hit.node_ids == ("x", "y")


@pytest.mark.parametrize(
    "key", ["fromNumber", "from_number", "from", "phoneNumber", "from_phone_number"]
)
def test_a_number_of_the_step_that_the_account_does_not_have_is_reported(key):
    (hit,) = reported(bundle(sms(**{key: "+1 (555) 010-2000"}), phoneNumbers=ABLE), NUMBER)["A"]
    assert "+1 (555) 010-2000" in hit.message


def test_a_number_of_the_step_that_cannot_text_is_reported():
    numbers = [*ABLE, {"number": "+4930765432", "sms": False}]
    assert reported(bundle(sms(fromNumber="+4930765432"), phoneNumbers=numbers), NUMBER)


@pytest.mark.parametrize(
    ("one", "numbers"),
    [
        (sms(), ABLE),
        (sms(), [{"number": "+49301234567"}]),
        (sms(), ["+49301234567"]),
        (sms(), [{"phoneNumber": "+49301234567", "capabilities": {"sms": True}}]),
        (sms(fromNumber="+49301234567"), ABLE),
        (sms(fromNumber="0049 (30) 123-4567"), ABLE),
        (sms(fromNumber="030 1234567"), ABLE),
        (sms(fromNumber=""), ABLE),
        (sms(fromNumber="{{location.phone}}"), ABLE),
        (sms(fromNumber="numIdAbc123"), ABLE),
        (sms(fromNumber="+15550102000"), [{"sms": True}]),
        (mail(), []),
        (made("internal_notification", "x", "Tell", type="sms", sms={"userType": "all"}), []),
        (made("manual-sms", "x", "By hand", body="Hi"), []),
        (made("whatsapp_v2", "x", "WhatsApp", template_id="t"), []),
        ({**sms(), "disabled": True}, []),
    ],
)
def test_numbers_that_can_text_and_steps_that_do_not_are_fine(one, numbers):
    assert reported(bundle(one, phoneNumbers=numbers), NUMBER) == {}


def test_without_the_list_of_numbers_it_is_left_open_only_where_it_matters():
    assert reasons(bundle(sms(), tags=[]), NUMBER) == {"no phone numbers list in the file"}
    assert reasons(bundle(mail(), tags=[]), NUMBER) == set()


# -- unverified-email-domain ---------------------------------------------------------------

DOMAIN = "unverified-email-domain"


@pytest.mark.parametrize(
    "domains",
    [
        [],
        [{"domain": "mail.harbour.de", "verified": False}],
        [{"domain": "mail.harbour.de", "status": "pending"}],
        [{"domain": "a.de", "verified": False}, {"domain": "b.de", "verified": None}],
    ],
)
def test_mails_without_a_verified_domain_are_one_finding(domains):
    steps = [{**mail(), "next": "y"}, mail("y")]
    (hit,) = reported(bundle(*steps, emailDomains=domains), DOMAIN)["A"]
    assert (hit.severity, hit.confidence) == ("high", "certain")
    assert hit.node_ids == ("x", "y")


@pytest.mark.parametrize(
    ("one", "domains"),
    [
        (mail(), [{"domain": "a.de", "verified": True}]),
        (mail(), [{"domain": "a.de", "verified": False}, {"domain": "b.de", "verified": True}]),
        (mail(), [{"domain": "a.de", "status": "Verified"}]),
        (mail(), [{"domain": "a.de"}]),
        (mail(), ["a.de"]),
        (sms(), []),
        (made("internal_notification", "x", "Tell", type="email", email={"userType": "all"}), []),
        ({**mail(), "disabled": True}, []),
    ],
)
def test_verified_domains_and_steps_that_send_no_mail_are_fine(one, domains):
    assert reported(bundle(one, emailDomains=domains), DOMAIN) == {}


def test_without_the_list_of_domains_it_is_left_open_only_where_it_matters():
    assert reasons(bundle(mail(), tags=[]), DOMAIN) == {"no e-mail domains list in the file"}
    assert reasons(bundle(sms(), tags=[]), DOMAIN) == set()


# -- never-enrolled ------------------------------------------------------------------------

NEVER = "never-enrolled"


@pytest.mark.parametrize(
    "stats", [{"A": {"enrollments": 0}}, {"A": 0}, [{"id": "A", "enrollments": "0"}]]
)
def test_a_live_workflow_that_nobody_entered_is_reported(stats):
    (hit,) = reported(bundle(sms(), stats=stats), NEVER)["A"]
    assert (hit.severity, hit.confidence) == ("low", "certain")
    assert hit.node_ids == ("x",)


@pytest.mark.parametrize(
    ("stats", "status"),
    [
        ({"A": {"enrollments": 1}}, "published"),
        ({"A": {"enrollments": 0}}, "draft"),
        ({"A": {"enrollments": 0}}, None),
        ({"B": {"enrollments": 0}}, "published"),
        ({"A": {"clicks": 0}}, "published"),
        ({"A": {"enrollments": None}}, "published"),
        ([], "published"),
    ],
)
def test_entered_and_inactive_workflows_and_unknown_figures_are_fine(stats, status):
    document = bundle(sms(), stats=stats)
    document["workflows"][0]["status"] = status
    assert reported(document, NEVER) == {}


def test_figures_that_are_not_known_leave_it_open():
    assert reasons(bundle(sms(), tags=[]), NEVER) == {"no statistics list in the file"}
    other = {"B": {"enrollments": 3}}
    assert reasons(bundle(sms(), stats=other), NEVER) == {
        "no statistics of this workflow in the file"
    }


# -- the agency, and anything ----------------------------------------------------------------


def test_lists_of_the_agency_tell_one_fault_each():
    document = agency()
    for rule_id in (NUMBER, DOMAIN, NEVER):
        assert reported(document, rule_id) == {}
    document["phoneNumbers"][0]["sms"] = False
    document["emailDomains"][0]["verified"] = False
    document["stats"]["wf-aligners-lost"]["enrollments"] = 0
    assert len(reported(document, NUMBER)) == 16
    assert len(reported(document, DOMAIN)) == 8
    assert set(reported(document, NEVER)) == {"wf-aligners-lost"}
    workflow(document, "wf-aligners-nurture")["status"] = "draft"
    step(document, "wf-aligners-nurture", "b6").update(text_message("b6", "x", "y"))
    assert len(reported(document, NUMBER)) == 16


@pytest.mark.parametrize(
    "value", [None, 7, True, 1.5, "x", [], {}, [None, {"a": 1}], {"value": {}}]
)
def test_wrong_typed_lists_and_parameters_never_fail(value):
    one = {**sms(value, fromNumber=value), "next": "y"}
    names = ("customValues", "phoneNumbers", "emailDomains", "stats", "pipelines", "users")
    keys = ("id", "value", "name", "number", "sms", "verified", "stages", "enrollments")
    entry = dict.fromkeys(keys, value)
    for lists in (dict.fromkeys(names, each) for each in (value, [value], [entry])):
        for rule_id in (BLANK, NUMBER, DOMAIN, NEVER):
            reported(bundle(one, mail("y", template_id=value), tags=[], **lists), rule_id)
