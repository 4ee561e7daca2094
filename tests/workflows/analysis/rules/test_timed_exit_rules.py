"""Edge cases: sequences of messages that nothing ends."""

from typing import Any

import pytest

from tests.workflows.analysis.builders import findings
from tests.workflows.analysis.drawing import branch, condition, flow, goto, if_else, step, wait

JSON = dict[str, Any]

ENDLESS = "no-exit-condition"


def mail(key: str, after: str | None = None) -> JSON:
    return step(key, "email", after, subject="x", html="x")


def series(*between: JSON | list[JSON], **doc: Any) -> JSON:
    """Two e-mails; what stands between them begins with ``m1``'s next and leads to ``m2``."""
    return flow(mail("m1", "w"), *between, mail("m2"), **{"stopOnResponse": False, **doc})


TWO_DAYS = wait("w", "m2", value=2)


def checked(after: str = "m2") -> list[JSON]:
    tags = condition("tags", "index-of-true")
    return if_else("if", (branch("done", tags), None), none=after)


def test_a_sequence_over_days_that_nothing_ends_is_reported_with_its_path():
    [found] = findings(series(TWO_DAYS), ENDLESS)
    assert found.node_ids == ("m1", "m2")
    assert found.path == ("m1", "w", "m2")
    assert "2 days" in found.message


def test_texts_and_calls_count_as_messages():
    document = flow(step("m1", "sms", "w", body="x"), TWO_DAYS, step("m2", "call"))
    assert len(findings(document, ENDLESS)) == 1


def test_the_longest_of_several_sequences_is_the_one_named():
    document = flow(
        mail("m1", "w"), wait("w", "m2"), mail("m2", "w2"), wait("w2", "m3", value=5), mail("m3")
    )
    [found] = findings(document, ENDLESS)
    assert found.node_ids == ("m1", "m3")
    assert "6 days" in found.message


def test_a_condition_that_asks_nothing_after_a_wait_ends_nothing():
    """It sorts contacts before they have had the chance to do anything."""
    tags = condition("tags", "index-of-true")
    start = if_else("if", (branch("done", tags), None), none="m1")
    assert len(findings(flow(start, mail("m1", "w"), TWO_DAYS, mail("m2")), ENDLESS)) == 1


def test_a_split_by_chance_ends_nothing():
    document = series(wait("w", "s", value=2), step("s", "workflow_split", "m2", paths=[]))
    assert len(findings(document, ENDLESS)) == 1


def test_a_condition_on_one_of_two_ways_leaves_the_other_without():
    """Whoever takes the long way is never asked again."""
    tags = condition("tags", "index-of-true")
    start = if_else("which", (branch("asked", tags), "a1"), none="m1")
    document = flow(
        start,
        mail("a1", "aw"), wait("aw", "if", value=2), checked("a2"), mail("a2"),
        mail("m1", "w"), TWO_DAYS, mail("m2"),
    )  # fmt: skip
    [found] = findings(document, ENDLESS)
    assert found.node_ids == ("m1", "m2")


def test_where_this_fires_stop_on_response_off_does_not():
    assert findings(series(TWO_DAYS), "stop-on-response-off") == []
    hours = series(wait("w", "m2", "hours", 5))
    assert findings(hours, ENDLESS) == []
    assert len(findings(hours, "stop-on-response-off")) == 1


REPLY = {"id": "r", "condition": "primary", "attributes": {"type": "wait_reply"}}
LATE = {"id": "l", "condition": "timeout", "attributes": {"type": "wait_timeout"}}


@pytest.mark.parametrize(
    "document",
    [
        series(TWO_DAYS, stopOnResponse=True),
        series(wait("w", "m2")),  # exactly a day
        series(wait("w", "m2", "hours", 20)),
        series(step("w", "wait", "m2", type="reply")),
        series(step("w", "wait", "m2", type="link_clicked")),
        series(step("w", "wait", "m2", type="condition")),
        series(wait("w", "if", value=2), checked()),
        series(wait("w", "g", value=2), step("g", "workflow_goal", "m2", action="exit")),
        flow(
            step("g", "workflow_goal", "m1", action="wait"), mail("m1", "w"), TWO_DAYS, mail("m2")
        ),
        series(TWO_DAYS, step("out", "remove_from_workflow", workflow_id=["other"])),
        series(TWO_DAYS, step("out", "remove_from_workflow", includeCurrent=True)),
        series(TWO_DAYS, step("out", "remove_from_all_workflows")),
        series(step("w", "wait", "m2", type="appointment")),
        series(TWO_DAYS, triggers=[{"id": "t", "type": "appointment", "active": True}]),
        series(TWO_DAYS, triggers=[{"id": "t", "type": "customer_appointment", "active": True}]),
        flow(mail("m1", "w"), TWO_DAYS, step("m2", "internal_notification", type="email")),
        flow(mail("m1", "w"), TWO_DAYS, step("m2", "add_contact_tag", tags=["x"])),
        flow(wait("w", "m1", value=9), mail("m1")),
        series(step("w", "wait", "m2", type="time", startAfter={"type": "days", "value": "{{x}}"})),
        series({**TWO_DAYS, "advanceCanvasMeta": {"isDisabled": True}}),
        flow({**mail("m1", "w"), "advanceCanvasMeta": {"isDisabled": True}}, TWO_DAYS, mail("m2")),
    ],
)
def test_a_sequence_that_something_ends_is_silent(document):
    assert findings(document, ENDLESS) == []


def test_a_condition_after_a_wait_ends_the_messages_before_and_after_it_too():
    long = flow(
        mail("m1", "w"), wait("w", "m2", value=2), mail("m2", "w2"), wait("w2", "if", value=2),
        checked("m3"), mail("m3", "w3"), wait("w3", "m4", value=3), mail("m4"),
    )  # fmt: skip
    assert findings(long, ENDLESS) == []


def test_a_wait_of_unknown_length_is_a_wait_before_a_condition():
    unknown = step("w", "wait", "if", type="time", startAfter={"type": "days", "value": "{{x}}"})
    document = flow(
        mail("m1", "w"), unknown, checked("m2"), mail("m2", "w2"), wait("w2", "m3", value=3),
        mail("m3"),
    )  # fmt: skip
    assert findings(document, ENDLESS) == []


def test_both_ways_out_of_a_wait_for_a_reply_have_been_asked():
    held = {
        **step("w", "wait", type="reply", convertToMultipath=True, transitions=[REPLY, LATE]),
        "next": ["r", "l"],
    }
    marks = [
        {**step("r", "transition"), "cat": "transition"},
        {**step("l", "transition", "m2"), "cat": "transition", "attributes": LATE["attributes"]},
    ]
    document = flow(
        mail("m1", "w"), held, marks, mail("m2", "w2"), wait("w2", "m3", value=3), mail("m3")
    )
    assert findings(document, ENDLESS) == []


@pytest.mark.parametrize("active", ["published", "draft"])
def test_another_workflow_of_the_account_may_take_contacts_out(active):
    own = {**series(TWO_DAYS), "id": "own"}
    remover = flow(step("out", "remove_from_workflow", workflow_id=["own"]), id="b", status=active)
    bundle = {"workflows": [own, remover], "tags": []}
    assert len(findings(bundle, ENDLESS)) == (0 if active == "published" else 1)


def test_a_turn_of_a_loop_is_no_sequence_of_its_own():
    """That nothing leads out of it is what is wrong with it."""
    document = flow(mail("m1", "w"), wait("w", "again", value=2), goto("again", "m1"))
    assert findings(document, ENDLESS) == []
    assert len(findings(document, "loop-without-exit")) == 1
