"""Edge cases: appointment reminders in the wrong order."""

from typing import Any

import pytest

from tests.workflows.analysis.builders import findings
from tests.workflows.analysis.drawing import branch, condition, flow, goto, if_else, step, wait

JSON = dict[str, Any]

ORDER = "reminders-out-of-order"


def visit(key: str, unit: str, value: Any, after: str | None, when: str = "before") -> JSON:
    start = {"type": unit, "value": value, "when": when}
    return step(key, "wait", after, type="appointment", appointmentStartAfter=start)


def text(key: str, after: str | None = None, body: str = "Hello") -> JSON:
    return step(key, "sms", after, body=body)


def reminders(*offsets: tuple[str, Any] | tuple[str, Any, str]) -> JSON:
    """Waits relative to an appointment, each with a text behind it."""
    parts = []
    for n, (unit, value, *when) in enumerate(offsets):
        parts.append(visit(f"w{n}", unit, value, f"m{n}", *when))
        parts.append(text(f"m{n}", f"w{n + 1}" if n + 1 < len(offsets) else None))
    return flow(*parts)


@pytest.mark.parametrize(
    "offsets",
    [
        [("hours", 1), ("days", 1)],
        [("hours", 24), ("days", 1)],  # the same moment
        [("days", 1), ("days", 1)],
        [("minutes", 30), ("hours", 1)],
        [("days", 3), ("hours", 2), ("days", 1)],
        [("hours", 1, "after"), ("hours", 1)],
    ],
)
def test_a_wait_for_a_moment_that_is_over_is_reported(offsets):
    [found] = findings(reminders(*offsets), ORDER)
    last = len(offsets) - 1
    assert found.node_ids == (f"w{last}", f"w{last - 1}")
    assert found.path[-1] == f"w{last}"
    assert f"w{last - 1}" in found.path


def test_one_wait_out_of_place_is_one_finding():
    [found] = findings(reminders(("hours", 1), ("days", 2), ("days", 1), ("hours", 3)), ORDER)
    assert found.node_ids == ("w1", "w2", "w3", "w0")


def test_other_waits_use_up_the_time_as_well():
    document = flow(
        visit("a", "days", 1, "m"), text("m", "w"), wait("w", "b", "hours", 23.5),
        visit("b", "hours", 1, "n"), text("n"),
    )  # fmt: skip
    [found] = findings(document, ORDER)
    assert found.node_ids == ("b", "a")
    assert "too long after" in found.message


def test_the_wrong_order_on_one_of_several_ways_is_enough():
    choose = if_else("if", (branch("yes", condition("tags", "index-of-true")), "hour"), none="day")
    document = flow(
        choose, visit("hour", "hours", 1, "day"), visit("day", "days", 1, "m"), text("m")
    )
    [found] = findings(document, ORDER)
    assert found.path == ("if", "yes", "hour", "day")


@pytest.mark.parametrize(
    "offsets",
    [
        [("days", 1)],
        [("days", 1), ("hours", 1)],
        [("weeks", 1), ("days", 1), ("hours", 2), ("minutes", 15)],
        [("days", 2), ("hours", 47)],
        [("hours", 1), ("hours", 1, "after")],
        [("hours", 1, "after"), ("days", 1, "after")],
        [("hours", 1), ("days", "")],
        [("hours", 1), ("fortnights", 1)],
        [("hours", 1), ("days", 1, "sometime")],
    ],
)
def test_offsets_that_decrease_or_that_the_file_does_not_say_are_fine(offsets):
    assert findings(reminders(*offsets), ORDER) == []


def test_a_wait_in_between_that_ends_at_the_very_moment_is_fine():
    document = flow(
        visit("a", "days", 2, "w"), wait("w", "b"), visit("b", "days", 1, "m"), text("m")
    )
    assert findings(document, ORDER) == []


def test_offsets_on_different_branches_are_fine():
    choose = if_else("if", (branch("yes", condition("tags", "index-of-true")), "hour"), none="day")
    document = flow(choose, visit("hour", "hours", 1, None), visit("day", "days", 1, None))
    assert findings(document, ORDER) == []


