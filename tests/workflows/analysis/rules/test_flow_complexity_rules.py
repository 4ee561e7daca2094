"""Edge cases of the rule about workflows that have grown too large."""

import time

import pytest

from apps.workflows.analysis.config import Config
from apps.workflows.inspection import inspect_document
from tests.workflows.analysis.builders import findings, highlevel, n8n
from tests.workflows.analysis.rules.flow_documents import (
    IF,
    NOTE,
    START,
    flow_file,
    main,
    module,
    node,
    scenario,
    sms,
    to,
)

COMPLEX = "excessive-complexity"


def reported(document, **options):
    config = Config(options={COMPLEX: {name: float(n) for name, n in options.items()}})
    [item] = inspect_document(document, config=config)
    assert item.analysis is not None
    return [each for each in item.analysis.findings if each.rule_id == COMPLEX]


# -- steps -------------------------------------------------------------------------------------


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


# -- nesting -----------------------------------------------------------------------------------


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


# -- paths -------------------------------------------------------------------------------------


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


# -- size and shape of the input ---------------------------------------------------------------


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
