"""Edge cases of the rules about waits, empty messages, recipients and merge fields."""

import pytest

from tests.workflows.analysis.builders import findings, highlevel
from tests.workflows.analysis.rules.messaging_first_rules_parts import (
    AT_ONCE,
    FIELD,
    off,
    sms,
    step,
)


def test_a_long_chain_is_searched_in_one_go():
    steps = [sms(f"s{n:05}", f"s{n + 1:05}") for n in range(4000)]
    (finding,) = findings(highlevel(steps), AT_ONCE)
    assert len(finding.node_ids) == 4000


EMPTY = "empty-message"


@pytest.mark.parametrize(
    "one",
    [
        step("sms"),
        step("sms", body=""),
        step("sms", body="  \n", attachments=[]),
        step("sms", body=None, attachments=[None, ""]),
        step("sms", body="", template_id=""),
        step("email"),
        step("email", subject="Hello"),
        step("email", subject="", html="<p>Hello</p>"),
        step("email", subject="Hello", html="<br/>"),
        step("email", subject="Hello", html="<style>p {color: red}</style><p>&nbsp;</p>"),
        step("email", subject="Hello", html=[], template_id=None),
    ],
)
def test_messages_with_nothing_in_them_are_reported(one):
    assert len(findings(highlevel([one]), EMPTY)) == 1


@pytest.mark.parametrize(
    "one",
    [
        sms(),
        step("sms", body="", attachments=["https://files.acme-dental.com/map.png"]),
        step("sms", body="", attachments=[{"url": "https://files.acme-dental.com/map.png"}]),
        step("sms", template_id="tpl_1"),
        step("sms", body="{{chatgpt.1.response}}"),
        step("email", subject="Hello", html="<p>Hello</p>"),
        step("email", subject="Hello", html="<img src='https://acme-dental.com/a.png'>"),
        step("email", subject="Hello", body="Hello"),
        step("email", template_id="tpl_1"),
        step("email", subject="", html="", templateId="tpl_1"),
        step("email", _embeddedEmailTemplate={"html": "<p>Hello</p>"}),
        step("review_request", review_type="sms"),
        step("whatsapp_v2", template_id="x"),
        step("voicemail"),
        off(step("sms", body="")),
    ],
)
def test_messages_with_words_pictures_or_a_template_are_fine(one):
    assert findings(highlevel([one]), EMPTY) == []


NOBODY = "notification-without-recipient"


def notice(way="sms", **inner):
    return step("internal_notification", type=way, **{way: {"body": "New lead", **inner}})


@pytest.mark.parametrize(
    "one",
    [
        notice(),
        notice(userType=""),
        notice(userType="user"),
        notice(userType="user", selectedUser=""),
        notice(userType="user", selectedUser=[None, ""]),
        notice("email", userType="custom_email", to=""),
        notice("notification", userType=5, selectedUser=False),
        step("internal_notification"),
        step("internal_notification", type="email"),
        step("internal_notification", type="email", email=[1]),
        step("task-notification", title="Call", assignedTo=""),
        step("task-notification", title="Call"),
        step("assign_user", user_list=[]),
        step("assign_user", user_list=[], customUserList=""),
        step("internal-add-opportunity-owner", user=""),
    ],
)
def test_what_goes_to_nobody_is_reported(one):
    assert len(findings(highlevel([one]), NOBODY)) == 1


@pytest.mark.parametrize(
    "one",
    [
        notice(userType="assign"),
        notice(userType="all"),
        notice(userType="user", selectedUser="u1"),
        notice(userType="user", selectedUser=["u1"]),
        notice("email", userType="custom_email", to="desk@acme-dental.com"),
        notice("a_new_way", userType=""),
        step("task-notification", title="Call", assignedTo="u1"),
        step("task-notification", title="Call", assignedTo=["u1"]),
        step("assign_user", user_list=["u1"]),
        step("assign_user", user_list=[], customUserList="{{opportunity.assignedTo}}"),
        step("internal-add-opportunity-owner", user="u1"),
        step("manual-call"),
        step("slack_message", text="New lead"),
        step("remove_assigned_user"),
        off(notice()),
    ],
)
def test_what_names_somebody_is_fine(one):
    assert findings(highlevel([one]), NOBODY) == []


@pytest.mark.parametrize(
    "token",
    [
        "{{customer.first_name}}",
        "{{contac.first_name}}",
        "{{lead.email}}",
        "{{Contact.first_name}}",
        "{{CONTACT.EMAIL}}",
        "{{contact.First_Name}}",
        "{{contact.first name}}",
        "{{contact .first_name}}",
        "{{contact. first_name}}",
        "{{custom values.link}}",
        "{{customValues.link}}",
        "{{first_name}}",
        '{{default customer.first_name "there"}}',
    ],
)
def test_a_field_that_is_not_known_is_reported(token):
    assert len(findings(highlevel([sms(body=f"Hi {token}!")]), FIELD)) == 1


@pytest.mark.parametrize(
    "token",
    [
        "{{contact.first_name}}",
        "{{ contact.first_name }}",
        "{{contact.first_name\xa0}}",
        '{{default contact.firstname "there"}}',
        "{{contact.a_field_of_ours}}",
        "{{custom_values.booking_link}}",
        "{{user.name}}",
        "{{appointment.start_time}}",
        "{{calendar.name}}",
        "{{opportunity.assignedTo}}",
        "{{location.name}}",
        "{{message.body}}",
        "{{campaign.event_date_time}}",
        "{{invoice.url}}",
        "{{order.total}}",
        "{{right_now.middle_endian_date}}",
        "{{inboundWebhookRequest.user.email}}",
        "{{inboundWebhookRequest.items[0].name}}",
        "{{trigger.name}}",
        "{{workflow.name}}",
        "{{account.name}}",
        "{{company.name}}",
        "{{attribution.source}}",
        "{{chatgpt.1.response}}",
        "{{conversationai_objective.1.result}}",
        "{{some_new_step.2.result}}",
        "{{task.dueDate}}",
        "{{unsubscribe_link}}",
        "{{#if contact.vip}}yes{{else}}no{{/if}}",
        "{{}}",
        "{{ {'a': 1} }}",
        "{{contact.first_name",
    ],
)
def test_fields_of_known_objects_and_step_outputs_are_fine(token):
    assert findings(highlevel([sms(body=f"Hi {token}!")]), FIELD) == []
