"""Edge cases: texts and calls that may come at night."""

from typing import Any

import pytest

from tests.workflows.analysis.builders import findings
from tests.workflows.analysis.drawing import branch, condition, flow, goto, if_else, step, wait

JSON = dict[str, Any]
QUIET = "sends-in-quiet-hours"
DAY = {"condition": "daily", "days": [1, 2, 3], "start": "09:00", "end": "18:00"}
NIGHT = {**DAY, "start": "06:00", "end": "23:00"}
LATE = {**DAY, "end": "22:30"}


def text(key: str = "m", after: str | None = None, **more: Any) -> JSON:
    return step(key, "sms", after, body="Hello", **more)


def after(held: JSON, *parts: JSON, **doc: Any) -> JSON:
    """A text behind a wait, with nothing else."""
    return flow({**held, "id": "w", "next": "m"}, *(parts or [text()]), **doc)


def timed(unit: str = "hours", value: Any = 12, **more: Any) -> JSON:
    return step("w", "wait", type="time", startAfter={"type": unit, "value": value}, **more)


def visit(unit: str, value: Any, when: str = "before", **more: Any) -> JSON:
    start = {"type": unit, "value": value, "when": when}
    return step("w", "wait", type="appointment", appointmentStartAfter=start, **more)


# -- after a delay -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "held",
    [
        timed("hours", 12),
        timed("days", 1),
        timed("minutes", 45),
        timed("days", "{{contact.days}}"),
        step("w", "drip", batchSize=10, interval={"type": "minutes", "value": 5}),
        visit("hours", 2),
        visit("minutes", 30),
        visit("hours", 1, "after"),
        visit("hours", 30),
        timed(window={"start": "", "end": None}),
        timed(window={**DAY, "enabled": False}),
        timed(window=[9, 18]),
    ],
)
def test_a_text_after_a_delay_may_come_at_night(held):
    [found] = findings(after(held), QUIET)
    assert found.node_ids == ("m",)
    assert found.path == ("w", "m")
    assert "“w”" in found.message


@pytest.mark.parametrize("kind", ["sms", "call", "voicemail", "voice_ai_outbound_call"])
def test_what_rings_or_buzzes_is_meant(kind):
    assert len(findings(after(timed(), step("m", kind)), QUIET)) == 1


def test_one_missing_window_is_one_finding_whatever_comes_after_it():
    parts = []
    for n in range(6):
        parts += [text(f"t{n}", f"w{n}"), wait(f"w{n}", f"t{n + 1}")]
    [found] = findings(flow(*parts), QUIET)
    assert found.node_ids == ("t1", "t2", "t3", "t4", "t5")
    assert found.path == ("t0", "w0", "t1")


def test_several_short_waits_make_a_delay():
    document = flow(wait("a", "b", "minutes", 10), wait("b", "m", "minutes", 10), text())
    assert len(findings(document, QUIET)) == 1


def test_nobody_answered_where_time_ran_out():
    late = {"id": "l", "condition": "timeout", "attributes": {"type": "wait_timeout"}}
    reply = {"id": "r", "condition": "primary", "attributes": {"type": "wait_reply"}}
    held = step("w", "wait", type="reply", convertToMultipath=True, transitions=[reply, late])
    marks = [
        {**step("r", "transition", "answer"), "cat": "transition"},
        {**step("l", "transition", "m"), "cat": "transition", "attributes": late["attributes"]},
    ]
    document = flow({**held, "next": ["r", "l"]}, marks, text("answer"), text("m"))
    [found] = findings(document, QUIET)
    assert found.node_ids == ("m",)
    assert found.path == ("w", "l", "m")


def test_the_first_text_of_a_loop_comes_late_in_its_second_turn():
    out = if_else("if", (branch("done", condition("tags", "index-of-true")), None), none="again")
    document = flow(text("m", "w"), wait("w", "if", "hours", 12), out, goto("again", "m"))
    [found] = findings(document, QUIET)
    assert found.node_ids == ("m",)


