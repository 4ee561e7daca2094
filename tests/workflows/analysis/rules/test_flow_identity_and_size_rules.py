"""Edge cases of the rules about doubled names and ids, and about workflows that grew too large."""

import time

import pytest

from apps.workflows.analysis.config import Config
from apps.workflows.inspection import inspect_document
from tests.workflows.analysis.builders import findings, highlevel, n8n

SET = "n8n-nodes-base.set"
IF = "n8n-nodes-base.if"
START = "n8n-nodes-base.manualTrigger"
NOTE = "n8n-nodes-base.stickyNote"
NAME, ID, COMPLEX = "duplicate-step-name", "duplicate-step-id", "excessive-complexity"


def node(name, kind=SET, **more):
    return {
        "id": name.lower(), "name": name, "type": kind, "typeVersion": 2, "position": [0, 0],
        "parameters": {}, **more,
    }  # fmt: skip


def to(*names):
    return [{"node": name, "type": "main", "index": 0} for name in names]


def main(*outputs):
    return {"main": list(outputs)}


def sms(key, following=None, **more):
    raw = {"id": key, "type": "sms", "name": key.title(), "attributes": {"body": "Hi"}, **more}
    return raw if following is None else {**raw, "next": following}


def flow_file(*nodes, tab="tab"):
    placed = [{"z": tab, "x": 1, "y": 1, "wires": [], **each} for each in nodes]
    return [{"id": tab, "type": "tab", "label": tab}, *placed]


def module(number, kind="json:ParseJSON", **more):
    return {"id": number, "module": kind, "version": 1, "mapper": {}, **more}


def scenario(*flow):
    return {"name": "Scenario", "flow": list(flow), "metadata": {"instant": True}}


def reported(document, **options):
    config = Config(options={COMPLEX: {name: float(n) for name, n in options.items()}})
    [item] = inspect_document(document, config=config)
    return [each for each in item.analysis.findings if each.rule_id == COMPLEX]


# -- duplicate-step-name -----------------------------------------------------------------------


def test_nodes_that_share_a_name_are_one_finding_per_name():
    nodes = [node("A"), node("A", id="2"), node("A", id="3"), node("B"), node("B", id="b2")]
    found = findings(n8n(nodes, {}), NAME)
    assert {finding.node_ids for finding in found} == {("2", "3", "a"), ("b", "b2")}
    assert {finding.severity for finding in found} == {"high"}


def test_a_disabled_node_that_shares_its_name_with_another_is_reported():
    assert len(findings(n8n([node("A"), node("A", id="2", disabled=True)], {}), NAME)) == 1


@pytest.mark.parametrize(
    "nodes",
    [
        [node("A"), node("a", id="2")],
        [node("A"), node("A ", id="2")],
        [node("A"), node("A1")],
        [node("Note", NOTE), node("Note", NOTE, id="2")],
        [node("A", disabled=True), node("A", id="2", disabled=True)],
        [{**node("A"), "name": None}, {**node("B"), "name": None}],
        [{**node("A"), "name": ""}, {**node("B"), "name": ""}],
        [{**node("A"), "name": ["A"]}, {**node("B"), "name": ["A"]}],
    ],
)
def test_names_that_differ_or_say_nothing_are_no_duplicates(nodes):
    assert findings(n8n(nodes, {}), NAME) == []


def test_highlevel_steps_may_share_a_name():
    assert findings(highlevel([sms("a", "b"), sms("b", name="A")]), NAME) == []


# -- duplicate-step-id -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "document",
    [
        highlevel([sms("a", "b"), sms("b"), sms("b", name="Other")]),
        n8n([node("A", id="1"), node("B", id="1")], {}),
        flow_file({"id": "f", "type": "function"}, {"id": "f", "type": "debug"}),
        scenario(module(1, "gateway:CustomWebHook"), module(2), module(2)),
        scenario(
            module(1, "gateway:CustomWebHook"),
            module(3, "builtin:BasicRouter", routes=[{"flow": [module(2)]}, {"flow": [module(2)]}]),
        ),
    ],
)
def test_steps_that_share_an_id_are_reported_on_every_platform(document):
    [finding] = findings(document, ID)
    assert finding.severity == "high"
    assert len(finding.node_ids) == 2


def test_three_steps_with_one_id_are_one_finding():
    document = n8n([node(name, id="1") for name in "ABC"], {})
    [finding] = findings(document, ID)
    assert len(finding.node_ids) == 3


def test_the_second_step_with_an_id_is_not_called_lost_as_well():
    document = highlevel([sms("a", "b"), sms("b"), sms("b", name="Other")])
    assert findings(document, "orphan-step") == []
    assert findings(document, "unreachable-step") == []


@pytest.mark.parametrize(
    "document",
    [
        n8n([{**node("A"), "id": ""}, {**node("B"), "id": ""}], {}),
        n8n([{**node("A"), "id": None}, {**node("B"), "id": None}], {}),
        n8n([node("N", NOTE, id="1"), node("M", NOTE, id="1")], {}),
        n8n([node("A", id="x"), node("B", id="X")], {}),
        highlevel([{"type": "sms", "attributes": {}}, {"type": "sms", "attributes": {}}]),
        scenario(module(1, "gateway:CustomWebHook"), module(2), module(12)),
        flow_file({"id": "f", "type": "function"}, {"id": "g", "type": "function"}),
    ],
)
def test_ids_that_differ_or_are_missing_are_no_duplicates(document):
    assert findings(document, ID) == []


