"""Edge cases of the rules about waits, empty messages, recipients and merge fields."""

import pytest

from apps.workflows.inspection import inspect_document
from tests.workflows.analysis.builders import findings, highlevel, n8n


def step(kind, key="a", after=None, **attributes):
    made = {"id": key, "type": kind, "name": f"{kind} {key}", "attributes": attributes}
    return made if after is None else {**made, "next": after}


def sms(key="a", after=None, body="See you tomorrow.", **more):
    return step("sms", key, after, body=body, **more)


def wait(key, after, value=1, unit="days", **more):
    return step("wait", key, after, type="time", startAfter={"type": unit, "value": value}, **more)


def off(made):
    return {**made, "advanceCanvasMeta": {"isDisabled": True}}


# -- wait-without-timeout ------------------------------------------------------------------

ENDLESS = "wait-without-timeout"


@pytest.mark.parametrize("kind", ["reply", "link_clicked", "email_event", "condition"])
def test_a_wait_for_an_event_without_a_timeout_is_reported(kind):
    assert len(findings(highlevel([step("wait", type=kind)]), ENDLESS)) == 1


def test_a_timeout_that_was_switched_off_again_does_not_count():
    late = {"id": "x", "condition": "timeout", "attributes": {"type": "wait_timeout"}}
    one = step("wait", type="reply", convertToMultipath=False, transitions=[late])
    assert len(findings(highlevel([one]), ENDLESS)) == 1


@pytest.mark.parametrize(
    "one",
    [
        step("wait", type="time", startAfter={"type": "days", "value": 1}),
        step("wait", type="time"),
        step("wait", type="appointment", appointmentStartAfter={"type": "hours", "value": 2}),
        step("wait", type="something_new"),
        step("wait", type=7),
        off(step("wait", type="reply")),
        step(
            "wait",
            type="reply",
            convertToMultipath=True,
            transitions=[{"id": "x", "condition": "timeout"}],
        ),
    ],
)
def test_waits_that_end_by_themselves_are_fine(one):
    assert findings(highlevel([one]), ENDLESS) == []


# -- wait-without-duration -----------------------------------------------------------------

NO_LENGTH = "wait-without-duration"


@pytest.mark.parametrize(
    "start",
    [
        {},
        None,
        {"type": "days"},
        {"value": 3},
        {"type": "days", "value": 0},
        {"type": "days", "value": ""},
        {"type": "days", "value": None},
        5,
        [],
        {"type": [], "value": {}},
    ],
)
def test_a_wait_of_no_length_is_reported(start):
    one = step("wait", type="time", startAfter=start)
    assert len(findings(highlevel([one]), NO_LENGTH)) == 1


def test_a_wait_that_was_never_filled_in_is_reported():
    assert len(findings(highlevel([step("wait")]), NO_LENGTH)) == 1


@pytest.mark.parametrize(
    "one",
    [
        wait("a", None),
        wait("a", None, "3", "hour"),
        wait("a", None, 1, "minutes"),
        wait("a", None, "{{custom_values.days}}"),
        step("wait", type="reply"),
        step("wait", type="appointment"),
        wait("a", None, 0, window={"condition": "exact", "start": "09:00"}),
        wait("a", None, 0, window={"start": "09:00", "end": "17:00", "days": [1, 2]}),
        off(step("wait", type="time")),
        sms(),
    ],
)
def test_waits_with_a_length_or_another_end_are_fine(one):
    assert findings(highlevel([one]), NO_LENGTH) == []


# -- messages-without-wait -----------------------------------------------------------------

AT_ONCE = "messages-without-wait"


def branch(key, *targets):
    branches = [{"id": target, "name": target} for target in targets]
    return {**step("if_else", key, list(targets), branches=branches), "nodeType": "condition-node"}


def marker(key, after):
    return {**step("if_else", key, after, **{"if": False}), "nodeType": "branch-yes"}


def test_two_texts_in_a_row_are_reported_with_the_way_between_them():
    steps = [sms("a", "t"), step("add_contact_tag", "t", "b", tags=["x"]), sms("b")]
    (finding,) = findings(highlevel(steps), AT_ONCE)
    assert finding.node_ids == ("a", "b")
    assert finding.path == ("a", "t", "b")


def test_three_in_a_row_are_one_finding():
    (finding,) = findings(highlevel([sms("a", "b"), sms("b", "c"), sms("c")]), AT_ONCE)
    assert finding.node_ids == ("a", "b", "c")


