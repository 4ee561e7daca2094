"""Edge cases of the rules about branches that lead nowhere or are missing."""

import pytest

from tests.workflows.analysis.builders import findings
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

EMPTY, DEFAULT, LOOSE = "empty-branch", "missing-default-branch", "unconnected-if-output"
SMS = step("sms", "sms", body="Hello")
ROOF, SOLAR = branch("roof", condition("service")), branch("solar", condition("city"))


def severities(document, rule_id):
    return [finding.severity.value for finding in findings(document, rule_id)]


# -- empty-branch: HighLevel ---------------------------------------------------------------


def test_a_named_branch_without_a_step_is_reported_with_its_marker():
    (finding,) = findings(flow(if_else("i", (ROOF, "sms"), (SOLAR, None), none="sms"), SMS), EMPTY)
    assert finding.severity.value == "medium"
    assert finding.node_ids == ("i", "solar")


def test_several_empty_branches_of_one_step_are_one_finding():
    third = branch("heat", condition("x"))
    document = flow(if_else("i", (ROOF, "sms"), (SOLAR, None), (third, None), none="sms"), SMS)
    assert severities(document, EMPTY) == ["medium"]


def test_an_empty_none_branch_counts_little():
    document = flow(if_else("i", (ROOF, "sms"), (SOLAR, "sms")), SMS)
    assert severities(document, EMPTY) == ["low"]


@pytest.mark.parametrize(
    "parts",
    [
        if_else("i", (ROOF, "sms")),
        if_else("i", (ROOF, None), none="sms"),
        if_else("i", (ROOF, None), (SOLAR, None)),
        if_else("i", (ROOF, "sms"), (SOLAR, "sms"), none="sms"),
        if_else("i", (ROOF, "sms"), (SOLAR, "gone"), none="sms"),
    ],
    ids=["filter", "inverted filter", "nothing works", "all work", "dangling"],
)
def test_a_filter_or_a_whole_fork_is_silent(parts):
    assert findings(flow(parts, SMS), EMPTY) == []


def test_a_disabled_condition_is_silent():
    head, *rest = if_else("i", (ROOF, "sms"), (SOLAR, None), none="sms")
    off = {**head, "advanceCanvasMeta": {"isDisabled": True}}
    assert findings(flow(off, rest, SMS), EMPTY) == []


def forked(kind, *entries, **attributes):
    """A multi-path step whose first branch works and whose others are empty."""
    head = {**step("i", kind, transitions=list(entries), **attributes), "cat": "multi-path"}
    marks = [
        step(entry["id"], "transition", "sms" if n == 0 else None)
        for n, entry in enumerate(entries)
    ]
    return flow({**head, "next": [entry["id"] for entry in entries]}, marks, SMS)


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("find_contact", ("contact_found", "contact_not_found")),
        ("find_opportunity", ("found", "not_found")),
        ("wait", ("primary", "timeout")),
        ("conversationai_book_appointment", ("booked", "not_booked")),
    ],
)
def test_found_and_timeout_paths_may_be_empty(kind, names):
    entries = [{"id": name, "name": name, "condition": name} for name in names]
    assert findings(forked(kind, *entries, type="reply"), EMPTY) == []


def test_an_empty_path_of_a_split_is_reported():
    a, b = {"id": "a", "name": "Path A"}, {"id": "b", "name": "Path B"}
    assert severities(forked("workflow_split", a, b), EMPTY) == ["medium"]


def test_the_default_branch_of_an_ai_decision_is_its_none_branch():
    yes = {"id": "y", "name": "Yes", "conditionType": "user-defined"}
    no = {"id": "n", "name": "No", "conditionType": "user-defined"}
    rest = {"id": "d", "name": "Default Branch", "conditionType": "pre-defined"}
    assert severities(forked("workflow_ai_decision_maker", yes, rest), EMPTY) == []
    assert severities(forked("workflow_ai_decision_maker", yes, no, rest), EMPTY) == ["medium"]


def test_files_without_marker_steps_are_read_by_the_parents_of_steps():
    head = {**step("i", "if_else", branches=[ROOF, SOLAR], noneBranchName="None")}
    head["next"] = ["roof", "solar", "none"]
    sms = {**SMS, "parentKey": "roof"}
    none = {**step("mail", "email"), "parentKey": "none"}
    assert severities(flow(head, sms, none), EMPTY) == ["medium"]


# -- empty-branch: Make --------------------------------------------------------------------


def filtered(number, about, operator="text:equal", value="x"):
    test = {"a": about, "o": operator, "b": value}
    return module(number, "slack:CreateMessage", filter={"name": "f", "conditions": [[test]]})


def routed(*flows, **more):
    routes = [{"flow": list(each)} for each in flows]
    router = module(2, "builtin:BasicRouter", routes=routes, **more)
    return scenario(module(1, "gateway:CustomWebHook"), router, sequential=True)


A, B = filtered(3, "{{1.a}}"), filtered(4, "{{1.b}}")


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (routed([A], []), ["medium"]),
        (routed([A], [B], [], parameters={"else": 2}), ["low"]),
        (routed([A], [], parameters={"else": 1}), []),
        (routed([], []), []),
        (routed([A], [B]), []),
    ],
    ids=["empty", "empty fallback", "fallback beside one", "nothing", "full"],
)
def test_an_empty_route_is_reported_beside_routes_that_work(document, expected):
    assert severities(document, EMPTY) == expected


def test_a_disabled_branch_of_an_if_else_is_silent():
    branches = [
        {"type": "condition", "label": "a", "flow": [module(3, "slack:CreateMessage")]},
        {"type": "condition", "label": "b", "flow": [], "disabled": True},
        {"type": "else", "flow": [module(4, "slack:CreateMessage")]},
    ]
    fork = module(2, "builtin:BasicIfElse", branches=branches)
    assert findings(scenario(module(1, "gateway:CustomWebHook"), fork), EMPTY) == []