def test_a_trigger_and_a_step_may_share_an_id():
    trigger = {"id": "a", "type": "form_submission", "active": True}
    assert findings(highlevel([sms("a")], [trigger]), ID) == []


# -- excessive-complexity: steps ---------------------------------------------------------------


def texts(count):
    keys = [f"s{number}" for number in range(count)]
    return [sms(key, after) for key, after in zip(keys, [*keys[1:], None], strict=True)]


def test_more_than_sixty_steps_are_too_many():
    [finding] = findings(highlevel(texts(61)), COMPLEX)
    assert finding.severity == "low"
    assert "61 steps" in finding.message
    assert finding.node_ids == ("s0",)


def test_sixty_steps_and_their_triggers_are_not_too_many():
    triggers = [{"id": f"t{n}", "type": "form_submission", "active": True} for n in range(9)]
    assert findings(highlevel(texts(60), triggers), COMPLEX) == []


def test_in_n8n_the_trigger_is_a_step():
    names = [f"N{number}" for number in range(60)]
    connections = {
        source: main(to(target)) for source, target in zip(["S", *names], names, strict=False)
    }
    nodes = [node("S", START), *map(node, names)]
    assert len(findings(n8n(nodes, connections), COMPLEX)) == 1
    assert findings(n8n(nodes[:-1], connections), COMPLEX) == []


def test_markers_and_transitions_are_no_steps():
    steps = texts(55)
    for number in range(10):
        steps.append({"id": f"m{number}", "type": "transition", "name": "Time Out"})
        steps.append({"id": f"b{number}", "type": "if_else", "nodeType": "branch-yes"})
    assert findings(highlevel(steps), COMPLEX) == []


def test_notes_and_sub_nodes_are_no_steps():
    nodes = [node("S", START), *(node(f"N{n}", NOTE) for n in range(80))]
    model = "@n8n/n8n-nodes-langchain.lmChatOpenAi"
    nodes += [node(f"M{n}", model) for n in range(80)]
    assert findings(n8n(nodes, {}), COMPLEX) == []


def test_config_nodes_are_no_steps():
    document = flow_file({"id": "i", "type": "inject"})
    document += [{"id": f"c{n}", "type": "mqtt-broker"} for n in range(80)]
    document += [{"id": f"n{n}", "type": "comment", "z": "tab", "x": 1} for n in range(80)]
    assert findings(document, COMPLEX) == []


def test_the_tabs_of_node_red_are_counted_one_by_one():
    tabs = [
        [{"id": f"{tab}{n}", "type": "debug"} for n in range(count)]
        for tab, count in (("a", 50), ("b", 50))
    ]
    document = [*flow_file(*tabs[0], tab="t1"), *flow_file(*tabs[1], tab="t2")]
    assert findings(document, COMPLEX) == []
    assert len(findings(flow_file(*tabs[0], *tabs[1]), COMPLEX)) == 1


def test_modules_in_routes_count():
    route = {"flow": [module(n) for n in range(10, 75)]}
    router = module(2, "builtin:BasicRouter", routes=[route, {"flow": []}])
    assert len(findings(scenario(module(1, "gateway:CustomWebHook"), router), COMPLEX)) == 1


def test_the_limit_can_be_set():
    assert reported(highlevel(texts(61)), max_steps=61) == []
    assert len(reported(highlevel(texts(5)), max_steps=4)) == 1


# -- excessive-complexity: nesting -------------------------------------------------------------


def nested(depth, *, rejoin=False):
    """``depth`` ifs, each on the true output of the one before it."""
    names = [f"If{number:02}" for number in range(depth)]
    connections = {"S": main(to(names[0]))}
    for source, target in zip(names, [*names[1:], "End"], strict=True):
        connections[source] = main(to(target), to("End") if rejoin else to(f"Not{source}"))
    others = [f"Not{name}" for name in names]
    nodes = [node("S", START), node("End"), *map(node, others)]
    return n8n(nodes + [node(name, IF) for name in names], connections)


def in_a_row(count):
    """``count`` ifs one after the other, whose branches join again before the next."""
    names = [f"If{number:02}" for number in range(count)]
    connections = {"S": main(to(names[0]))}
    for source, target in zip(names, [*names[1:], "End"], strict=True):
        connections[source] = main(to(f"Yes{source}"), to(f"No{source}"))
        connections[f"Yes{source}"] = connections[f"No{source}"] = main(to(target))
    sides = [f"{side}{name}" for name in names for side in ("Yes", "No")]
    nodes = [node("S", START), node("End"), *map(node, sides)]
    return n8n(nodes + [node(name, IF) for name in names], connections)