def test_a_wait_of_zero_holds_nothing_apart():
    assert len(findings(highlevel([sms("a", "w"), wait("w", "b", 0), sms("b")]), AT_ONCE)) == 1


def test_a_wait_that_is_switched_off_holds_nothing_apart():
    steps = [sms("a", "w"), off(wait("w", "b")), sms("b")]
    assert len(findings(highlevel(steps), AT_ONCE)) == 1


def test_only_the_branch_without_a_wait_is_the_witness():
    steps = [sms("a", "i"), branch("i", "x", "y"), marker("x", "w"), wait("w", "b")]
    steps += [marker("y", "t"), step("add_contact_tag", "t", "g", tags=["x"])]
    steps += [{**step("goto", "g"), "attributes": {"targetNodeId": "b"}}, sms("b")]
    (finding,) = findings(highlevel(steps), AT_ONCE)
    assert finding.path == ("a", "i", "y", "t", "g", "b")


def test_texts_on_different_branches_are_never_both_sent():
    steps = [branch("i", "x", "y"), marker("x", "a"), marker("y", "b"), sms("a"), sms("b")]
    assert findings(highlevel(steps), AT_ONCE) == []


def test_a_loop_back_to_the_same_text_is_another_rule_s_matter():
    steps = [sms("a", "g"), {**step("goto", "g"), "attributes": {"targetNodeId": "a"}}]
    assert findings(highlevel(steps), AT_ONCE) == []


def test_a_loop_over_two_texts_is_one_finding():
    steps = [sms("a", "b"), sms("b", "g")]
    steps.append({**step("goto", "g"), "attributes": {"targetNodeId": "a"}})
    (finding,) = findings(highlevel(steps), AT_ONCE)
    assert finding.node_ids == ("a", "b")


@pytest.mark.parametrize(
    "between",
    [
        wait("m", "b"),
        wait("m", "b", 1, "minutes"),
        step("wait", "m", "b", type="reply"),
        step("wait", "m", "b", type="appointment"),
        step("drip", "m", "b", batchSize=10, interval={"timeUnit": "hours", "value": 1}),
        step("conversationai_objective", "m", "b", objective="Ask"),
        step("conversationai_custom_message", "m", "b", message="Hi?", waitForReply=True),
        step("workflow_goal", "m", "b", action="wait", segments=[]),
        step("a_step_nobody_knows", "m", "b"),
        step("call", "m", "b", timeout=60),
    ],
)
def test_whatever_holds_the_contact_keeps_texts_apart(between):
    assert findings(highlevel([sms("a", "m"), between, sms("b")]), AT_ONCE) == []


@pytest.mark.parametrize(
    "second",
    [
        step("email", "b", subject="x", html="y"),
        step("internal_notification", "b", type="sms", sms={"body": "x", "userType": "all"}),
        step("manual-sms", "b", body="x"),
        step("call", "b"),
        off(sms("b")),
    ],
)
def test_another_channel_or_the_team_is_no_second_text(second):
    assert findings(highlevel([sms("a", "b"), second]), AT_ONCE) == []


def test_a_long_chain_is_searched_in_one_go():
    steps = [sms(f"s{n:05}", f"s{n + 1:05}") for n in range(4000)]
    (finding,) = findings(highlevel(steps), AT_ONCE)
    assert len(finding.node_ids) == 4000


# -- empty-message -------------------------------------------------------------------------

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


# -- notification-without-recipient --------------------------------------------------------

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


# -- unknown-merge-field -------------------------------------------------------------------

FIELD = "unknown-merge-field"


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


def test_a_token_repeated_in_one_step_is_one_finding():
    assert len(findings(highlevel([sms(body="{{a.b}} {{a.b}} {{ a.b}}")]), FIELD)) == 1


def test_code_may_use_braces_for_its_own_ends():
    one = step("custom_code", code="return `{{row.name}}`", inputData={"id": "{{contact.id}}"})
    assert findings(highlevel([one]), FIELD) == []


def reason(document):
    (item,) = inspect_document(document)
    assert item.analysis is not None
    return [each.reason for each in item.analysis.not_checked if each.rule_id == FIELD]


def test_fields_of_the_account_s_own_cannot_be_checked_without_its_lists():
    assert reason(highlevel([sms(body="{{contact.favourite_colour}}")]))
    assert reason(highlevel([sms(body="{{custom_values.adress}}")]))
    assert reason(highlevel([sms(body="{{contact.first_name}}")])) == []


