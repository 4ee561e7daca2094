"""Which branch is taken, and why."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.workflows.analysis.drawing import (
    all_of,
    branch,
    condition,
    drawn,
    flow,
    if_,
    if_else,
    is_,
    module,
    node,
    scenario,
    step,
    switch,
)
from tests.workflows.analysis.simulate.walks import ended, path, walk

YES, NO = step("yes", "sms", body="Yes"), step("no", "sms", body="No")


def asks(*conditions, operator="and"):
    return flow(
        if_else("if", (branch("A", *conditions, operator=operator), "yes"), none="no"), YES, NO
    )


def takes(definition, **facts) -> str:
    return path(walk(definition, **facts))[-1]


@pytest.mark.parametrize(
    ("tags", "expected"),
    [(["hot"], "yes"), (["HOT "], "yes"), (["hotel"], "no"), ([], "no"), (["x", "hot"], "yes")],
)
def test_tags_are_compared_whole_and_without_case(tags, expected):
    assert takes(asks(condition("tags", "index-of-true", ["hot"])), tags=tags) == expected
    other = {"yes": "no", "no": "yes"}[expected]
    assert takes(asks(condition("tags", "index-of-false", ["hot"])), tags=tags) == other


@pytest.mark.parametrize(
    ("operator", "wanted", "value", "expected"),
    [
        ("==", "Berlin", "berlin", "yes"),
        ("==", "Berlin", "Bern", "no"),
        ("!=", "Berlin", "Bern", "yes"),
        ("!=", "Berlin", None, "yes"),
        ("has_value", "", "x", "yes"),
        ("has_value", "", "", "no"),
        ("has_value", "", None, "no"),
        ("has_no_value", "", None, "yes"),
        ("has_no_value", "", "x", "no"),
        ("contains", "er", "Berlin", "yes"),
        ("does-not-contain", "er", "Berlin", "no"),
        ("is-any-of", ["a", "b"], "B", "yes"),
        ("is-any-of", ["a", "b"], "c", "no"),
        (">", 10, "11", "yes"),
        (">", 10, 9, "no"),
        (">=", 10, 10, "yes"),
        ("<", 10, 9.5, "yes"),
        ("==", "10", 10.0, "yes"),
        ("after", "2026-01-01", "2026-02-01", "yes"),
        ("before", "2026-01-01", "2026-02-01", "no"),
    ],
)
def test_fields_are_compared_as_the_operator_says(operator, wanted, value, expected):
    fields = {} if value is None else {"contact.home_city": value}
    definition = asks(condition("homeCity", operator, wanted))
    assert takes(definition, fields=fields) == expected


def test_all_or_any_of_several_conditions_have_to_hold():
    two = [condition("tags", "index-of-true", ["a"]), condition("city", "==", "x")]
    assert takes(asks(*two), tags=["a"], fields={"city": "y"}) == "no"
    assert takes(asks(*two, operator="or"), tags=["a"], fields={"city": "y"}) == "yes"


def test_the_first_branch_whose_conditions_hold_is_taken():
    first, second = (
        branch("A", condition("tags", "index-of-true", ["a"])),
        branch("B", condition("tags", "index-of-true", ["b"])),
    )
    definition = flow(if_else("if", (first, "yes"), (second, "no")), YES, NO)
    assert takes(definition, tags=["a", "b"]) == "yes"
    walked = walk(definition, tags=["b"])
    assert path(walked)[-1] == "no"
    assert walked.steps[0].branch == "B"
    assert "“B” hold" in walked.steps[0].reason


def test_the_none_branch_is_for_those_whom_no_branch_takes():
    walked = walk(asks(condition("tags", "index-of-true", ["hot"])))
    assert walked.steps[0].branch == "if-none"
    assert "no branch hold" in walked.steps[0].reason


def test_what_the_facts_do_not_decide_goes_down_the_none_branch_and_says_so():
    unknown = condition("calendar", "==", "x", kind="appointment")
    walked = walk(asks(unknown))
    assert path(walked)[-1] == "no"
    assert "cannot be decided from the facts given" in walked.steps[0].reason


def test_an_opportunity_decides_when_it_is_given():
    stage = condition("pipelineStageId", "==", "won", kind="opportunities")
    assert takes(asks(stage), opportunity={"pipelineStageId": "won"}) == "yes"
    assert takes(asks(stage), opportunity={"pipelineStageId": "lost"}) == "no"
    assert "cannot be decided" in walk(asks(stage)).steps[0].reason


def test_what_earlier_steps_wrote_decides_later_conditions():
    definition = flow(
        step("tag", "add_contact_tag", "set", tags=["Hot"]),
        step("set", "update_contact_field", "if", actionType="update_field_data",
             fields=[{"field": "city", "value": "{{contact.home}}"}]),
        if_else("if", (branch("A", condition("tags", "index-of-true", ["hot"]),
                              condition("city", "==", "Bonn")), "yes"), none="no"),
        YES, NO,
    )  # fmt: skip
    assert takes(definition, fields={"home": "Bonn"}) == "yes"
    assert takes(definition, fields={"home": "Ulm"}) == "no"


def test_a_tag_that_was_removed_is_gone():
    definition = flow(
        step("untag", "remove_contact_tag", "if", tags=["hot"]),
        if_else("if", (branch("A", condition("tags", "index-of-true", ["hot"])), "yes"), none="no"),
        YES, NO,
    )  # fmt: skip
    assert takes(definition, tags=["hot"]) == "no"


# -- splits ------------------------------------------------------------------------------------


def split(*weights):
    ids = [f"p{n}" for n in range(len(weights))]
    paths = [{"id": each, "name": each} for each in ids]
    head = step(
        "split", "workflow_split", paths=paths,
        condition="random-split",
        extras={"weightDistribution": dict(zip(ids, weights, strict=True))},
    )  # fmt: skip
    marks = [{**step(each, "transition"), "cat": "transition"} for each in ids]
    return flow({**head, "next": ids, "cat": "multi-path"}, *marks)


def test_a_split_follows_its_weights_and_is_the_same_for_the_same_contact():
    definition = split(80, 20)
    taken = Counter(takes(definition, id=f"c{n}") for n in range(300))
    assert 200 < taken["p0"] < 280
    assert all(takes(definition, id="c7") == takes(definition, id="c7") for _ in range(3))


def test_a_path_without_weight_is_never_taken():
    assert {takes(split(0, 100), id=f"c{n}") for n in range(20)} == {"p1"}
    assert {takes(split(0, 0), id=f"c{n}") for n in range(40)} == {"p0", "p1"}


# -- n8n ---------------------------------------------------------------------------------------


def test_an_if_of_n8n_is_decided_by_what_its_expression_reads():
    definition = drawn(
        {"S": node("manualTrigger"), "I": if_(is_("={{ $json.body.city }}", "Bonn")),
         "Y": node("noOp"), "N": node("noOp")},
        "S > I", "I > Y", "I.1 > N",
    )  # fmt: skip
    assert takes(definition, fields={"city": "Bonn"}) == "Y"
    assert takes(definition, fields={"body.city": "Bonn"}) == "Y"
    assert takes(definition, fields={"city": "bonn"}) == "N"
    walked = walk(definition)
    assert path(walked)[-1] == "N"
    assert "cannot be decided from the facts given" in walked.steps[1].reason


@pytest.mark.parametrize(
    "left", ["={{ $('Form').item.json.city }}", '={{ $json["city"] }}', '={{$node["F"].json.city}}']
)
def test_a_value_may_be_read_in_several_ways(left):
    definition = drawn(
        {"S": node("manualTrigger"), "I": if_(is_(left, "x")), "Y": node("noOp"),
         "N": node("noOp")},
        "S > I", "I > Y", "I.1 > N",
    )  # fmt: skip
    assert takes(definition, fields={"city": "x"}) == "Y"


def test_a_switch_of_n8n_takes_the_first_output_whose_rule_holds():
    rules = [all_of(is_("={{ $json.kind }}", each)) for each in ("a", "b")]
    definition = drawn(
        {"S": node("manualTrigger"), "W": switch(*rules, options={"fallbackOutput": "extra"}),
         "A": node("noOp"), "B": node("noOp"), "C": node("noOp")},
        "S > W", "W > A", "W.1 > B", "W.2 > C",
    )  # fmt: skip
    assert [takes(definition, fields={"kind": each}) for each in "abz"] == ["A", "B", "C"]


def test_a_condition_that_does_not_hold_and_leads_nowhere_ends_the_run():
    definition = drawn(
        {"S": node("manualTrigger"), "I": if_(is_("={{ $json.city }}", "x")), "Y": node("noOp")},
        "S > I", "I > Y",
    )  # fmt: skip
    walked = walk(definition, fields={"city": "y"})
    assert path(walked) == ["S", "I"]
    assert ended(walked)[0] == "completed"


# -- Node-RED and Make -------------------------------------------------------------------------


def red(*rules, checkall="false", about="payload.city"):
    names = [f"o{n}" for n in range(len(rules))]
    nodes = [
        {"id": "in", "type": "inject", "z": "f", "wires": [["s"]]},
        {"id": "s", "type": "switch", "z": "f", "property": about, "propertyType": "msg",
         "rules": list(rules), "checkall": checkall, "outputs": len(rules),
         "wires": [[name] for name in names]},
        *[{"id": name, "type": "debug", "z": "f", "wires": []} for name in names],
    ]  # fmt: skip
    return [{"id": "f", "type": "tab", "label": "Flow"}, *nodes]


BONN, ELSE = {"t": "eq", "v": "Bonn", "vt": "str"}, {"t": "else"}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"payload.city": "Bonn"}, ["o0"]),
        ({"city": "Bonn"}, ["o0"]),
        ({"city": "Ulm"}, ["o1"]),
        ({}, ["o1"]),
    ],
)
def test_a_switch_of_node_red_is_decided_by_its_property(fields, expected):
    walked = walk(red(BONN, ELSE), fields=fields)
    assert path(walked)[2:] == expected
    assert ("cannot be decided" in walked.steps[1].reason) is not bool(fields)


def test_a_switch_that_checks_all_rules_takes_every_output_that_holds():
    longer = {"t": "gt", "v": "5", "vt": "num"}, {"t": "gt", "v": "9", "vt": "num"}, ELSE
    definition = red(*longer, checkall="true", about="payload")
    assert path(walk(definition, fields={"payload": 12}))[2:] == ["o0", "o1"]
    assert path(walk(definition, fields={"payload": 1}))[2:] == ["o2"]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [({"status": "Open"}, "done"), ({"status": "Closed"}, "filtered"), ({}, "done")],
)
def test_a_filter_of_make_lets_through_what_it_does_not_rule_out(fields, expected):
    is_open = {"a": "{{1.row.status}}", "o": "text:equal", "b": "Open"}
    wanted = {"name": "Open ones", "conditions": [[is_open]]}
    second = {**module(2, "a:b"), "filter": wanted}
    walked = walk(scenario(module(1, "gateway:CustomWebHook"), second), fields=fields)
    assert walked.steps[-1].outcome == expected
