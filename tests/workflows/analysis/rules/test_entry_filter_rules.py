"""Edge cases of the rules about triggers, re-entry and webhooks."""

from itertools import pairwise

import pytest

from tests.workflows.analysis.builders import findings, highlevel, n8n
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

VISIT = "appointment-trigger-unfiltered"


@pytest.mark.parametrize(
    ("one", "steps"),
    [
        (trigger("call_status", condition("call_status", "==", "no-answer")), [SMS]),
        (trigger("call_status"), [step("internal_notification", type="sms")]),
        (trigger("call_status"), [off(SMS)]),
        (trigger("call_status"), [step("email", subject="x", html="y")]),
        (trigger("call_status", active=False), [SMS]),
        (trigger("form_submission"), [SMS]),
    ],
)
def test_a_call_trigger_with_status_or_without_texts_is_fine(one, steps):
    assert found(CALL, steps, [one]) == []


def test_a_visit_without_a_status_is_grave_without_a_calendar_only_slight():
    status, calendar = condition("appointment.status"), condition("calendar.id")
    assert found(VISIT, [SMS], [trigger("appointment")]) == ["high"]
    assert found(VISIT, [SMS], [trigger("appointment", calendar)]) == ["high"]
    assert found(VISIT, [SMS], [trigger("appointment", status)]) == ["low"]
    assert found(VISIT, [SMS], [trigger("appointment", status, calendar)]) == []
    assert found(VISIT, [SMS], [trigger("form_submission")]) == []


OLD = "deprecated-trigger"


def node(kind, name="Start", version=1, **parameters):
    made = {"id": name, "name": name, "type": kind, "typeVersion": version, "position": [0, 0]}
    return {**made, "parameters": parameters}


def test_retired_triggers_are_named_with_what_replaces_them():
    assert found(OLD, [SMS], [trigger("customer_appointment")]) == ["low"]
    (finding,) = findings(n8n([node("n8n-nodes-base.cron")], {}), OLD)
    assert "Schedule" in finding.remedy


@pytest.mark.parametrize(
    "document",
    [
        highlevel([SMS], [trigger("appointment")]),
        highlevel([SMS], [trigger("customer_appointment", active=False)]),
        n8n([node("n8n-nodes-base.scheduleTrigger", version=1.2)], {}),
        n8n([node("n8n-nodes-base.function")], {}),
        n8n([node("n8n-nodes-nobody.theirTrigger")], {}),
    ],
)
def test_current_and_unknown_triggers_are_fine(document):
    assert findings(document, OLD) == []


NOBODY = "contactless-trigger-messages-contact"


def test_a_schedule_that_writes_to_nobody_is_one_finding():
    steps = [step("add_contact_tag", "a", "s", tags=["x"]), SMS]
    (finding,) = findings(highlevel(steps, [trigger("scheduler_trigger")]), NOBODY)
    assert finding.node_ids == ("a", "s")
    assert finding.path == ("t1", "a")


@pytest.mark.parametrize(
    ("one", "steps"),
    [
        (trigger("scheduler_trigger"), [step("find_contact", "f", "s"), SMS]),
        (trigger("scheduler_trigger"), [step("create_update_contact", "f", "s"), SMS]),
        (trigger("scheduler_trigger"), [step("internal_notification", type="email")]),
        (trigger("scheduler_trigger"), [step("custom_webhook", url="https://api.acme.io")]),
        (trigger("scheduler_trigger"), [off(SMS)]),
        (trigger("scheduler_trigger", active=False), [SMS]),
        (trigger("birthday_reminder"), [SMS]),
    ],
)
def test_a_contact_found_on_the_way_or_not_needed_is_fine(one, steps):
    assert found(NOBODY, steps, [one]) == []


OPEN = "open-inbound-webhook"


REPEAT = "webhook-without-dedupe"


def wired(*nodes):
    links = {
        one["name"]: {"main": [[{"node": two["name"], "type": "main", "index": 0}]]}
        for one, two in pairwise(nodes)
    }
    return n8n(list(nodes), links)


def hook(**parameters):
    return node("n8n-nodes-base.webhook", "Hook", 2, path="x", **parameters)


SAVE = node("n8n-nodes-base.set", "Save", 3.4)