@pytest.mark.parametrize(
    "document",
    [
        flow(text()),
        after(timed("minutes", 5)),
        after(timed("minutes", 0)),
        after(timed(window=DAY)),
        after(timed("days", "{{contact.days}}", window=DAY)),
        after(timed(window={"condition": "exact", "start": "09:00"})),
        after(timed(), text(window=DAY)),
        after(timed(), text(sendingWindow=DAY)),
        after(timed(), window=DAY),
        after(timed(), settings={"sendingWindow": DAY}),
        after(timed(), window={**DAY, "start": "8:00 AM", "end": "9:00 PM"}),
        after(timed(), window={**DAY, "start": 8, "end": 21}),
        after(timed(), window={**DAY, "start": "morning", "end": "evening"}),
        after(step("w", "wait", type="reply")),
        after(step("w", "wait", type="link_clicked")),
        after(step("w", "wait", type="email_event")),
        after(step("w", "workflow_goal", action="wait")),
        after(visit("days", 1)),
        after(visit("hours", 24)),
        after(visit("hours", 48)),
        after(visit("minutes", 1440)),
        after(visit("weeks", 1)),
        after(visit("days", 1, "after")),
        after(visit("hours", 0)),
        after(visit("hours", 2, window=DAY)),
        after(step("w", "wait", type="appointment")),
        after(timed(), step("m", "email", subject="x", html="x")),
        after(timed(), step("m", "internal_notification", type="sms")),
        after(timed(), step("m", "manual-sms", body="x")),
        after(timed(), {**text(), "advanceCanvasMeta": {"isDisabled": True}}),
        after({**timed(), "advanceCanvasMeta": {"isDisabled": True}}),
        flow(wait("w", "r", value=3), step("r", "wait", "m", type="reply"), text()),
        flow(wait("w", "v", value=3), {**visit("days", 2), "id": "v", "next": "m"}, text()),
    ],
)
def test_a_text_that_answers_or_that_a_window_holds_is_silent(document):
    assert findings(document, QUIET) == []


def test_a_later_wait_with_a_window_holds_what_comes_behind_it():
    held = {**timed(window=DAY), "id": "v", "next": "m"}
    assert findings(flow(wait("w", "v"), held, text()), QUIET) == []


def test_a_wait_behind_one_with_a_window_is_a_delay_again():
    held = {**timed(window=DAY), "id": "v", "next": "w"}
    [found] = findings(flow(held, wait("w", "m", "hours", 9), text()), QUIET)
    assert found.path == ("v", "w", "m")


def test_a_jump_because_the_date_has_passed_is_no_delay():
    start = {"type": "hours", "value": 1, "when": "before"}
    held = step(
        "w", "wait", "mail", type="appointment", appointmentStartAfter=start,
        appointmentCondition="goto", appointmentSpecificStep="m",
    )  # fmt: skip
    document = flow(held, step("mail", "email", subject="x", html="x"), text())
    assert findings(document, QUIET) == []


# -- windows that reach into the night ---------------------------------------------------------


def test_a_window_of_the_workflow_beyond_the_day_is_one_finding():
    document = flow(text("a", "w"), wait("w", "b"), text("b", "v"), wait("v", "c"), text("c"))
    [found] = findings({**document, "window": LATE}, QUIET)
    assert found.node_ids == ("b", "c")  # the first answers at once
    assert "9:00–22:30" in found.message


def test_a_window_that_opens_at_night_holds_the_first_text_until_then():
    [found] = findings(flow(text(), window=NIGHT), QUIET)
    assert found.node_ids == ("m",)


def test_a_window_of_a_wait_beyond_the_day_is_a_finding_at_the_wait():
    [found] = findings(after(timed(window=NIGHT)), QUIET)
    assert found.node_ids == ("w", "m")
    assert found.path == ("w", "m")


def test_a_window_of_a_text_beyond_the_day_is_a_finding_at_the_text():
    [found] = findings(after(timed(), text(window=LATE), window=DAY), QUIET)
    assert found.node_ids == ("m",)


@pytest.mark.parametrize(
    "hours",
    [
        {"start": "21:00", "end": "09:00"},
        {"start": "7:30 am", "end": "5:00 pm"},
        {"start": "09:00", "end": "09:00"},
        {"start": 0, "end": 24},
        {"condition": "exact", "start": "23:15"},
    ],
)
def test_hours_before_eight_after_nine_or_round_midnight_are_beyond_the_day(hours):
    assert len(findings(after(timed(window=hours)), QUIET)) == 1


@pytest.mark.parametrize(
    "document",
    [
        flow(text(), window=LATE),
        after(timed(window=NIGHT), window=DAY),
        after(timed(window=NIGHT), text(window=DAY)),
        after(timed(), text(window=DAY), window=NIGHT),
        after(timed(window=DAY), window=LATE),
        after(timed(), step("m", "email", subject="x", html="x"), window=NIGHT),
        flow(step("a", "add_contact_tag", tags=["x"]), text(), window=NIGHT),
    ],
)
def test_a_narrower_window_or_no_delay_is_silent(document):
    assert findings(document, QUIET) == []


def test_a_good_wait_behind_one_with_a_late_window_is_silent():
    late = {**timed(window=NIGHT), "id": "n", "next": "mail"}
    document = flow(
        late, step("mail", "email", "w", subject="x", html="x"), {**timed(window=DAY), "next": "m"},
        text(),
    )  # fmt: skip
    assert findings(document, QUIET) == []


@pytest.mark.parametrize("value", [None, 7, "09:00", [], [{}], True, {"start": {}, "end": []}])
def test_windows_of_any_type_are_endured(value):
    assert len(findings(after(timed(window=value), text(window=value), window=value), QUIET)) <= 1
