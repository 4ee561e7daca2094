"""Edge cases of the rules about triggers, re-entry and webhooks."""

from itertools import pairwise

import pytest

from tests.workflows.analysis.builders import findings, highlevel, n8n

SMS = {"id": "s", "type": "sms", "name": "Text", "attributes": {"body": "We will call you."}}


def trigger(kind, *conditions, key="t1", active=True, **more):
    made = {"id": key, "type": kind, "name": f"{kind} {key}", "active": active}
    return {**made, "conditions": list(conditions), **more}


def condition(field, operator="==", value="x"):
    return {"field": field, "operator": operator, "value": value}


def step(kind, key="w", after=None, **attributes):
    made = {"id": key, "type": kind, "name": f"{kind} {key}", "attributes": attributes}
    return made if after is None else {**made, "next": after}


def off(made):
    return {**made, "advanceCanvasMeta": {"isDisabled": True}}


def found(rule_id, steps, triggers, **doc):
    return [each.severity.value for each in findings(highlevel(steps, triggers, **doc), rule_id)]


# -- duplicate-trigger ---------------------------------------------------------------------

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


# -- re-entry ------------------------------------------------------------------------------

ONCE = "reentry-off-for-repeatable-trigger"
AGAIN = "reentry-creates-duplicates"
IGNORED = "reentry-setting-ignored"
CREATE = step("internal_create_opportunity", pipelineId="p")


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


# -- triggers that need a filter of their own ----------------------------------------------

REPLY = "reply-trigger-any-channel"
CALL = "missed-call-trigger-unfiltered"
VISIT = "appointment-trigger-unfiltered"


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


# -- deprecated-trigger --------------------------------------------------------------------

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


# -- contactless-trigger-messages-contact --------------------------------------------------

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


# -- open-inbound-webhook, webhook-without-dedupe ------------------------------------------

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
