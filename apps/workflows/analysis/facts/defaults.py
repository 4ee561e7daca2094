"""Whether the rules of a switch or router leave nothing over, so that no default is needed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from apps.workflows.analysis.facts.conditions import Test, branches, operator
from apps.workflows.analysis.facts.values import mapping, mappings, text
from apps.workflows.analysis.graph import Graph, Step

_EXPRESSION = re.compile(r"=\s*\{\{([^{}]{0,200})\}\}\s*")
_LITERAL = re.compile(r"true|false|-?\d{1,15}(?:\.\d{1,15})?|\"[^\"]{0,100}\"|'[^']{0,100}'")
#: Patterns that every text matches.
_ANYTHING = frozenset({"", ".*", "/.*/", "^.*$", "/^.*$/", "[\\s\\S]*"})
#: The item itself is always there.
_ITEM = frozenset({"$json", "$input.item", "$input.item.json"})
#: Operators of which one holds whenever the other does not.
_OPPOSITES = {
    frozenset(pair)
    for pair in (
        ("is", "is not"),
        ("one of", "none of"),
        ("contains", "lacks"),
        ("above", "at most"),
        ("at least", "below"),
        ("filled", "blank"),
        ("exists", "missing"),
    )
}


# -- n8n -----------------------------------------------------------------------------------


def passes_all(rule: Mapping[str, Any]) -> bool:
    """Whether a rule of a switch holds for every item, such as “true is true”."""
    group = mapping(rule.get("conditions"))
    conditions = mappings(group.get("conditions", []))
    if group.get("combinator") == "or":
        return any(map(_always, conditions))
    return bool(conditions) and all(map(_always, conditions))


def _always(condition: Mapping[str, Any]) -> bool:
    how = mapping(condition.get("operator"))
    operation = text(how.get("operation"))
    left, right = _plain(condition.get("leftValue")), _plain(condition.get("rightValue"))
    if operation in ("true", "false"):
        return left == operation
    word = operator(operation)
    if operation == "regex":
        return right in _ANYTHING
    if word in ("contains", "starts with", "ends with"):
        return not right
    if word in ("exists", "filled"):
        return left in _ITEM or bool(_LITERAL.fullmatch(left))
    return word == "is" and bool(left) and left == right


def _plain(value: Any) -> str:
    """A value without the braces of an expression around it and without quotes."""
    if isinstance(value, bool):
        return "true" if value else "false"
    shown = text(value)
    match = _EXPRESSION.fullmatch(shown)
    inner = match[1].strip() if match else shown
    return inner.strip("\"'") if _LITERAL.fullmatch(inner) and inner[:1] in "\"'" else inner


def covers_everything(step: Step, graph: Graph) -> bool:
    """Whether two of the rules are opposites: “is paid” and “is not paid”."""
    single = [
        branch.clauses[0][0]
        for branch in branches(graph).get(step.index, ())
        if len(branch.clauses) == 1 and len(branch.clauses[0]) == 1
    ]
    by_field: dict[str, list[Test]] = {}
    for test in single:
        for other in by_field.setdefault(test.field, []):
            if _opposed(test, other):
                return True
        by_field[test.field].append(test)
    return False


def _opposed(a: Test, b: Test) -> bool:
    if frozenset((a.operator, b.operator)) in _OPPOSITES:
        return a.values == b.values
    booleans = {a.values, b.values} == {("true",), ("false",)}
    return booleans and a.operator == b.operator == "is" and a.type == b.type == "boolean"


# -- Make ----------------------------------------------------------------------------------

_MAKE_OPPOSITES = {
    frozenset(pair)
    for pair in (
        ("equal", "notequal"),
        ("exist", "notexist"),
        ("contain", "notcontain"),
        ("greater", "lessorequal"),
        ("less", "greaterorequal"),
    )
}


def make_passes_all(filters: Sequence[Mapping[str, Any]]) -> bool:
    """Whether one of the routes has no real filter, or two have opposite ones."""
    single: dict[str, list[tuple[str, str]]] = {}
    for each in filters:
        groups = [
            mappings(group) for group in _list(each.get("conditions")) if isinstance(group, list)
        ]
        if not any(groups) or any(group and all(map(_holds, group)) for group in groups):
            return True
        if len(groups) == 1 and len(groups[0]) == 1:
            about, how, value = _parts(groups[0][0])
            for other, wanted in single.setdefault(about, []):
                if frozenset((how, other)) in _MAKE_OPPOSITES and value == wanted:
                    return True
                if how == other == "equal" and {value, wanted} == {"true", "false"}:
                    return True
            single[about].append((how, value))
    return False


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _parts(condition: Mapping[str, Any]) -> tuple[str, str, str]:
    """What a condition is about, its operator without type and options, and the value."""
    operation = text(condition.get("o"))
    how = operation.split(":")[1] if ":" in operation else operation
    value = condition.get("b")
    shown = str(value).lower() if isinstance(value, bool) else text(value)
    return text(condition.get("a")), how, shown


def _holds(condition: Mapping[str, Any]) -> bool:
    about, how, value = _parts(condition)
    return how == "equal" and bool(about) and about == value
