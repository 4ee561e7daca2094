"""Edge cases: expressions that read a step which has not run, in n8n and in Make."""

from typing import Any

import pytest

from apps.workflows.analysis.findings import Confidence
from apps.workflows.inspection import inspect_document
from tests.workflows.analysis.builders import findings
from tests.workflows.analysis.drawing import drawn, if_, module, node, scenario

JSON = dict[str, Any]
UNRUN = "expression-reads-unrun-step"
GO, SET = node("manualTrigger"), node("set", 3.4)


def reads(name: str, how: str = "$('{}').item.json.x", **more: Any) -> JSON:
    return node("set", 3.4, value="={{ " + how.replace("{}", name) + " }}", **more)


def forked(reader: JSON, **nodes: JSON) -> JSON:
    """A goes one way only, B the other, and both lead to the reader."""
    made = {"Go": GO, "If": if_(), "A": SET, "B": SET, "R": reader, **nodes}
    return drawn(made, "Go > If", "If.0 > A", "If.1 > B", "A > R", "B > R")


# -- n8n ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "how",
    [
        "$('{}').item.json.x",
        '$node["{}"].json.x',
        '$items("{}")[0]',
        "$('{}').first().json.x ?? 1",
    ],
)
def test_a_step_on_one_of_two_ways_may_not_have_run(how):
    [found] = findings(forked(reads("A", how)), UNRUN)
    assert found.node_ids == ("R", "A")
    assert found.path == ("Go", "If", "B", "R")  # the way on which it does not run
    assert "does not run on every path" in found.message


def test_a_step_on_another_branch_never_runs_before():
    document = drawn(
        {"Go": GO, "If": if_(), "A": SET, "R": reads("A")}, "Go > If", "If.0 > A", "If.1 > R"
    )
    [found] = findings(document, UNRUN)
    assert "never runs before" in found.message
    assert found.confidence is Confidence.FIRM


def test_a_step_further_down_never_runs_before():
    document = drawn({"Go": GO, "R": reads("A"), "A": SET}, "Go > R", "R > A")
    assert len(findings(document, UNRUN)) == 1


def test_several_readers_of_one_step_are_one_finding():
    document = drawn(
        {"Go": GO, "If": if_(), "A": SET, "B": SET, "R": reads("A"), "S": reads("A")},
        "Go > If", "If.0 > A", "If.1 > B", "A > R", "B > R", "R > S",
    )  # fmt: skip
    [found] = findings(document, UNRUN)
    assert found.node_ids == ("R", "S", "A")


def test_reading_it_before_and_on_some_ways_are_two_things():
    document = drawn(
        {"Go": GO, "Q": reads("A"), "If": if_(), "A": SET, "B": SET, "R": reads("A")},
        "Go > Q", "Q > If", "If.0 > A", "If.1 > B", "A > R", "B > R",
    )  # fmt: skip
    assert {found.node_ids for found in findings(document, UNRUN)} == {("Q", "A"), ("R", "A")}


def test_the_error_output_leads_past_what_failed_to_come_later():
    document = drawn(
        {"Go": GO, "A": node("httpRequest", 4.2, onError="continueErrorOutput"), "B": SET,
         "R": reads("B")},
        "Go > A", "A.0 > B", "B > R", "A.1 > R",
    )  # fmt: skip
    assert len(findings(document, UNRUN)) == 1


def test_in_the_first_turn_of_a_loop_its_later_steps_have_not_run():
    document = drawn(
        {"Go": GO, "Loop": node("splitInBatches", 3), "R": reads("A"), "A": SET},
        "Go > Loop", "Loop.1 > R", "R > A", "A > Loop",
    )  # fmt: skip
    assert len(findings(document, UNRUN)) == 1


def test_alternatives_that_meet_in_a_merge_which_passes_on_what_comes():
    document = drawn(
        {"Go": GO, "If": if_(), "A": SET, "B": SET, "M": node("merge", 3), "R": reads("A")},
        "Go > If", "If.0 > A", "If.1 > B", "A > M.0", "B > M.1", "M > R",
    )  # fmt: skip
    assert len(findings(document, UNRUN)) == 1


@pytest.mark.parametrize(("first", "tentative"), [(-100, True), (100, False)])
def test_the_places_on_the_canvas_decide_between_parallel_branches(first, tentative):
    document = drawn(
        {"Go": GO, "A": SET, "R": reads("A")}, "Go > A", "Go > R",
        settings={"executionOrder": "v1"},
    )  # fmt: skip
    document["nodes"][1]["position"] = [200, first]
    [found] = findings(document, UNRUN)
    assert (found.confidence is Confidence.TENTATIVE) is tentative
    assert ("canvas" in found.message) is tentative