# -- missing-default-branch ----------------------------------------------------------------

QUOTE, ORDER = all_of(is_("={{ $json.k }}", "quote")), all_of(is_("={{ $json.k }}", "order"))


def switched(made, *outputs):
    nodes = {"T": node("manualTrigger"), "S": made, "A": node("set")}
    return drawn(nodes, "T > S", *(f"S.{n} > A" for n in outputs))


@pytest.mark.parametrize(
    ("made", "outputs"),
    [
        (switch(QUOTE, ORDER), (0, 1)),
        (switch(QUOTE, ORDER, options={"fallbackOutput": "none"}), (0, 1)),
        (switch(QUOTE, ORDER, options={"fallbackOutput": "extra"}), (0, 1)),
        (switch(QUOTE), (0,)),
        (node("switch", 1, rules={"rules": [{"value2": 1}]}, fallbackOutput=3), (0,)),
        (node("switch", 2, rules={"rules": [{"value2": 1}, {"value2": 2}]}), (0, 1)),
    ],
    ids=["absent", "none", "extra unwired", "one rule", "v1 unwired", "v2 absent"],
)
def test_a_switch_that_drops_the_rest_is_reported(made, outputs):
    assert severities(switched(made, *outputs), DEFAULT) == ["medium"]


ALWAYS = [
    is_("={{ true }}", "", "true", "boolean"),
    is_("1", "1"),
    is_("={{ 1 }}", 1, "equals", "number"),
    is_("={{ $json.k }}", "={{ $json.k }}"),
    is_("={{ $json.k }}", ".*", "regex"),
    is_("={{ $json.k }}", "", "contains"),
    is_("={{ $json }}", "", "exists", "object"),
]


@pytest.mark.parametrize(
    ("made", "outputs"),
    [
        (switch(QUOTE, ORDER, options={"fallbackOutput": "extra"}), (0, 1, 2)),
        (switch(QUOTE, ORDER, options={"fallbackOutput": 1}), (0, 1)),
        (switch(QUOTE, ORDER, options={"fallbackOutput": "={{ 1 }}"}), (0, 1)),
        (switch(QUOTE, ORDER, mode="expression"), (0, 1)),
        (switch(QUOTE, options={"fallbackOutput": "none"}), (0,)),
        (switch(QUOTE, ORDER), ()),
        (switch(QUOTE, ORDER, disabled=True), (0, 1)),
        (switch(QUOTE, all_of(is_("={{ $json.k }}", "quote", "notEquals"))), (0, 1)),
        (switch(*(all_of(is_("={{ $json.a }}", "", op)) for op in ("empty", "notEmpty"))), (0, 1)),
        *[(switch(QUOTE, all_of(always)), (0, 1)) for always in ALWAYS],
    ],
)
def test_a_switch_that_leaves_nothing_over_is_silent(made, outputs):
    assert findings(switched(made, *outputs), DEFAULT) == []


def test_a_fallback_whose_connection_dangles_is_left_to_others():
    made = switch(QUOTE, options={"fallbackOutput": "extra"})
    document = drawn({"T": node("manualTrigger"), "S": made}, "T > S", "S.0 > T", "S.1 > gone")
    assert findings(document, DEFAULT) == []


def test_a_router_whose_routes_all_have_a_filter_is_reported():
    assert severities(routed([A], [B]), DEFAULT) == ["medium"]


@pytest.mark.parametrize(
    "document",
    [
        routed([A], [B], parameters={"else": 1}),
        routed([A], [module(4, "slack:CreateMessage")]),
        routed([A], [filtered(4, "{{1.a}}", "text:notequal")]),
        routed([A], [filtered(4, "1", "text:equal", "1")]),
        routed([filtered(3, "{{1.n}}", "number:greater", "5")],
               [filtered(4, "{{1.n}}", "number:lessorequal", "5")]),
        routed([A]),
    ],
    ids=["fallback", "no filter", "opposites", "always true", "numbers", "one route"],
)  # fmt: skip
def test_a_router_that_leaves_nothing_over_is_silent(document):
    assert findings(document, DEFAULT) == []


@pytest.mark.parametrize("last", [{"type": "else", "flow": []}, {"type": "condition", "flow": []}])
def test_an_if_else_drops_the_rest_only_without_an_else_branch(last):
    first = {"type": "condition", "label": "a", "flow": [module(3, "slack:CreateMessage")]}
    fork = module(2, "builtin:BasicIfElse", branches=[first, last])
    document = scenario(module(1, "gateway:CustomWebHook"), fork)
    assert bool(findings(document, DEFAULT)) == (last["type"] == "condition")


# -- unconnected-if-output -----------------------------------------------------------------

IF = if_(is_("={{ $json.a }}"))


@pytest.mark.parametrize(("output", "word"), [(0, "false"), (1, "true")])
def test_an_if_with_one_loose_output_is_mentioned(output, word):
    (finding,) = findings(switched(IF, output), LOOSE)
    assert finding.severity.value == "info"
    assert f"What is {word} for “S”" in finding.message


@pytest.mark.parametrize(
    "document",
    [
        switched(IF, 0, 1),
        switched(IF),
        switched(node("filter", 2.2, conditions=all_of()), 0),
        switched(if_(is_("={{ $json.a }}"), disabled=True), 0),
        drawn({"T": node("manualTrigger"), "S": IF}, "T > S", "S.0 > T", "S.1 > gone"),
    ],
    ids=["both", "none", "filter", "disabled", "dangling"],
)
def test_an_if_with_both_outputs_or_none_is_silent(document):
    assert findings(document, LOOSE) == []
