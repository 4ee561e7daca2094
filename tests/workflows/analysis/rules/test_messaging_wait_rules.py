"""Edge cases of the rules about waits, empty messages, recipients and merge fields."""

import pytest

from tests.workflows.analysis.builders import findings, highlevel
from tests.workflows.analysis.rules.messaging_first_rules_parts import (
    AT_ONCE,
    off,
    sms,
    step,
)


def wait(key, after, value=1, unit="days", **more):
    return step("wait", key, after, type="time", startAfter={"type": unit, "value": value}, **more)


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