def test_an_open_webhook_is_high_live_and_less_in_a_draft():
    document = wired(hook(), SAVE)
    assert [each.severity for each in findings(document, OPEN)] == ["high"]
    assert [each.severity for each in findings({**document, "active": False}, OPEN)] == ["medium"]
    assert len(findings(wired(hook(authentication="none"), SAVE), OPEN)) == 1
    assert len(findings(wired(hook(authentication=None, options=3), SAVE), OPEN)) == 1


@pytest.mark.parametrize(
    "document",
    [
        wired(hook(authentication="headerAuth"), SAVE),
        wired(hook(authentication="jwtAuth"), SAVE),
        wired(hook(options={"ipWhitelist": "10.0.0.1"}), SAVE),
        wired(hook(), node("n8n-nodes-base.if", "Check", 2, left="={{ $json.headers.token }}")),
        wired(hook(), node("n8n-nodes-base.code", "Check", 2, jsCode="verifySignature(items)")),
        wired(hook(), node("n8n-nodes-base.crypto", "Check", 1, action="hmac")),
        wired({**hook(), "disabled": True}, SAVE),
        wired(node("n8n-nodes-base.formTrigger", "Form", 2), SAVE),
        wired(node("@n8n/n8n-nodes-langchain.chatTrigger", "Chat", 1.1), SAVE),
    ],
)
def test_a_webhook_that_asks_who_is_there_is_fine(document):
    assert findings(document, OPEN) == []


def test_where_the_file_cannot_show_the_protection_it_is_only_mentioned():
    assert found(OPEN, [SMS], [trigger("inbound_webhook")]) == ["info"]
    assert found(OPEN, [SMS], [trigger("form_submission")]) == []


@pytest.mark.parametrize(
    "maker",
    [
        node("n8n-nodes-base.airtable", "New", 2.1, operation="create"),
        node("n8n-nodes-base.hubspot", "New", 2.1, resource="deal", operation="create"),
        node("n8n-nodes-base.stripe", "New", 1, resource="charge", operation="create"),
        node("n8n-nodes-base.postgres", "New", 2.5, operation="insert", table={"value": "orders"}),
        node(
            "n8n-nodes-base.httpRequest",
            "New",
            4.2,
            method="POST",
            url="https://api.stripe.com/v1/charges",
        ),
    ],
)
def test_a_repeated_call_that_creates_again_is_reported(maker):
    assert [each.severity for each in findings(wired(hook(), maker), REPEAT)] == ["medium"]


NEW = node("n8n-nodes-base.airtable", "New", 2.1, operation="create")


@pytest.mark.parametrize(
    "document",
    [
        wired(hook(), node("n8n-nodes-base.airtable", "New", 2.1, operation="upsert")),
        wired(hook(), node("n8n-nodes-base.airtable", "Look", 2.1, operation="search"), NEW),
        wired(hook(), node("n8n-nodes-base.removeDuplicates", "Once", 2), NEW),
        wired(hook(), node("n8n-nodes-base.hubspot", "New", 2.1, resource="contact")),
        wired(hook(), node("n8n-nodes-base.slack", "Tell", 2.3, operation="post")),
        wired(hook(), node("n8n-nodes-base.postgres", "Log", 2.5, operation="insert", table="log")),
        wired(hook(), {**NEW, "disabled": True}),
        wired(node("n8n-nodes-base.scheduleTrigger", "Daily", 1.2), NEW),
        wired(hook(), node("n8n-nodes-base.airtable", "New", 2.1, operation=[1], resource={})),
        wired(
            hook(),
            node(
                "n8n-nodes-base.httpRequest",
                "New",
                4.2,
                method="POST",
                url="https://api.stripe.com/v1/charges",
                headerParameters={"parameters": [{"name": "Idempotency-Key", "value": "=x"}]},
            ),
        ),
    ],
)
def test_upserts_look_ups_and_other_records_are_fine(document):
    assert findings(document, REPEAT) == []


def test_highlevel_creates_behind_a_webhook():
    hooked = [trigger("inbound_webhook")]
    assert found(REPEAT, [CREATE], hooked) == ["medium"]
    assert found(REPEAT, [step("find_opportunity", "f", "w"), CREATE], hooked) == []
    assert found(REPEAT, [step("create_update_contact")], hooked) == []
    assert found(REPEAT, [CREATE], [trigger("form_submission")]) == []
