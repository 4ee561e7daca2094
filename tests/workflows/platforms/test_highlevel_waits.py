"""HighLevel waits: their length, and whether they end without an answer."""

import pytest

from apps.workflows.analysis.graph import Wait
from apps.workflows.platforms import highlevel
from apps.workflows.platforms.base import Source


def step_of(kind, attributes, **more):
    raw = {"id": "s", "type": kind, "attributes": attributes} | more
    return highlevel.translate(Source({"templates": [raw]})).steps[0]


def wait(**attributes):
    return step_of("wait", attributes).wait


def after(unit, value):
    return wait(type="time", startAfter={"type": unit, "value": value, "when": "after"})


@pytest.mark.parametrize(
    ("unit", "value", "minutes"),
    [
        ("seconds", 30, 0.5),
        ("minutes", 5, 5),
        ("hour", 2, 120),
        ("hours", "2", 120),
        ("days", 3, 4320),
        ("Weeks", 1, 10080),
        ("months", 1, 43200),
        ("days", "0.5", 720),
    ],
)
def test_time_wait_has_its_length_in_minutes(unit, value, minutes):
    assert after(unit, value) == Wait("time", minutes)


@pytest.mark.parametrize(
    ("unit", "value"),
    [
        ("days", 0),
        ("days", "0"),
        ("days", ""),
        ("days", None),
        ("days", -1),
        ("days", "soon"),
        ("days", True),
        ("days", [1]),
        ("days", 10**400),
        ("days", "nan"),
        ("days", "inf"),
        ("", 5),
        (None, 5),
        ("fortnights", 5),
        (7, 7),
    ],
)
def test_partial_or_empty_length_is_no_wait_at_all(unit, value):
    assert after(unit, value) == Wait("time", 0.0)


@pytest.mark.parametrize(
    "attributes",
    [{}, {"type": "time"}, {"type": "time", "startAfter": {}}, {"type": "time", "startAfter": "5"}],
)
def test_wait_that_was_never_filled_in_holds_nobody(attributes):
    found = wait(**attributes)
    assert found == Wait("time", 0.0)
    assert not found.holds


def test_length_from_a_merge_field_is_not_fixed():
    assert after("days", "{{contact.delay}}").minutes is None
    assert wait(type="time", dynamicTimePeriod="{{contact.delay}}").minutes is None


def test_exact_hour_holds_without_a_length_but_a_mere_window_does_not():
    exact = wait(type="time", window={"condition": "exact", "start": "09:00"})
    between = wait(type="time", window={"condition": "when", "start": "09:00", "end": "17:00"})
    assert exact.minutes is None
    assert between.minutes == 0.0


@pytest.mark.parametrize(
    "kind",
    ["reply", "link_clicked", "email_event", "condition", "appointment", "user_reply", "overdue"],
)
def test_wait_for_an_event_has_no_length(kind):
    assert wait(type=kind) == Wait(kind, None, has_timeout=False)


REPLY = {"id": "y", "name": "Reply", "condition": "primary", "attributes": {"type": "wait_reply"}}
LATE = {
    "id": "n",
    "name": "Time Out",
    "condition": "timeout",
    "attributes": {"type": "wait_timeout"},
}


@pytest.mark.parametrize(
    "late",
    [
        LATE,
        {"id": "n", "condition": "timeout"},
        {"id": "n", "attributes": {"type": "wait_timeout"}},
        {"id": "n", "name": "Timeout"},
    ],
)
def test_timeout_is_seen_in_the_transitions(late):
    found = wait(type="reply", convertToMultipath=True, transitions=[REPLY, late])
    assert found == Wait("reply", None, has_timeout=True)


@pytest.mark.parametrize(
    "attributes",
    [
        {},
        {"convertToMultipath": True},
        {"convertToMultipath": True, "transitions": [REPLY]},
        {"convertToMultipath": False, "transitions": [REPLY, LATE]},
        {"convertToMultipath": True, "transitions": "timeout"},
        {"startAfter": {"type": "days", "value": 1}},
        {"timeout": True},
    ],
)
def test_wait_without_a_timeout_path_has_no_timeout(attributes):
    assert not wait(type="reply", **attributes).has_timeout


def test_timeout_path_is_an_edge_of_its_own_kind():
    attributes = {"type": "reply", "convertToMultipath": True, "transitions": [REPLY, LATE]}
    steps = [
        {"id": "w", "type": "wait", "attributes": attributes, "next": ["y", "n"]},
        {"id": "y", "type": "transition"},
        {"id": "n", "type": "transition"},
    ]
    graph = highlevel.translate(Source({"templates": steps}))
    assert [(edge.kind.value, edge.label) for edge in graph.edges] == [
        ("branch", "Reply"),
        ("timeout", "Time Out"),
    ]


def test_timeout_is_seen_in_the_marker_too():
    steps = [
        {"id": "w", "type": "wait", "attributes": {"type": "reply"}, "next": ["y", "n"]},
        {"id": "y", "type": "transition", "attributes": {"type": "wait_reply"}},
        {"id": "n", "type": "transition", "attributes": {"type": "wait_timeout"}},
    ]
    graph = highlevel.translate(Source({"templates": steps}))
    held = next(step.wait for step in graph.steps if step.id == "w")
    assert held is not None
    assert held.has_timeout


def test_split_path_that_is_named_timeout_is_an_ordinary_branch():
    paths = [{"id": "p", "name": "Timeout", "condition": "Timeout", "conditionType": "default"}]
    steps = [
        {"id": "s", "type": "workflow_split", "attributes": {"transitions": paths}, "next": ["p"]},
        {"id": "p", "type": "transition", "name": "Timeout"},
    ]
    graph = highlevel.translate(Source({"templates": steps}))
    assert graph.edges[0].kind.value == "branch"


def test_goal_waits_only_when_told_to():
    assert step_of("workflow_goal", {"action": "wait"}).wait == Wait("goal")
    assert step_of("workflow_goal", {"action": "exit"}).wait is None
    assert step_of("workflow_goal", {}).wait is None


def test_drip_holds_for_its_interval():
    assert step_of("drip", {"interval": {"timeUnit": "minutes", "value": 10}}).wait == Wait(
        "drip", 10
    )
    assert step_of("drip", {"batchSize": 5}).wait == Wait("drip", 0.0)


def test_other_steps_do_not_wait():
    assert step_of("sms", {"type": "time", "startAfter": {"type": "days", "value": 1}}).wait is None