@pytest.mark.parametrize(
    "document",
    [
        forked(reads("If")),
        forked(reads("Go")),
        forked(reads("R")),
        forked(reads("Nobody")),
        forked(reads("A", "$('{}').isExecuted ? $('{}').item.json.x : 1")),
        forked(reads("A", "$if($('{}').isExecuted, $node['{}'].json.x, '')")),
        forked(reads("A", "$node['{}'].parameter.x")),
        forked(reads("A", "$('{}').params.x")),
        forked(node("set", 3.4, value="say $('A').item.json.x")),
        forked(node("code", 2, jsCode="// $('A').item.json.x\nreturn []")),
        forked(node("stickyNote", content="={{ $('A').item.json.x }}")),
        forked(reads("A", disabled=True)),
        forked(reads("A"), A={**SET, "disabled": True}),
    ],
)
def test_guarded_readings_and_what_is_none_are_fine(document):
    assert findings(document, UNRUN) == []


def test_a_test_further_up_guards_what_comes_behind_it():
    guard = if_({"leftValue": "={{ $('A').isExecuted }}", "rightValue": True})
    document = drawn(
        {"Go": GO, "If": if_(), "A": SET, "B": SET, "Ran?": guard, "R": reads("A")},
        "Go > If", "If.0 > A", "If.1 > B", "A > Ran?", "B > Ran?", "Ran?.0 > R",
    )  # fmt: skip
    assert findings(document, UNRUN) == []


def test_a_test_on_another_branch_guards_nothing():
    guard = if_({"leftValue": "={{ $('A').isExecuted }}", "rightValue": True})
    document = drawn(
        {"Go": GO, "If": if_(), "A": SET, "B": SET, "R": reads("A"), "Ran?": guard},
        "Go > If", "If.0 > A", "If.1 > B", "A > R", "B > R", "Go > Ran?",
    )  # fmt: skip
    assert len(findings(document, UNRUN)) == 1


@pytest.mark.parametrize("mode", ["append", "combine", "chooseBranch"])
def test_a_merge_waits_for_a_parallel_branch(mode):
    document = drawn(
        {"Go": GO, "A": SET, "B": SET, "M": node("merge", 3, mode=mode), "R": reads("A")},
        "Go > A", "Go > B", "A > M.0", "B > M.1", "M > R",
    )  # fmt: skip
    assert findings(document, UNRUN) == []


def test_behind_a_loop_over_items_its_body_has_run():
    document = drawn(
        {"Go": GO, "Loop": node("splitInBatches", 3), "A": SET, "R": reads("A")},
        "Go > Loop", "Loop.1 > A", "A > Loop", "Loop.0 > R",
    )  # fmt: skip
    assert findings(document, UNRUN) == []


def test_each_of_several_triggers_is_judged_by_itself():
    hook = node("webhook", 2, path="a")
    wires = ("Go > A", "Hook > R", "A > R")
    nodes = {"Go": GO, "Hook": hook, "A": SET, "R": reads("A")}
    assert findings(drawn(nodes, *wires), UNRUN) == []
    own = {**nodes, "R": reads("Hook")}
    assert findings(drawn(own, *wires), UNRUN) == []
    # From the trigger that comes to it, A is on one of two ways.
    past = drawn({**nodes, "If": if_()}, "Go > If", "If.0 > A", "If.1 > R", "A > R", "Hook > R")
    [found] = findings(past, UNRUN)
    assert found.path == ("Go", "If", "R")


def test_a_step_that_only_the_last_of_very_many_triggers_leads_to_is_not_judged():
    nodes = {f"T{n:02}": GO for n in range(30)} | {"A": SET, "R": reads("A")}
    wires = [f"T{n:02} > R" for n in range(29)]
    assert findings(drawn(nodes, *wires, "T29 > A", "A > R"), UNRUN) == []


