"""The conditions of if, filter and switch steps in one form, whatever platform wrote them.

A branch is a list of clauses, one of which has to hold; a clause is a tuple of tests, all of
which have to. What cannot be read for certain (an expression as a whole condition, an operator
we do not know) leaves the branch unread.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from apps.workflows.analysis.facts.values import mapping, mappings, text
from apps.workflows.analysis.graph import HIGHLEVEL, N8N, Graph, Kind

#: A step with more branches, clauses or tests than this is not read: nobody draws that many.
MOST = 60


@dataclass(frozen=True, slots=True)
class Test:
    """``field operator values``; ``operator`` is one of the words that ``_WORDS`` starts with.

    ``several`` marks fields that hold a list, such as tags. ``type`` is what the step compares
    as: ``number``, ``text``, ``date``, ``boolean`` or empty where it does not say;
    ``is_literal`` is set where a plain text stands in the place of the field.
    """

    field: str
    operator: str
    values: tuple[str, ...] = ()
    type: str = ""
    several: bool = False
    is_literal: bool = False

    @property
    def is_fixed(self) -> bool:
        """Whether all it compares with stands in the file."""
        return not any("{{" in value or value.startswith("=") for value in self.values)


Clause = tuple[Test, ...]


@dataclass(frozen=True, slots=True)
class Branch:
    """One way out of a step; ``clauses`` is empty where it could not be read."""

    name: str
    clauses: tuple[Clause, ...] = ()


#: Our word for each of the platforms' operators, written with single dashes and in lower case.
_WORDS = {
    written: word
    for word, spellings in {
        "is": "== = === eq is equal equals is-equal is-equal-to equal-to true false",
        "is not": "!= <> ne is-not not-equal not-equals not-equal-to is-not-equal does-not-equal",
        "one of": "in is-any-of any-of is-one-of includes-any",
        "none of": "not-in is-none-of none-of is-not-any-of",
        "contains": "contain contains index-of-true string-contains includes",
        "lacks": "not-contains not-contain does-not-contain index-of-false does-not-include",
        "starts with": "starts-with startswith begins-with",
        "ends with": "ends-with endswith",
        "above": "> gt larger greater-than after is-greater-than is-after",
        "at least": ">= gte larger-equal after-or-equals greater-than-or-equal",
        "below": "< lt smaller less-than before is-less-than is-before",
        "at most": "<= lte smaller-equal before-or-equals less-than-or-equal",
        "filled": "has-value not-empty is-not-empty",
        "blank": "has-no-value empty is-empty",
        "exists": "exists",
        "missing": "not-exists",
    }.items()
    for written in spellings.split()
}
UNARY = frozenset({"filled", "blank", "exists", "missing"})


def branches(graph: Graph) -> dict[int, list[Branch]]:
    """The branches of every enabled branching step by its index, in the order they are tried."""
    return graph.shared(_branches)


def _branches(graph: Graph) -> dict[int, list[Branch]]:
    read = {HIGHLEVEL: highlevel_branches, N8N: _n8n}.get(graph.platform)
    return {step.index: read(step.params) for step in graph.of_kind(Kind.BRANCH)} if read else {}


def operator(written: Any) -> str:
    """Our word for an operator; empty for one we do not know."""
    return _word(text(written)[:40])


@lru_cache(maxsize=1024)
def _word(written: str) -> str:
    if not written.isupper():
        written = "".join([f"-{letter}" if letter.isupper() else letter for letter in written])
    return _WORDS.get(written.lower().replace("_", "-").replace(" ", "-"), "")


# -- HighLevel -----------------------------------------------------------------------------

_LISTS = frozenset({"tags", "tag"})


def highlevel_branches(attributes: Mapping[str, Any]) -> list[Branch]:
    """The branches that a step of HighLevel names in its attributes."""
    found = mappings(attributes.get("branches"))
    return [_highlevel_branch(branch) for branch in found] if len(found) <= MOST else []


def _highlevel_branch(branch: Mapping[str, Any]) -> Branch:
    name = text(branch.get("name"))
    segments = [_segment(segment) for segment in mappings(branch.get("segments"))]
    if not segments or any(not segment for segment in segments):
        return Branch(name)
    if text(branch.get("operator")).lower() == "or":
        clauses = [clause for segment in segments for clause in segment]
        return Branch(name, tuple(clauses[:MOST]))
    if any(len(segment) > 1 for segment in segments) and len(segments) > 1:
        return Branch(name)  # an AND of ORs: read as it stands it would have to be multiplied out
    if len(segments) == 1:
        return Branch(name, tuple(segments[0]))
    return Branch(name, (tuple(test for segment in segments for test in segment[0]),))


def _segment(segment: Mapping[str, Any]) -> list[Clause]:
    """The clauses of a group of conditions; none if one of them cannot be read."""
    tests = []
    for condition in mappings(segment.get("conditions"))[: MOST + 1]:
        test = _highlevel_test(condition)
        if test is None:
            return []
        tests.append(test)
    if not tests or len(tests) > MOST:
        return []
    either = text(segment.get("operator")).lower() == "or"
    return [(test,) for test in tests] if either else [tuple(tests)]


def _highlevel_test(condition: Mapping[str, Any]) -> Test | None:
    about = text(condition.get("conditionSubType"))
    written = text(condition.get("conditionOperator"))
    word = operator(written)
    if not about or not word:
        return None
    parts = (text(condition.get("conditionType")), text(condition.get("ifElseNodeId")), about)
    values = tuple(_scalars(condition.get("conditionValue")))
    if word not in UNARY and not values:
        return None
    if len(values) > 1:
        word = {"is": "one of", "is not": "none of"}.get(word, word)
    kind = "date" if "after" in written or "before" in written else ""
    return Test(".".join(part for part in parts if part), word, values, kind, about in _LISTS)


def _scalars(value: Any) -> Iterator[str]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, bool):
            yield "true" if item else "false"
        elif found := text(item):
            yield found


# -- n8n -----------------------------------------------------------------------------------

_TYPES = {"number": "number", "string": "text", "dateTime": "date", "boolean": "boolean"}
_LIST_TYPES = frozenset({"array", "object"})


def _n8n(params: Mapping[str, Any]) -> list[Branch]:
    rules = params.get("rules")
    if isinstance(rules, dict):
        values = mappings(rules.get("values", rules.get("rules")))
        if len(values) > MOST or text(params.get("mode")) == "expression":
            return []
        if "values" in rules:
            return [_n8n_rule(rule) for rule in values]
        return [_old_rule(rule, params) for rule in values]
    conditions = mapping(params.get("conditions"))
    return [Branch("", tuple(_n8n_clauses(conditions, params)))] if conditions else []


def _n8n_rule(rule: Mapping[str, Any]) -> Branch:
    clauses = _n8n_clauses(mapping(rule.get("conditions")), {})
    return Branch(text(rule.get("outputKey")), tuple(clauses))


def _n8n_clauses(conditions: Mapping[str, Any], params: Mapping[str, Any]) -> list[Clause]:
    if isinstance(conditions.get("conditions"), list):
        tests = [_n8n_test(each) for each in mappings(conditions["conditions"])]
        either = text(conditions.get("combinator")) == "or"
    else:  # version 1: conditions by type
        tests = [
            _old_test(each, kind) for kind in _TYPES for each in mappings(conditions.get(kind, []))
        ]
        either = text(params.get("combineOperation")) == "any"
    known = [test for test in tests if test is not None]
    if not known or len(known) < len(tests) or len(known) > MOST:
        return []
    return [(test,) for test in known] if either else [tuple(known)]


def _n8n_test(condition: Mapping[str, Any]) -> Test | None:
    how = mapping(condition.get("operator"))
    kind, operation = text(how.get("type")), text(how.get("operation"))
    word = operator(operation)
    return _test(
        condition.get("leftValue"),
        word,
        [operation] if operation in ("true", "false") else _scalars(condition.get("rightValue")),
        kind,
    )


def _old_test(condition: Mapping[str, Any], kind: str) -> Test | None:
    default = {"number": "smaller", "dateTime": "after"}.get(kind, "equal")
    word = operator(condition.get("operation", default))
    return _test(condition.get("value1"), word, _scalars(condition.get("value2")), kind)


def _old_rule(rule: Mapping[str, Any], params: Mapping[str, Any]) -> Branch:
    kind = text(params.get("dataType")) or "number"
    test = _old_test({**rule, "value1": params.get("value1")}, kind)
    return Branch(text(rule.get("outputKey")), ((test,),) if test else ())


def _test(left: Any, word: str, right: Any, kind: str) -> Test | None:
    """A test of n8n: what it is about is an expression or, by mistake, a literal."""
    about = " ".join(text(left).split())
    values = tuple(right)
    if not about or not word or (word not in UNARY and not values):
        return None
    return Test(
        about,
        word,
        () if word in UNARY else values,
        _TYPES.get(kind, ""),
        kind in _LIST_TYPES,
        not about.startswith("="),
    )
