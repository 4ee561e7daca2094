"""Questions asked twice: an If that asks what one before it asked, of data that is still the same.

Whoever takes an output of the second has taken that of the first, so what lies behind the first's
other output need not be thought of. Only questions about steps read by name are compared: what
``$json`` holds has changed on the way.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from apps.workflows.analysis.facts.expressions import references
from apps.workflows.analysis.facts.values import mapping, mappings, text
from apps.workflows.analysis.graph import Graph, Kind, Step

#: Different questions looked at, and of each the Ifs that may be the first to ask; more are no
#: drawing by hand.
_MOST_ASKED, _MOST_FIRST = 20, 4
#: Output of an If for those that the question is true of, and for the others.
_TRUE, _FALSE = 0, 1
#: Operations whose answers are each other's opposite.
_OPPOSITES = {
    "notEmpty": "empty", "notExists": "exists", "notEquals": "equals", "false": "true",
    "notContains": "contains", "notStartsWith": "startsWith", "notEndsWith": "endsWith",
    "notRegex": "regex",
}  # fmt: skip
#: A step read by name, and what of an expression changes from one moment or item to the next.
_BY_NAME = re.compile(
    r"\$\(\s*(?:'[^'\\]*'|\"[^\"\\]*\")\s*\)|\$node\[\s*(?:'[^'\\]*'|\"[^\"\\]*\")\s*\]"
)
_CHANGES = re.compile(r"\$|\b(?:Date|Math|now|random)\b")


@dataclass(frozen=True, slots=True)
class Answer:
    """An output of an If; taking that of a later one implies this one of an earlier."""

    step: int
    port: int


@dataclass(frozen=True, slots=True)
class _Question:
    step: int
    text: str
    opposite: bool
    names: frozenset[str]


def implied(graph: Graph) -> Mapping[tuple[int, int], Sequence[Answer]]:
    """For an If and its output the answers that earlier Ifs must have given."""
    return graph.shared(_implied)


def _implied(graph: Graph) -> dict[tuple[int, int], list[Answer]]:
    same: dict[str, list[_Question]] = {}
    for step in graph.of_kind(Kind.BRANCH):
        question = _question(graph, step)
        if question is not None:
            same.setdefault(question.text, []).append(question)
    asked = [questions for questions in same.values() if len(questions) > 1]
    if not asked:
        return {}
    looping = {step.index for loop in graph.loops for step in loop}
    named = {step.name: step.index for step in graph.steps}
    found: dict[tuple[int, int], list[Answer]] = {}
    for questions in asked[:_MOST_ASKED]:
        _compare(graph, questions, looping, named, found)
    return found


def _compare(
    graph: Graph,
    questions: Sequence[_Question],
    looping: set[int],
    named: Mapping[str, int],
    found: dict[tuple[int, int], list[Answer]],
) -> None:
    """What is asked about must not run again on the way from the first to the second."""
    about = {named.get(name, -1) for name in questions[0].names}
    steps = {question.step for question in questions}
    if -1 in about or not looping.isdisjoint(about | steps):
        return
    for first in questions[:_MOST_FIRST]:
        behind = graph.after(graph.steps[first.step])
        if not behind.isdisjoint(about):
            continue
        for second in questions:
            if second.step in behind:
                turned = first.opposite != second.opposite
                for port in (_TRUE, _FALSE):
                    answer = Answer(first.step, 1 - port if turned else port)
                    found.setdefault((second.step, port), []).append(answer)


def _question(graph: Graph, step: Step) -> _Question | None:
    """What an If asks, if two that ask it get the same answer."""
    asked = mapping(step.params.get("conditions"))
    rows = mappings(asked.get("conditions"))
    names = frozenset(each.name for each in references(graph).get(step.index, ()))
    if step.type != "n8n-nodes-base.if" or not rows or not names:
        return None
    tests = [_test(row) for row in rows]
    if not all(_lasts(side) for test in tests for side in test[:2]):
        return None
    opposite = False
    if len(tests) == 1:
        operation = tests[0][3]
        opposite = operation in _OPPOSITES
        tests[0][3] = _OPPOSITES.get(operation, operation)
    told = [sorted(tests, key=str), text(asked.get("combinator")), asked.get("options")]
    return _Question(step.index, json.dumps(told, sort_keys=True, default=str), opposite, names)


def _test(row: Mapping[str, Any]) -> list[Any]:
    operator = mapping(row.get("operator"))
    right = None if operator.get("singleValue") else row.get("rightValue")
    return [row.get("leftValue"), right, operator.get("type"), text(operator.get("operation"))]


def _lasts(value: Any) -> bool:
    """Whether a side of a comparison is the same whenever it is looked at."""
    if not isinstance(value, str) or not value.startswith("="):
        return True
    return _CHANGES.search(_BY_NAME.sub("", value)) is None