def test_a_field_that_cannot_be_checked_hides_no_wrong_one():
    steps = [sms("a", "b", "{{contact.favourite_colour}}"), sms("b", None, "{{lead.name}}")]
    (finding,) = findings(highlevel(steps), FIELD)
    assert finding.node_ids == ("b",)


# -- placeholder-text ----------------------------------------------------------------------

STAND_IN = "placeholder-text"


def call(url="https://api.acme-tools.com/v1", **params):
    node = {"id": "1", "name": "Call", "type": "n8n-nodes-base.httpRequest", "typeVersion": 4.2}
    return {**node, "position": [0, 0], "parameters": {"url": url, **params}}


@pytest.mark.parametrize(
    "text",
    [
        "Lorem ipsum dolor sit amet",
        "Hi [Name], see you soon",
        "Hi [FIRST NAME]",
        "Hi [first_name]!",
        "Regards, [Your Company]",
        "Call [insert number here]",
        "Book at https://example.com/book",
        "Write to hello@example.org",
        "Use code YOUR_CODE_HERE",
        "TODO: write this text",
        "TODO",
        "Hello (TODO add offer)",
    ],
)
def test_a_text_that_was_never_finished_is_reported(text):
    assert len(findings(highlevel([sms(body=text)]), STAND_IN)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "[Acme Support] We got your request",
        "[URGENT] Please call back",
        "[1] first, [2] second",
        "Hi {{contact.first_name}}",
        "See [Name](https://acme-dental.com) or [name][1]",
        "items[name] and a[href]",
        "Your name here matters to us, your_name too",
        "Our TODO list app is out",
        "¡TODO INCLUIDO! Reserva ya",
        "TODOS los días",
        "See myexample.com and example.community",
        "An example: book before 5pm",
        "It is YOUR DAY",
        "Visit yourtravelagency.com",
    ],
)
def test_real_words_in_brackets_and_look_alikes_are_fine(text):
    assert findings(highlevel([sms(body=text)]), STAND_IN) == []


@pytest.mark.parametrize(
    "one",
    [
        step("add_notes", html="TODO: ask for [Name], see example.com"),
        step("task-notification", title="TODO: call the client", assignedTo="u1"),
        step("chatgpt", promptText="Answer as: Dear [Name], … (see example.com)"),
        step("custom_code", code="const key = 'YOUR_API_KEY'"),
        step("update_contact_field", fields=[{"field": "x", "value": "[Name]"}]),
        off(sms(body="Hi [Name]")),
    ],
)
def test_notes_tasks_prompts_and_code_are_not_sent(one):
    assert findings(highlevel([one]), STAND_IN) == []


@pytest.mark.parametrize(
    "node",
    [
        call("https://example.com/hook"),
        call("https://api.example.com/hook"),
        call("https://your-domain.com/wp-json"),
        call(headerParameters={"parameters": [{"name": "x-key", "value": "YOUR_API_KEY"}]}),
        call(jsonBody='={"id": "YOUR-ACCOUNT-ID", "name": "{{ $json.name }}"}'),
    ],
)
def test_a_call_with_a_placeholder_is_reported_where_it_is_made(node):
    (finding,) = findings(n8n([node], {}), STAND_IN)
    assert finding.severity == "high"
    assert findings(n8n([node], {}, active=False), STAND_IN)[0].severity == "medium"


@pytest.mark.parametrize(
    "node",
    [
        call(),
        call("https://example.company.io/hook"),
        call(jsonBody='={"names": [name], "list": ["[Name]"]}'),
        call(jsonBody="={{ $json['YOUR_FIELD'] }}"),
        call(jsonBody="={{ $json['your-name'] }}"),
        {
            "id": "1",
            "name": "Note",
            "type": "n8n-nodes-base.stickyNote",
            "typeVersion": 1,
            "position": [0, 0],
            "parameters": {"content": "Replace YOUR_API_KEY, e.g. [Name] at example.com"},
        },
        {
            "id": "1",
            "name": "Sample",
            "type": "n8n-nodes-base.set",
            "typeVersion": 3.4,
            "position": [0, 0],
            "parameters": {"value": "ada@example.com"},
        },
        call(url=5, jsonBody={"a": [None, 3]}),
    ],
)
def test_notes_sample_data_and_arrays_are_fine(node):
    assert findings(n8n([node], {}), STAND_IN) == []