def test_steps_that_no_run_comes_to_and_tools_of_an_agent_read_nothing():
    agent = "@n8n/n8n-nodes-langchain."
    tool = node(f"{agent}toolCode", 1.1, jsCode="return $('A').item.json.x")
    document = drawn(
        {"Go": GO, "Agent": node(f"{agent}agent", 1.7), "A": SET, "Tool": tool, "R": reads("A")},
        "Go > Agent", "Agent > A",
    )  # fmt: skip
    document["connections"]["Tool"] = {
        "ai_tool": [[{"node": "Agent", "type": "ai_tool", "index": 0}]]
    }
    assert findings(document, UNRUN) == []


@pytest.mark.parametrize("triggers", [1, 40])
def test_many_triggers_and_thousands_of_readers_are_looked_at_in_one_go(triggers):
    """Every step reads the one behind it; what would be squared takes minutes."""
    count = 3_000
    nodes = {f"T{n}": GO for n in range(triggers)}
    nodes |= {f"N{n}": reads(f"N{n + 1}") for n in range(count)}
    wires = [f"T{n} > N0" for n in range(triggers)]
    wires += [f"N{n} > N{n + 1}" for n in range(count - 1)]
    [item] = inspect_document(drawn(nodes, *wires))
    assert item.analysis is not None
    found = [each for each in item.analysis.findings if each.rule_id == UNRUN]
    assert len(found) == count - 1


# -- Make --------------------------------------------------------------------------------------


def variable(number: int, reads: Any = "", **more: Any) -> JSON:
    return module(number, "util:SetVariable2", mapper={"value": reads}, **more)


def routed(*routes: list[JSON], first: JSON | None = None) -> JSON:
    router = module(2, "builtin:BasicRouter", routes=[{"flow": flow} for flow in routes])
    return scenario(first or module(1, "gateway:CustomWebHook"), router)


def test_a_module_of_another_route_never_ran():
    [found] = findings(routed([variable(3)], [variable(4, "{{3.value}}")]), UNRUN)
    assert found.node_ids == ("4", "3")
    assert found.path == ("1", "2", "4")
    assert "never runs before" in found.message


def test_a_module_further_down_never_ran():
    document = scenario(variable(1), variable(2, "{{upper(3.value)}}"), variable(3))
    assert len(findings(document, UNRUN)) == 1


def branched(*flows: list[JSON], behind: JSON) -> JSON:
    """An if-else whose branches are merged again."""
    branches = [
        {"type": "else" if n else "condition", "merge": True, "flow": flow}
        for n, flow in enumerate(flows)
    ]
    split = module(2, "builtin:BasicIfElse", branches=branches)
    return scenario(variable(1), split, module(9, "builtin:BasicMerge"), behind)


def test_behind_the_merge_of_an_if_else_only_one_branch_has_run():
    document = branched([variable(3)], [variable(4)], behind=variable(10, "{{3.value}}"))
    [found] = findings(document, UNRUN)
    assert found.node_ids == ("10", "3")
    assert found.path == ("1", "2", "4", "9", "10")


@pytest.mark.parametrize(
    "document",
    [
        scenario(variable(1), variable(2, "{{1.value}}")),
        scenario(variable(1), variable(2, "{{1.`odd name`}}"), variable(3, "{{1.a}} {{2.b[].c}}")),
        routed([variable(3), variable(4, "{{3.value}} {{1.value}} {{2.value}}")]),
        routed([variable(3)], [variable(4, "3.value")]),
        routed([variable(3)], [variable(4, "{{3.5}}")]),
        routed([variable(3)], [variable(4, '{{"3.value"}}')]),
        routed([variable(3)], [variable(4, "{{13.value}}")]),
        routed([variable(3, "{{3.value}}")]),
        scenario(
            variable(1),
            module(2, "http:ActionSendData", onerror=[variable(3, "{{2.error}} {{1.value}}")]),
        ),
        branched([variable(3)], [variable(4)], behind=variable(10, "{{1.value}} {{9.value}}")),
        scenario(
            module(1, "builtin:BasicFeeder"),
            variable(2, "{{1.value}}"),
            module(3, "builtin:BasicAggregator", parameters={"feeder": 1}),
            variable(4, "{{2.value}} {{3.array}}"),
        ),
    ],
)
def test_modules_that_have_run_and_what_reads_none_are_fine(document):
    assert findings(document, UNRUN) == []


@pytest.mark.parametrize("value", [None, 7, [], [["{{3.x}}"]], {"a": {"b": None}}, True])
def test_parameters_of_any_type_are_endured(value):
    assert len(findings(routed([variable(3)], [variable(4, value)]), UNRUN)) <= 1
    assert findings(forked(node("set", 3.4, value=value)), UNRUN) == []
