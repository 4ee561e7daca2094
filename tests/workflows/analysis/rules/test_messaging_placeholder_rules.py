"""Edge cases of the rules about waits, empty messages, recipients and merge fields."""

import pytest

from apps.workflows.inspection import inspect_document
from tests.workflows.analysis.builders import findings, highlevel, n8n
from tests.workflows.analysis.rules.messaging_first_rules_parts import (
    FIELD,
    off,
    sms,
    step,
)


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
