"""Edge cases of the rules about conditions that nothing meets or that leave nothing over."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.workflows.analysis.facts.conditions import Test as Condition
from apps.workflows.analysis.facts.logic import contradiction, includes
from tests.workflows.analysis.builders import findings, highlevel
from tests.workflows.analysis.drawing import (
    all_of,
    branch,
    condition,
    drawn,
    flow,
    if_,
    if_else,
    is_,
    node,
    step,
    switch,
)

NEVER, SHADOWED = "condition-never-matches", "shadowed-branch"
SMS = step("sms", "sms", body="Hello")


def asked(*conditions, operator="and", **doc):
    return flow(if_else("i", (branch("b", *conditions, operator=operator), "sms")), SMS, **doc)


def decided(made):
    return drawn({"T": node("manualTrigger"), "S": made, "A": node("set")}, "T > S", "S > A")


def severities(document, rule_id):
    return [finding.severity.value for finding in findings(document, rule_id)]


# -- condition-never-matches: HighLevel ----------------------------------------------------


@pytest.mark.parametrize(
    "conditions",
    [
        [condition("city", "==", "Bonn"), condition("city", "==", "Cologne")],
        [condition("city", "has_value"), condition("city", "has_no_value")],
        [condition("city", "==", "Bonn"), condition("city", "has_no_value")],
        [condition("city", "==", "Bonn"), condition("city", "!=", "Bonn")],
        [condition("city", "is-any-of", ["a", "b"]), condition("city", "is-any-of", ["c"])],
        [condition("n", ">", 10), condition("n", "<", 5)],
        [condition("n", ">=", "10"), condition("n", "<", "10")],
        [condition("tags", "index-of-true", ["a"]), condition("tags", "index-of-false", ["a"])],
        [condition("n", ">", "many")],
        [condition("status", "==", "ongoing", "opportunities")],
    ],
)
def test_a_condition_that_nothing_meets_is_reported_once(conditions):
    assert severities(asked(*conditions), NEVER) == ["medium"]


@pytest.mark.parametrize(
    "conditions",
    [
        [condition("city", "==", "Bonn"), condition("country", "==", "DE")],
        [condition("city", "==", "Bonn"), condition("city", "==", "bonn")],
        [condition("city", "!=", "Bonn"), condition("city", "!=", "Cologne")],
        [condition("city", "is-any-of", ["a", "b"]), condition("city", "is-any-of", ["b"])],
        [condition("city", "contains", "on"), condition("city", "==", "Bonn")],
        [condition("tags", "index-of-true", ["a"]), condition("tags", "index-of-true", ["b"])],
        [condition("tags", "==", "a"), condition("tags", "==", "b")],
        [condition("n", ">", 5), condition("n", "<", 10)],
        [condition("n", ">", "{{contact.limit}}")],
        [condition("d", ">", "2030-01-01")],
        [condition("d", "after", "today")],
        [condition("x", "==", "{{contact.a}}"), condition("x", "==", "{{contact.b}}")],
        [condition("status", "==", "won", "opportunities")],
        [condition("status", "==", "ongoing")],
        [condition("x", "resembles", "a"), condition("x", "==", "b"), condition("x", "==", "c")],
        [condition("", "==", "a"), condition("", "==", "b")],
        [],
    ],
)
def test_a_condition_that_something_may_meet_is_silent(conditions):
    assert findings(asked(*conditions), NEVER) == []


def test_either_of_two_values_is_no_contradiction():
    both = [condition("city", "==", "Bonn"), condition("city", "==", "Cologne")]
    assert findings(asked(*both, operator="or"), NEVER) == []


def test_segments_joined_by_and_contradict_each_other():
    one = branch("b", condition("city", "==", "Bonn"))
    other = branch("b", condition("city", "==", "Cologne"))
    one["segments"] += other["segments"]
    document = flow(if_else("i", (one, "sms")), SMS)
    assert severities(document, NEVER) == ["medium"]
    one["operator"] = "or"
    assert findings(document, NEVER) == []


def test_filters_of_a_trigger_that_exclude_each_other_are_reported():
    def trigger(*values):
        filters = [{"field": "calendar.id", "operator": "==", "value": value} for value in values]
        return {"id": "t", "type": "appointment", "active": True, "conditions": filters}

    assert severities(highlevel([SMS], [trigger("c1", "c2")]), NEVER) == ["medium"]
    assert findings(highlevel([SMS], [trigger("c1")]), NEVER) == []
    assert findings(highlevel([SMS], [{**trigger("c1", "c2"), "active": False}]), NEVER) == []


def in_account(kind, options, *conditions):
    field = {"id": "f1", "fieldKey": "contact.service", "dataType": kind, **options}
    return {"workflows": [asked(*conditions)], "customFields": [field]}


@pytest.mark.parametrize(
    "options",
    [
        {"picklistOptions": ["Roof", "Solar"]},
        {"options": [{"label": "Roof"}, {"value": "solar"}]},
    ],
)
@pytest.mark.parametrize("name", ["f1", "service", "contact.service"])
def test_a_value_outside_the_options_of_the_accounts_field_is_reported(options, name):
    one = ("SINGLE_OPTIONS", options)
    assert severities(in_account(*one, condition(name, "==", "Heating")), NEVER) == ["medium"]
    assert findings(in_account(*one, condition(name, "==", "Solar")), NEVER) == []
    assert findings(in_account(*one, condition(name, "is-any-of", ["x", "Roof"])), NEVER) == []
    assert findings(in_account(*one, condition("f2", "==", "Heating")), NEVER) == []


def test_without_the_accounts_fields_no_option_is_wrong():
    assert findings(asked(condition("f1", "==", "Heating")), NEVER) == []
    assert findings(in_account("TEXT", {}, condition("f1", "==", "Heating")), NEVER) == []


def test_a_number_field_is_not_compared_with_words():
    assert severities(in_account("NUMERICAL", {}, condition("f1", "==", "many")), NEVER)
    assert findings(in_account("NUMERICAL", {}, condition("f1", "==", "5")), NEVER) == []


def test_a_field_that_holds_several_values_can_have_two():
    both = [condition("f1", "==", "Roof"), condition("f1", "==", "Solar")]
    options = {"picklistOptions": ["Roof", "Solar"]}
    assert findings(in_account("CHECKBOX", options, *both), NEVER) == []


# -- condition-never-matches: n8n ----------------------------------------------------------

A = "={{ $json.a }}"


@pytest.mark.parametrize(
    "made",
    [
        if_(is_(A, "x"), is_(A, "y")),
        if_(is_(A, "", "true", "boolean"), is_(A, "", "false", "boolean")),
        if_(is_(A, "", "exists"), is_(A, "", "notExists")),
        if_(is_(A, 10, "gt", "number"), is_(A, 5, "lt", "number")),
        if_(is_(A, "high", "gt", "number")),
        if_(is_("{{ $json.a }}", 5, "equals", "number")),
        node("filter", 2.2, conditions=all_of(is_(A, "x"), is_(A, "x", "notEquals"))),
        node("if", 1, conditions={"number": [{"value1": A, "value2": "many"}]}),
        switch(all_of(is_(A, "x")), all_of(is_(A, "x"), is_(A, "y"))),
    ],
)
def test_an_n8n_condition_that_nothing_meets_is_reported_once(made):
    assert severities(decided(made), NEVER) == ["medium"]


@pytest.mark.parametrize(
    "made",
    [
        if_(is_(A, "x"), is_("={{ $json.b }}", "y")),
        if_(is_(A, "x"), is_(A, "y"), combinator="or"),
        if_(is_(A, "5", "gt", "number")),
        if_(is_(A, "={{ $json.limit }}", "gt", "number")),
        if_(is_(A, "", "gt", "number")),
        if_(is_(A, "x", "contains", "array"), is_(A, "y", "contains", "array")),
        if_(is_(A, "x", "contains"), is_(A, "y", "contains")),
        if_(is_(A, "^x", "regex"), is_(A, "x", "notEquals")),
        if_(is_(A, "x"), is_(A, "y"), disabled=True),
        node("if", 1, conditions={"string": [{"value1": A, "value2": "many"}]}),
        switch(all_of(is_(A, "x")), all_of(is_(A, "y"))),
    ],
)
def test_an_n8n_condition_that_something_may_meet_is_silent(made):
    assert findings(decided(made), NEVER) == []


# -- shadowed-branch -----------------------------------------------------------------------


def sorted_by(*groups):
    made = [(branch(f"b{n}", *group), "sms") for n, group in enumerate(groups)]
    return flow(if_else("i", *made), SMS)


WIDE_FIRST = [
    ([condition("city", "==", "a")], [condition("city", "==", "a")]),
    ([condition("city", "==", "a")], [condition("city", "==", "a"), condition("n", "==", "1")]),
    ([condition("city", "has_value")], [condition("city", "==", "a")]),
    ([condition("city", "is-any-of", ["a", "b"])], [condition("city", "==", "a")]),
    ([condition("city", "!=", "a")], [condition("city", "==", "b")]),
    ([condition("city", "contains", "on")], [condition("city", "==", "Bonn")]),
    ([condition("n", ">=", 100)], [condition("n", ">=", 5000)]),
    ([condition("n", ">", 1)], [condition("n", "==", 2)]),
]


@pytest.mark.parametrize(("wide", "narrow"), WIDE_FIRST)
def test_a_branch_behind_a_wider_one_is_reported(wide, narrow):
    assert severities(sorted_by(wide, narrow), SHADOWED) == ["low"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        *[(narrow, wide) for wide, narrow in WIDE_FIRST[1:]],
        ([condition("city", "==", "a")], [condition("city", "==", "b")]),
        ([condition("city", "==", "a")], [condition("town", "==", "a")]),
        ([condition("city", "contains", "ON")], [condition("city", "==", "Bonn")]),
        ([condition("x", "==", "{{a}}")], [condition("x", "==", "b")]),
        ([condition("x", "resembles", "a")], [condition("x", "resembles", "a")]),
        ([], [condition("x", "==", "a")]),
    ],
)
def test_a_branch_that_gets_something_is_silent(first, second):
    assert findings(sorted_by(first, second), SHADOWED) == []


def test_a_switch_of_n8n_is_read_from_the_top_unless_all_rules_are_tried():
    rules = [all_of(is_(A, 100, "gte", "number")), all_of(is_(A, 5000, "gte", "number"))]
    assert severities(decided(switch(*rules)), SHADOWED) == ["low"]
    assert findings(decided(switch(*reversed(rules))), SHADOWED) == []
    every = switch(*rules, options={"allMatchingOutputs": True})
    assert findings(decided(every), SHADOWED) == []
    assert findings(decided(switch(*rules, mode="expression")), SHADOWED) == []


# -- what follows from conditions, against trying values out -------------------------------

VALUES = ["", "a", "ab", "b", "A", "1", "1.0", "2", "10"]
TESTS = st.builds(
    Condition,
    st.just("f"),
    st.sampled_from(["is", "is not", "contains", "lacks", "starts with", "ends with", "above"])
    | st.sampled_from(["at least", "below", "at most", "filled", "blank"]),
    st.sampled_from(VALUES[1:]).map(lambda value: (value,)),
)
CLAUSES = st.lists(TESTS, min_size=1, max_size=3).map(tuple)


def passes(value, test):
    wanted = test.values[0]
    if test.operator in ("above", "at least", "below", "at most"):
        try:
            one, two = float(value), float(wanted)
        except ValueError:
            return False
        return {"above": one > two, "at least": one >= two, "below": one < two,
                "at most": one <= two}[test.operator]  # fmt: skip
    return {
        "is": value == wanted,
        "is not": value != wanted,
        "contains": wanted in value,
        "lacks": wanted not in value,
        "starts with": value.startswith(wanted),
        "ends with": value.endswith(wanted),
        "filled": value != "",
        "blank": value == "",
    }[test.operator]


@given(CLAUSES)
def test_what_is_called_a_contradiction_holds_for_no_value(clause):
    if contradiction(clause) is not None:
        assert not any(all(passes(value, test) for test in clause) for value in VALUES)


@given(CLAUSES, CLAUSES)
def test_what_is_said_to_be_included_holds_wherever_the_other_does(early, late):
    if includes((early,), (late,)):
        for value in VALUES:
            if all(passes(value, test) for test in late):
                assert all(passes(value, test) for test in early)
