"""An If that repeats an earlier question: what ran behind the same answer has run."""

from typing import Any

import pytest

from tests.workflows.analysis.builders import findings
from tests.workflows.analysis.drawing import drawn, if_, is_, node

UNRUN = "expression-reads-unrun-step"
GO, SET = node("webhook", 2), node("set", 3.4)
READER = node("set", 3.4, value="={{ $('A').item.json.x }}")
URL = "={{ $('Go').item.json.body.url }}"


def single(left: Any, operation: str, kind: str = "string") -> dict[str, Any]:
    condition = is_(left, "", operation, kind)
    return {**condition, "operator": {**condition["operator"], "singleValue": True}}


def asked_twice(first: Any, second: Any, *wires: str, port: int = 0, **nodes: Any) -> Any:
    """A runs behind the first answer yes; the reader stands behind an answer to the second."""
    made = {"Go": GO, "First": first, "A": SET, "B": SET, "Second": second, "R": READER, **nodes}
    way = ("Go > First", "First.0 > A", "First.1 > B", "A > Second", "B > Second")
    return drawn(made, *way, f"Second.{port} > R", *wires)


YES = if_(single(URL, "notEmpty"))


@pytest.mark.parametrize(
    ("first", "second", "port"),
    [
        (YES, YES, 0),
        (YES, if_({**single(URL, "notEmpty"), "id": "another"}), 0),
        (YES, if_({**single(URL, "notEmpty"), "rightValue": "left over"}), 0),
        (YES, if_(single(URL, "empty")), 1),
        (if_(is_(URL, "a")), if_(is_(URL, "a")), 0),
        (if_(is_(URL, "a")), if_(is_(URL, "a", "notEquals")), 1),
        (if_(is_(URL, 3, "gt", "number")), if_(is_(URL, 3, "gt", "number")), 0),
        (
            if_(is_(URL, "a"), is_("={{ $('Go').item.json.n }}", "1")),
            if_(is_("={{ $('Go').item.json.n }}", "1"), is_(URL, "a")),
            0,
        ),
        (if_(is_('={{ $node["Go"].json.n }}', "1")), if_(is_('={{ $node["Go"].json.n }}', "1")), 0),
    ],
)
def test_the_same_answer_to_the_same_question_is_relied_upon(first, second, port):
    assert findings(asked_twice(first, second, port=port), UNRUN) == []
    assert len(findings(asked_twice(first, second, port=1 - port), UNRUN)) == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (YES, if_(single("={{ $('Go').item.json.body.address }}", "notEmpty"))),
        (YES, if_(single(URL, "empty"))),
        (YES, if_(single(URL, "notEmpty", "array"))),
        (if_(is_(URL, "a")), if_(is_(URL, "b"))),
        (if_(is_(URL, "a")), if_(is_(URL, "a", "contains"))),
        (if_(is_("={{ $json.url }}", "a")), if_(is_("={{ $json.url }}", "a"))),
        (if_(is_(URL, "={{ $now }}")), if_(is_(URL, "={{ $now }}"))),
        (if_(is_(URL, "={{ Math.random() }}")), if_(is_(URL, "={{ Math.random() }}"))),
        (if_(is_("a", "a")), if_(is_("a", "a"))),
        (
            if_(is_(URL, "a"), is_(URL, "b"), combinator="or"),
            if_(is_(URL, "a"), is_(URL, "b"), combinator="and"),
        ),
        (
            if_(is_(URL, "a"), is_(URL, "b")),
            if_(is_(URL, "a", "notEquals"), is_(URL, "b", "notEquals")),
        ),
    ],
)
def test_another_question_or_one_whose_answer_may_change_is_not(first, second):
    assert len(findings(asked_twice(first, second), UNRUN)) == 1


def test_what_is_asked_about_may_not_run_again_in_between():
    left = "={{ $('B').item.json.url }}"
    asks = if_(single(left, "notEmpty"))
    document = drawn(
        {"Go": GO, "B": SET, "First": asks, "A": SET, "Second": asks, "R": READER},
        "Go > B", "B > First", "First.0 > A", "A > Second", "First.1 > Second", "Second.0 > R",
        "First.1 > B",
    )  # fmt: skip
    assert len(findings(document, UNRUN)) == 1


def test_a_way_past_the_first_question_still_counts():
    document = asked_twice(YES, YES, "Go > X", "X > Second", X=SET)
    assert len(findings(document, UNRUN)) == 1


def test_a_first_question_that_is_switched_off_says_nothing():
    off = {**YES, "disabled": True}
    assert len(findings(asked_twice(off, YES), UNRUN)) == 1


def test_many_repeated_questions_stay_quick():
    count = 400
    nodes: dict[str, Any] = {"Go": GO, "A": SET, "R": READER}
    wires = ["Go > Q0", "Q0.0 > A", "A > Q1", "Q0.1 > Q1"]
    for number in range(count):
        nodes[f"Q{number}"] = YES
        if number > 0:
            behind = f"Q{number + 1}" if number + 1 < count else "R"
            wires += [f"Q{number}.0 > {behind}", f"Q{number}.1 > {behind}"]
    assert len(findings(drawn(nodes, *wires), UNRUN)) == 1
