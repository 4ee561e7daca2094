"""Time windows hold messages until they open, in the right time zone."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.workflows.analysis.simulate.clock import opens
from tests.workflows.analysis.drawing import flow, step
from tests.workflows.analysis.simulate.walks import START, hours, sent, walk

SMS = step("text", "sms", body="Hi")
OFFICE = {"condition": "daily", "days": [1, 2, 3, 4, 5], "start": "09:00", "end": "17:00"}


def at(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("comes", "goes"),
    [
        ("2026-03-02 10:00", "2026-03-02 10:00"),  # Monday, open
        ("2026-03-02 08:59", "2026-03-02 09:00"),
        ("2026-03-02 17:00", "2026-03-03 09:00"),
        ("2026-03-06 18:00", "2026-03-09 09:00"),  # Friday evening to Monday
        ("2026-03-07 12:00", "2026-03-09 09:00"),
    ],
)
def test_a_window_of_days_and_hours_opens_next_time(comes, goes):
    assert opens(OFFICE, at(comes), datetime.UTC) == at(goes)


@pytest.mark.parametrize(
    ("comes", "goes"),
    [("23:00", "23:00"), ("03:00", "03:00"), ("12:00", "22:00"), ("06:00", "22:00")],
)
def test_a_window_may_reach_over_midnight(comes, goes):
    night = {"start": "22:00", "end": "06:00"}
    found = opens(night, at(f"2026-03-02 {comes}"), datetime.UTC)
    assert found == at(f"2026-03-02 {goes}")


def test_an_exact_time_lets_go_at_that_time_only():
    exact = {"condition": "exact", "start": "9:30 AM"}
    assert opens(exact, at("2026-03-02 09:31"), datetime.UTC) == at("2026-03-03 09:30")


def test_days_are_read_as_numbers_from_sunday_and_as_names():
    sunday = at("2026-03-08 12:00")
    for days in ([0], [7], ["Sunday"], ["sun"], ["0"]):
        found = opens({"days": days}, at("2026-03-06 12:00"), datetime.UTC)
        assert found is not None
        assert at("2026-03-08 00:00") <= found <= sunday


@pytest.mark.parametrize(
    "window", [None, {}, [], "x", {"start": "", "end": ""}, {**OFFICE, "enabled": False},
               {"days": "all"}, {"start": "soon", "end": "late"}],
)  # fmt: skip
def test_what_is_no_window_holds_nothing(window):
    assert opens(window, at("2026-03-08 03:00"), datetime.UTC) == at("2026-03-08 03:00")


def test_the_clock_on_the_wall_counts_over_the_change_of_the_clocks():
    berlin = ZoneInfo("Europe/Berlin")
    before, after = at("2026-03-27 20:00"), at("2026-03-30 07:00")  # Friday; Monday in summer time
    assert opens(OFFICE, before, berlin) == after


@given(st.datetimes(timezones=st.just(datetime.UTC)), st.sampled_from(["UTC", "Asia/Kolkata"]),
       st.integers(0, 24), st.integers(0, 24), st.lists(st.integers(-1, 9)))  # fmt: skip
def test_a_window_lets_go_at_an_open_moment_that_is_not_past(moment, zone, start, end, days):
    window = {"start": start, "end": end, "days": days}
    found = opens(window, moment, ZoneInfo(zone))
    assert found is None or (found >= moment and opens(window, found, ZoneInfo(zone)) == found)


# -- in a walk ---------------------------------------------------------------------------------


def test_the_workflow_s_window_holds_messages_and_nothing_else():
    definition = flow(step("tag", "add_contact_tag", "text", tags=["a"]), SMS, window=OFFICE)
    walked = walk(definition, start=START + datetime.timedelta(hours=8))
    assert hours(walked) == {"tag": 8, "text": 23}
    assert sent(walked) == [("text", "sms", 23)]
    assert "held by the time window" in walked.steps[1].reason


@pytest.mark.parametrize(
    ("setting", "contact", "account", "expected"),
    [
        ("account", "Asia/Tokyo", "America/New_York", 4),  # 9:00 there is 14:00 UTC
        ("contact", "America/New_York", "Asia/Tokyo", 4),
        ("contact", "", "America/New_York", 4),
        ("America/New_York", "Asia/Tokyo", "Asia/Tokyo", 4),
        (None, "", "", 0),
        ("No/Where", "", "", 0),
    ],
)
def test_the_window_is_read_in_the_zone_of_the_settings(setting, contact, account, expected):
    definition = flow(SMS, window=OFFICE, **({"timezone": setting} if setting else {}))
    assert hours(walk(definition, timezone=contact, account=account))["text"] == expected


def test_a_wait_s_own_window_lets_go_when_it_opens():
    held = step(
        "w", "wait", "text", type="time", startAfter={"type": "hours", "value": 9}, window=OFFICE
    )
    assert hours(walk(flow(held, SMS)))["text"] == 23


def test_a_wait_until_a_time_of_day_ends_then():
    held = step("w", "wait", "text", type="time", window={"condition": "exact", "start": "15:00"})
    assert hours(walk(flow(held, SMS)))["text"] == 5
