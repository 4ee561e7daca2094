"""Edge cases: many texts in a day."""

from itertools import pairwise
from typing import Any

import pytest

from apps.workflows.analysis.config import Config
from apps.workflows.inspection import inspect_document
from tests.workflows.analysis.builders import findings
from tests.workflows.analysis.drawing import branch, condition, flow, goto, if_else, step, wait

JSON = dict[str, Any]

BURST = "message-burst"


def texts(count: int, unit: str = "hours", value: Any = 2, between: JSON | None = None) -> JSON:
    """So many texts one behind the other with a wait between each two."""
    parts = []
    for n in range(count):
        parts.append(step(f"t{n}", "sms", f"w{n}" if n + 1 < count else None, body=f"Text {n}"))
        if n + 1 < count:
            made = {**between, "id": f"w{n}", "next": f"t{n + 1}"} if between else None
            parts.append(made or wait(f"w{n}", f"t{n + 1}", unit, value))
    return flow(*parts)


def test_four_texts_within_a_day_are_one_finding_that_names_them():
    [found] = findings(texts(4), BURST)
    assert set(found.node_ids) == {"t0", "t1", "t2", "t3"}
    assert found.node_ids[0] == "t3"
    assert found.path == ("t0", "w0", "t1", "w1", "t2", "w2", "t3")


def test_more_texts_are_more_of_the_same():
    assert len(findings(texts(12), BURST)) == 1


def test_two_bursts_with_days_between_are_two_findings():
    parts = []
    for n in range(8):
        after = f"w{n}" if n < 7 else None
        parts.append(step(f"t{n}", "sms", after, body="x"))
        if after:
            parts.append(
                wait(after, f"t{n + 1}", "days" if n == 3 else "hours", 5 if n == 3 else 1)
            )
    found = findings(flow(*parts), BURST)
    assert sorted(each.node_ids[0] for each in found) == ["t3", "t7"]


def test_texts_with_no_wait_at_all_are_a_burst_too():
    assert len(
        findings(flow(*[step(f"t{n}", "sms", f"t{n + 1}", body="x") for n in range(4)]), BURST)
    )


def test_the_shorter_of_two_ways_counts():
    choose = if_else("if", (branch("fast", condition("tags", "index-of-true")), "t3"), none="day")
    document = flow(
        *[step(f"t{n}", "sms", f"t{n + 1}" if n < 2 else "if", body="x") for n in range(3)],
        choose,
        wait("day", "t3"),
        step("t3", "sms", body="x"),
    )
    [found] = findings(document, BURST)
    assert "day" not in found.path
    assert {("if", "fast"), ("fast", "t3")} <= set(pairwise(found.path))


def test_fourth_texts_on_several_branches_are_one_finding():
    choose = if_else("if", (branch("yes", condition("tags", "index-of-true")), "a"), none="b")
    document = flow(
        *[step(f"t{n}", "sms", f"t{n + 1}" if n < 2 else "if", body="x") for n in range(3)],
        choose,
        step("a", "sms", body="x"),
        step("b", "sms", body="x"),
    )
    [found] = findings(document, BURST)
    assert set(found.node_ids) == {"t0", "t1", "t2", "a", "b"}


def test_a_loop_that_sends_every_hour_is_a_burst():
    tags = condition("tags", "index-of-true")
    out = if_else("if", (branch("done", tags), None), none="again")
    document = flow(
        step("t", "sms", "w", body="x"), wait("w", "if", "hours", 1), out, goto("again", "t")
    )
    [found] = findings(document, BURST)
    assert found.node_ids == ("t",)
    assert "over and over" in found.message


def test_the_number_of_hours_is_an_option():
    document = texts(4, "hours", 9)
    assert findings(document, BURST) == []
    config = Config(options={BURST: {"hours": 28}})
    [item] = inspect_document(document, config=config)
    assert item.analysis is not None
    assert BURST in {each.rule_id for each in item.analysis.findings}


@pytest.mark.parametrize(
    "document",
    [
        texts(3),
        texts(4, "hours", 8),  # the fourth comes a whole day after the first
        texts(6, "days", 1),
        texts(4, between=step("w", "wait", type="reply")),
        texts(
            4, between=step("w", "wait", type="time", startAfter={"value": "{{x}}", "type": "days"})
        ),
        texts(4, between=step("w", "wait", type="appointment")),
        flow(*[step(f"t{n}", "email", f"t{n + 1}", html="x", subject="x") for n in range(6)]),
        flow(*[step(f"t{n}", "manual-sms", f"t{n + 1}", body="x") for n in range(6)]),
        flow(*[step(f"t{n}", "internal_notification", f"t{n + 1}", type="sms") for n in range(6)]),
        flow(
            *[step(f"t{n}", "sms", f"t{n + 1}", body="x") for n in range(3)],
            {**step("t3", "sms", "t4", body="x"), "advanceCanvasMeta": {"isDisabled": True}},
        ),
    ],
)
def test_texts_that_are_few_or_far_apart_are_no_burst(document):
    assert findings(document, BURST) == []


def test_texts_on_branches_of_which_a_contact_takes_one_are_no_burst():
    choose = if_else(
        "if",
        *[(branch(f"b{n}", condition("city", value=str(n))), f"t{n}") for n in range(5)],
    )
    document = flow(choose, *[step(f"t{n}", "sms", body="x") for n in range(5)])
    assert findings(document, BURST) == []


def test_a_loop_with_a_day_in_it_is_no_burst():
    tags = condition("tags", "index-of-true")
    out = if_else("if", (branch("done", tags), None), none="again")
    document = flow(step("t", "sms", "w", body="x"), wait("w", "if"), out, goto("again", "t"))
    assert findings(document, BURST) == []


def test_four_texts_that_nobody_comes_to_are_no_burst():
    cut_off = [step(f"t{n}", "sms", f"t{(n + 1) % 4}", body="x") for n in range(4)]
    assert findings(flow(step("a", "add_contact_tag", tags=["x"]), *cut_off), BURST) == []


@pytest.mark.parametrize("value", [None, 7, "x", [], {}, [[]], {"type": []}, {"value": {}}])
def test_parameters_of_any_type_are_endured(value):
    parts = [
        step(f"w{n}", "wait", f"w{n + 1}", **{key: value})
        for n, key in enumerate(["startAfter", "type", "window", "appointmentStartAfter"])
    ]
    document = flow(step("a", "sms", "w0", body=value), *parts, step("w4", "sms", body=value))
    for rule_id in (BURST, "no-exit-condition", "sends-in-quiet-hours", "reminders-out-of-order"):
        findings(document, rule_id)
