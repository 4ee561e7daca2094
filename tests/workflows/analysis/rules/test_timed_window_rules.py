"""Edge cases: urgent texts that a sending window holds back."""

from typing import Any

import pytest

from tests.workflows.analysis.builders import findings
from tests.workflows.analysis.drawing import branch, condition, flow, if_else, step, wait

JSON = dict[str, Any]

URGENT = "window-delays-urgent-message"
WINDOW = {"condition": "daily", "start": "09:00", "end": "17:00"}
BOOKED = "Your booking is confirmed."


def text(key: str, after: str | None = None, body: str = "Hello") -> JSON:
    return step(key, "sms", after, body=body)


def started(*parts: Any, by: str = "form_submission", **doc: Any) -> JSON:
    return flow(*parts, **{"window": WINDOW, "triggers": triggers(by), **doc})


def triggers(*kinds: str, active: bool = True) -> list[JSON]:
    return [{"id": f"t{n}", "type": kind, "active": active} for n, kind in enumerate(kinds)]


@pytest.mark.parametrize(
    "kind",
    [
        "form_submission", "survey_submission", "customer_reply", "call_status",
        "payment_received", "order_submission", "invoice", "appointment", "customer_appointment",
    ],
)  # fmt: skip
def test_a_confirmation_that_somebody_waits_for_is_held_back(kind):
    [found] = findings(started(text("m", body=BOOKED), by=kind), URGENT)
    assert found.node_ids == ("m",)


@pytest.mark.parametrize(
    "body",
    [
        "Your verification code is 123456",
        "Your login code: {{contact.code}}",
        "You're booked for Tuesday!",
        "We have received your payment: payment received, thank you.",
        "Thanks for your order! Here is your receipt.",
        "Your appointment has been scheduled.",
        "This confirms your reservation",
        "We will see you on {{appointment.start_time}}",
    ],
)
def test_codes_bookings_and_payments_are_urgent(body):
    assert len(findings(started(text("m", body=body)), URGENT)) == 1


def test_an_urgent_text_behind_another_text_is_held_back_too():
    document = started(
        text("a", "b"), step("b", "add_contact_tag", "m", tags=["x"]), text("m", body=BOOKED)
    )
    assert len(findings(document, URGENT)) == 1


def test_a_way_without_a_wait_is_enough():
    choose = if_else("if", (branch("yes", condition("tags", "index-of-true")), "w"), none="long")
    document = started(
        choose, wait("w", "m"), step("long", "add_contact_tag", "more", tags=["x"]),
        step("more", "add_contact_tag", "m", tags=["y"]), text("m", body=BOOKED),
    )  # fmt: skip
    assert len(findings(document, URGENT)) == 1


@pytest.mark.parametrize(
    "document",
    [
        started(text("m", body=BOOKED), window=None),
        started(text("m", body=BOOKED), window={**WINDOW, "enabled": False}),
        started(text("m", body=BOOKED), window={"start": "00:00", "end": "23:59"}),
        started(text("m", body=BOOKED), by="contact_tag"),
        started(text("m", body=BOOKED), by="birthday_reminder"),
        started(text("m", body=BOOKED), by="opportunity_status_changed"),
        started(text("m", body=BOOKED), triggers=triggers("form_submission", active=False)),
        started(text("m", body=BOOKED), triggers=[]),
        started(wait("w", "m"), text("m", body=BOOKED)),
        started(wait("w", "m", "minutes", 5), text("m", body=BOOKED)),
        started(step("w", "wait", "m", type="reply"), text("m", body=BOOKED)),
        started(step("w", "wait", "m", type="appointment"), text("m", body=BOOKED)),
        started(text("m", body="Thanks for your interest, we will call you.")),
        started(text("m", body="Would you like to book a call? Here is our booking link.")),
        started(text("m", body="Use discount words like SPRING")),
        started(step("m", "email", subject="Booked", html=BOOKED)),
        started(step("m", "internal_notification", type="sms", sms={"body": BOOKED})),
        started({**text("m", body=BOOKED), "advanceCanvasMeta": {"isDisabled": True}}),
        started(text("m"), text("cut-off", body=BOOKED)),
        started(step("m", "sms", body=["Your booking is confirmed"])),
    ],
)  # fmt: skip
def test_texts_that_can_wait_or_that_nothing_holds_are_fine(document):
    assert findings(document, URGENT) == []


def test_a_switched_off_wait_holds_nothing_back():
    off = {**wait("w", "m"), "advanceCanvasMeta": {"isDisabled": True}}
    assert len(findings(started(off, text("m", body=BOOKED)), URGENT)) == 1


def test_without_the_triggers_nothing_is_said():
    document = flow(text("m", body=BOOKED), window=WINDOW)
    assert findings(document, URGENT) == []
