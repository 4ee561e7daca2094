"""Waits jump the clock, end with what they wait for, or never."""

from __future__ import annotations

import datetime

import pytest

from tests.workflows.analysis.drawing import branch, condition, flow, step, wait
from tests.workflows.analysis.simulate.walks import (
    START,
    ended,
    event,
    hours,
    path,
    sent,
    walk,
)

SMS = step("text", "sms", body="Hi")


def waiting(kind: str, after: str | None = "text", **attributes):
    return step("w", "wait", after, type=kind, **attributes)


def with_timeout(days: float = 1, kind: str = "reply"):
    """A wait whose ways are “answered” and “late”."""
    transitions = [
        {"id": "yes", "name": "Answered", "condition": "primary"},
        {"id": "no", "name": "Time out", "condition": "timeout"},
    ]
    timeout = {"enabled": True, "type": "days", "value": days}
    held = step("w", "wait", type=kind, convertToMultipath=True, transitions=transitions)
    held["attributes"]["timeout"] = timeout
    return flow(
        {**held, "next": ["yes", "no"], "cat": "multi-path"},
        {**step("yes", "transition", "answered"), "cat": "transition"},
        {**step("no", "transition", "late"), "cat": "transition"},
        step("answered", "sms", body="Thanks"),
        step("late", "sms", body="Still there?"),
    )


@pytest.mark.parametrize(
    ("unit", "value", "expected"),
    [("minutes", 90, 1.5), ("hours", 5, 5), ("days", 3, 72), ("weeks", 1, 168), ("days", "2", 48)],
)
def test_a_wait_of_a_fixed_length_jumps_the_clock(unit, value, expected):
    assert hours(walk(flow(wait("w", "text", unit, value), SMS)))["text"] == expected


@pytest.mark.parametrize("value", ["", 0, -1, "soon"])
def test_a_wait_without_a_length_holds_nobody(value):
    assert hours(walk(flow(wait("w", "text", "days", value), SMS)))["text"] == 0


def test_a_wait_beyond_the_calendar_never_ends():
    assert ended(walk(flow(wait("w", "text", "years", 1e9), SMS)))[0] == "waits_forever"


def test_a_reply_ends_the_wait_for_it():
    walked = walk(flow(waiting("reply"), SMS), event("reply", 5))
    assert hours(walked)["text"] == 5
    assert "replies" in walked.steps[0].reason


def test_without_a_reply_and_a_timeout_it_waits_for_ever():
    walked = walk(flow(waiting("reply"), SMS), event("click", 5))
    assert ended(walked) == ("waits_forever", 0)
    assert sent(walked) == []


def test_a_reply_before_the_wait_does_not_end_it():
    definition = flow(wait("first", "w", "hours", 6), waiting("reply"), SMS)
    assert ended(walk(definition, event("reply", 5)))[0] == "waits_forever"
    assert hours(walk(definition, event("reply", 5), event("reply", 9)))["text"] == 9


def test_one_reply_ends_one_wait():
    second = step("v", "wait", "text", type="reply")
    definition = flow(waiting("reply", "v"), second, SMS)
    assert ended(walk(definition, event("reply", 5)))[0] == "waits_forever"
    assert hours(walk(definition, event("reply", 5), event("reply", 7)))["text"] == 7


@pytest.mark.parametrize(
    ("kind", "happens"),
    [("link_clicked", "click"), ("trigger_link", "click"), ("email_event", "open"),
     ("email_event", "click"), ("user_reply", "user_reply")],
)  # fmt: skip
def test_other_waits_end_with_what_they_wait_for(kind, happens):
    assert hours(walk(flow(waiting(kind), SMS), event(happens, 2)))["text"] == 2
    assert ended(walk(flow(waiting(kind), SMS), event("form", 2)))[0] == "waits_forever"


def test_who_answers_in_time_and_who_does_not_part_ways():
    assert path(walk(with_timeout(), event("reply", 23))) == ["w", "yes", "answered"]
    late = walk(with_timeout(), event("reply", 25))
    assert path(late) == ["w", "no", "late"]
    assert hours(late)["late"] == 24
    assert "timeout" in late.steps[0].reason


def test_a_timeout_whose_length_is_not_in_the_file_is_said_to_be_so():
    definition = with_timeout()
    definition["workflowData"]["templates"][0]["attributes"].pop("timeout")
    walked = walk(definition)
    assert path(walked) == ["w", "no", "late"]
    assert "not in the file" in walked.steps[0].reason


def visit(when: str = "before", value: float = 1, unit: str = "days", **more):
    start = {"type": unit, "value": value, "when": when}
    return flow(waiting("appointment", appointmentStartAfter=start, **more), SMS)


def test_a_wait_ends_before_or_after_the_appointment():
    at = START + datetime.timedelta(days=5)
    assert hours(walk(visit(), appointment=at))["text"] == 96
    assert hours(walk(visit("after", 2, "hours"), appointment=at))["text"] == 122


def test_what_happens_when_it_is_too_late_for_an_appointment():
    at = START + datetime.timedelta(hours=3)
    assert hours(walk(visit(), appointment=at))["text"] == 0
    assert ended(walk(visit(appointmentCondition="exit"), appointment=at)) == ("exited", 0)
    jump = visit(appointmentCondition="goto", appointmentSpecificStep="other")
    jump["workflowData"]["templates"].append({**step("other", "email", subject="x"), "order": 9})
    assert path(walk(jump, appointment=at)) == ["w", "other"]


def test_a_wait_for_an_appointment_that_is_not_given_says_so():
    walked = walk(visit())
    assert "cannot be decided from the facts given" in walked.steps[0].reason
    assert hours(walked)["text"] == 0


def test_a_wait_for_a_condition_ends_when_an_event_makes_it_hold():
    wanted = {"branches": [branch("Hot", condition("tags", "index-of-true", ["hot"]))]}
    definition = flow(waiting("condition", condition=wanted), SMS)
    assert hours(walk(definition, tags=["Hot"]))["text"] == 0
    assert hours(walk(definition, event("tag", 4, "hot")))["text"] == 4
    assert ended(walk(definition, event("tag", 4, "cold")))[0] == "waits_forever"


def test_a_drip_lets_a_single_contact_through():
    drip = step("d", "drip", "text", batchSize=10, interval={"timeUnit": "hours", "value": 1})
    assert hours(walk(flow(drip, SMS)))["text"] == 0
