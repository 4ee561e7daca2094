"""Edge cases of sms-without-consent: what counts as advertising, and as having agreed."""

import pytest

from tests.workflows.analysis.builders import findings, highlevel

RULE = "sms-without-consent"
SALE = "Spring sale: 20% off until Sunday!"


def text(body, **more):
    return {"id": "s1", "type": "sms", "name": "Text", "attributes": {"body": body}, **more}


def tagged(value="cold leads", kind="contact_tag"):
    return {
        "id": "t1", "type": kind, "name": "Start", "active": True,
        "conditions": [{"field": "tagsAdded", "operator": "index-of-true", "value": value}],
    }  # fmt: skip


@pytest.mark.parametrize("body", [SALE, "Last chance: book now", "Save $50 this week only"])
def test_advertising_to_contacts_who_never_agreed_is_reported(body):
    [finding] = findings(highlevel([text(body)], [tagged()]), RULE)
    assert finding.severity == "low"
    assert finding.node_ids == ("s1",)


@pytest.mark.parametrize(
    "body", ["Your table is ready.", "Thanks for your call, we ring back at 5.", "", None, 5, []]
)
def test_texts_that_do_not_advertise_are_fine(body):
    assert findings(highlevel([text(body)], [tagged()]), RULE) == []


@pytest.mark.parametrize(
    "kind", ["form_submission", "survey_submission", "quiz_submitted", "customer_reply"]
)
def test_forms_surveys_and_replies_count_as_having_agreed(kind):
    assert findings(highlevel([text(SALE)], [tagged(kind=kind)]), RULE) == []


@pytest.mark.parametrize("tag", ["sms opt-in", "Consent given", "newsletter", "opted_in"])
def test_a_trigger_on_a_tag_of_consent_is_fine(tag):
    assert findings(highlevel([text(SALE)], [tagged(tag)]), RULE) == []


def test_a_condition_on_consent_is_fine():
    branch = {
        "id": "if", "type": "if_else", "name": "Agreed?", "nodeType": "condition-node",
        "next": ["s1"], "attributes": {"if": True, "branches": [{"id": "s1", "segments": [
            {"conditions": [{"conditionType": "contact_detail", "conditionSubType": "tags",
                             "conditionOperator": "index-of-true", "conditionValue": ["opt-in"]}]}
        ]}]},
    }  # fmt: skip
    assert findings(highlevel([branch, text(SALE)], [tagged()]), RULE) == []


def test_without_the_triggers_it_is_not_checked():
    assert findings(highlevel([text(SALE)]), RULE) == []


def test_an_e_mail_is_no_text():
    mail = {
        "id": "m1", "type": "email", "name": "Mail",
        "attributes": {"subject": SALE, "html": f"<p>{SALE}</p>"},
    }  # fmt: skip
    assert findings(highlevel([mail], [tagged()]), RULE) == []