def test_another_turn_is_about_another_visit():
    again = if_else("if", (branch("moved", condition("tags", "index-of-true")), "back"))
    document = flow(
        visit("a", "days", 1, "b"), visit("b", "hours", 1, "if"), again, goto("back", "a")
    )
    assert findings(document, ORDER) == []


def test_disabled_waits_hold_nobody():
    early = {**visit("a", "hours", 1, "b"), "advanceCanvasMeta": {"isDisabled": True}}
    assert findings(flow(early, visit("b", "days", 1, None)), ORDER) == []
    late = {**visit("b", "days", 1, None), "advanceCanvasMeta": {"isDisabled": True}}
    assert findings(flow(visit("a", "hours", 1, "b"), late), ORDER) == []


def test_a_jump_past_a_moment_that_is_over_waits_for_nothing():
    start = {"type": "hours", "value": 1, "when": "before"}
    jumping = step(
        "a", "wait", "m", type="appointment", appointmentStartAfter=start,
        appointmentCondition="goto", appointmentSpecificStep="b",
    )  # fmt: skip
    assert findings(flow(jumping, text("m"), visit("b", "days", 1, None)), ORDER) == []


AFTER = visit("v", "hours", 2, "m", "after")


@pytest.mark.parametrize(
    "body",
    [
        "See you tomorrow at 10!",
        "Reminder: your appointment is tomorrow. Reply C to confirm or R to reschedule.",
        "Your appointment is in 1 hour.",
        "Friendly reminder of your visit, see you soon",
        "Don't forget your upcoming session",
        "We look forward to seeing you.",
    ],
)
def test_a_text_that_announces_a_visit_that_is_over_is_reported(body):
    [found] = findings(flow(AFTER, text("m", body=body)), ORDER)
    assert found.node_ids == ("m", "v")
    assert found.path == ("v", "m")


def test_several_of_them_behind_one_wait_are_one_finding():
    document = flow(AFTER, text("m", "n", "See you tomorrow"), text("n", body="See you today"))
    assert len(findings(document, ORDER)) == 1


def test_a_wait_long_enough_after_the_last_reminder_is_after_the_visit():
    document = flow(
        visit("v", "hours", 1, "w"), wait("w", "m", "hours", 3), text("m", body="See you tomorrow!")
    )
    assert len(findings(document, ORDER)) == 1


@pytest.mark.parametrize(
    "body",
    [
        "Thank you for your visit! See you soon.",
        "How was your appointment? We would love your feedback.",
        "Friendly reminder: leave us a review",
        "It was great seeing you. We look forward to your next visit!",
        "Sorry we missed you. Book your appointment here: {{trigger_link.a}}",
        "Hope you are well after the treatment. See you in six months!",
        "We look forward to seeing you again.",
        "Your next appointment is tomorrow.",
        "Your photos are ready.",
        "",
    ],
)
def test_thanks_reviews_and_other_texts_after_a_visit_are_fine(body):
    assert findings(flow(AFTER, text("m", body=body)), ORDER) == []


@pytest.mark.parametrize(
    "held",
    [
        visit("v", "hours", 2, "m"),
        visit("v", "days", 1, "m"),
        step("v", "wait", "m", type="appointment"),
        wait("v", "m"),
        step("v", "wait", "m", type="reply"),
    ],
)
def test_an_announcement_before_the_visit_is_fine(held):
    assert findings(flow(held, text("m", body="Reminder: see you tomorrow")), ORDER) == []


@pytest.mark.parametrize("value", [None, 7, "x", [], {}, [[1]], {"type": []}, {"value": {}}])
def test_offsets_of_any_type_are_endured(value):
    for start in (value, {"type": value, "value": value, "when": "before"}):
        held = step("w", "wait", "v", type="appointment", appointmentStartAfter=start)
        findings(flow(held, AFTER, text("m", body="See you tomorrow")), ORDER)