def highlevel_nested(depth):
    steps = []
    for level in range(depth):
        key, inner = f"c{level}", f"c{level + 1}" if level + 1 < depth else "end"
        steps += [
            {
                "id": key, "type": "if_else", "name": key, "nodeType": "condition-node",
                "next": [f"{key}y", f"{key}n"],
                "attributes": {"if": True, "branches": [{"id": f"{key}y", "name": "Yes"}]},
            },
            {
                "id": f"{key}y", "type": "if_else", "nodeType": "branch-yes", "parentKey": key,
                "next": inner, "attributes": {"if": False},
            },
            {
                "id": f"{key}n", "type": "if_else", "nodeType": "branch-no", "parentKey": key,
                "attributes": {"else": True},
            },
        ]  # fmt: skip
    return highlevel([*steps, sms("end")])


@pytest.mark.parametrize("build", [nested, highlevel_nested])
def test_seven_conditions_inside_one_another_are_too_deep(build):
    [finding] = findings(build(7), COMPLEX)
    assert "inside one another" in finding.message
    assert len(finding.path) > 7
    assert findings(build(6), COMPLEX) == []


def test_conditions_one_after_the_other_are_not_nested():
    assert findings(in_a_row(12), COMPLEX) == []


def test_routers_inside_one_another_are_nested():
    inner = module(50)
    for level in range(7):
        inner = module(
            level + 10, "builtin:BasicRouter", routes=[{"flow": [inner]}, {"flow": [module(30)]}]
        )
    assert len(findings(scenario(module(1, "gateway:CustomWebHook"), inner), COMPLEX)) == 1


def test_filters_one_behind_the_other_nest_nothing():
    names = [f"F{number:02}" for number in range(12)]
    connections = {
        source: main(to(target)) for source, target in zip(["S", *names], names, strict=False)
    }
    nodes = [node("S", START), *(node(name, "n8n-nodes-base.filter") for name in names)]
    assert findings(n8n(nodes, connections), COMPLEX) == []


def test_parallel_paths_from_one_output_are_not_nested():
    names = [f"N{number:02}" for number in range(10)]
    connections = {
        source: main(to(target, f"Side{source}"))
        for source, target in zip(["S", *names], names, strict=False)
    }
    nodes = [node("S", START), *map(node, names)]
    nodes += [node(f"Side{source}") for source in ["S", *names]]
    assert findings(n8n(nodes, connections), COMPLEX) == []


def test_a_loop_around_one_condition_nests_nothing():
    nodes = [node("S", START), node("If", IF), node("A")]
    connections = {"S": main(to("If")), "If": main(to("A"), []), "A": main(to("If"))}
    assert findings(n8n(nodes, connections), COMPLEX) == []


def test_the_depth_can_be_set():
    assert reported(nested(7), max_nesting=7) == []
    assert len(reported(nested(3), max_nesting=2)) == 1
    assert reported(nested(20), max_nesting=10**6) == []


# -- excessive-complexity: paths ---------------------------------------------------------------


def test_twenty_four_conditions_make_too_many_paths():
    [finding] = findings(in_a_row(24), COMPLEX)
    assert "25 independent paths" in finding.message


def test_twenty_three_conditions_make_just_as_many_paths_as_allowed():
    steps = [step for step in in_a_row(23)["nodes"] if step["name"][:2] in ("S", "En", "If")]
    names = sorted(step["name"] for step in steps if step["name"].startswith("If"))
    connections = {"S": main(to(names[0]))}
    for source, target in zip(names, [*names[1:], "End"], strict=True):
        connections[source] = main(to(target), to(target))
    assert findings(n8n(steps, connections), COMPLEX) == []


def test_a_switch_with_many_outputs_makes_many_paths():
    rules = {"values": [{"outputKey": str(number)} for number in range(26)]}
    switch = node("Pick", "n8n-nodes-base.switch", typeVersion=3, parameters={"rules": rules})
    outputs = [to(f"A{number}") for number in range(26)]
    nodes = [node("S", START), switch, *(node(f"A{number}") for number in range(26))]
    document = n8n(nodes, {"S": main(to("Pick")), "Pick": {"main": outputs}})
    assert len(findings(document, COMPLEX)) == 1
    assert reported(document, max_cyclomatic=26) == []


def test_a_straight_flow_has_one_path():
    assert reported(highlevel(texts(50)), max_cyclomatic=1) == []


# -- excessive-complexity: size and shape of the input -----------------------------------------


def test_all_that_is_too_much_is_one_finding():
    [finding] = findings(in_a_row(40), COMPLEX)
    assert "steps and" in finding.message


@pytest.mark.parametrize("rejoin", [False, True])
def test_ten_thousand_conditions_are_measured_in_linear_time(rejoin):
    document = nested(9_000, rejoin=rejoin)
    started = time.perf_counter()
    reported(document, max_nesting=100)
    assert time.perf_counter() - started < 10


@pytest.mark.parametrize("z", [None, 3, ["tab"], {"a": 1}])
def test_a_node_on_no_tab_does_no_harm(z):
    document = flow_file({"id": "i", "type": "inject"})
    findings([*document, {"id": "x", "type": "debug", "z": z, "wires": []}], COMPLEX)
