"""Unreachable steps: the many ways in which a step is reached after all."""

from itertools import pairwise

from tests.workflows.analysis.builders import findings, highlevel, n8n
from tests.workflows.analysis.rules.flow_documents import (
    AGENT,
    HOOK,
    MODEL,
    NOTE,
    SET,
    START,
    TOOL,
    flow_file,
    main,
    module,
    node,
    scenario,
    serves,
    to,
    unchecked,
)

UNREACHABLE, ORPHAN = "unreachable-step", "orphan-step"


def chains(*rows):
    """n8n: every word of a row leads to the next; Start is a trigger, others are not."""
    names = sorted({name for row in rows for name in row.split()})
    connections: dict = {}
    for row in rows:
        for source, target in pairwise(row.split()):
            connections.setdefault(source, main([]))["main"][0].extend(to(target))
    nodes = [node(name, START if name.startswith("Start") else SET) for name in names]
    return n8n(nodes, connections, active=False)


def step(key, following=None, kind="add_contact_tag", **more):
    raw = {"id": key, "type": kind, "name": key.title(), "attributes": {"tags": ["x"]}, **more}
    return raw if following is None else {**raw, "next": following}


def inject(*targets):
    return {"id": "i", "type": "inject", "wires": [list(targets)]}


def test_sub_nodes_of_a_reachable_agent_are_reached():
    nodes = [node("Start", START), node("Agent", AGENT), node("Model", MODEL), node("Calc", TOOL)]
    connections = {
        "Start": main(to("Agent")),
        "Model": serves("Agent"),
        "Calc": serves("Agent", "ai_tool"),
    }
    assert findings(n8n(nodes, connections), UNREACHABLE) == []
    assert findings(n8n(nodes, connections), ORPHAN) == []


def test_sub_nodes_of_a_sub_node_are_reached():
    store = "@n8n/n8n-nodes-langchain.vectorStoreInMemory"
    embeddings = "@n8n/n8n-nodes-langchain.embeddingsOpenAi"
    nodes = [
        node("Start", START),
        node("Agent", AGENT),
        node("Store", store, parameters={"mode": "retrieve-as-tool"}),
        node("Embeddings", embeddings),
    ]
    connections = {
        "Start": main(to("Agent")),
        "Store": serves("Agent", "ai_tool"),
        "Embeddings": serves("Store", "ai_embedding"),
    }
    assert findings(n8n(nodes, connections), UNREACHABLE) == []


def test_a_fully_unconnected_step_belongs_to_the_other_rule():
    document = chains("Start A", "B")
    assert findings(document, UNREACHABLE) == []
    assert len(findings(document, ORPHAN)) == 1


def test_a_step_behind_an_error_output_is_reached():
    nodes = [node("Start", START), node("Call", onError="continueErrorOutput"), node("Alert")]
    connections = {"Start": main(to("Call")), "Call": main([], to("Alert"))}
    assert findings(n8n(nodes, connections), UNREACHABLE) == []


def test_a_flow_that_an_error_trigger_starts_is_reached():
    nodes = [node("Failed", "n8n-nodes-base.errorTrigger"), node("Tell")]
    assert findings(n8n(nodes, {"Failed": main(to("Tell"))}), UNREACHABLE) == []


def test_a_flow_behind_a_catch_node_is_reached():
    document = flow_file(
        inject("f"),
        {"id": "f", "type": "function"},
        {"id": "c", "type": "catch", "scope": None, "wires": [["d"]]},
        {"id": "d", "type": "debug"},
    )
    assert findings(document, UNREACHABLE) == []


def test_error_handlers_of_make_are_reached():
    handled = module(2, onerror=[module(5, "json:CreateJSON"), module(6, "builtin:Ignore")])
    assert findings(scenario(HOOK, handled), UNREACHABLE) == []


def test_routes_and_branches_of_make_are_reached():
    router = module(2, "builtin:BasicRouter", routes=[{"flow": [module(3)]}, {"flow": []}])
    assert findings(scenario(HOOK, router), UNREACHABLE) == []


def test_steps_behind_a_jump_are_reached():
    jump = step("jump", None, "goto", order=1, attributes={"targetNodeId": "c"})
    document = highlevel([step("a", "jump", order=0), jump, step("c", "d", order=2), step("d")])
    assert findings(document, UNREACHABLE) == []


def test_branches_without_marker_steps_are_reached():
    check = step(
        "check", None, "if_else", order=0,
        attributes={"if": True, "branches": [{"id": "br1", "name": "Yes"}]},
    )  # fmt: skip
    document = highlevel([check, step("a", "b", parentKey="br1", order=1), step("b", order=2)])
    assert findings(document, UNREACHABLE) == []


def test_disabled_steps_pass_on_and_are_no_findings_themselves():
    document = chains("Start A B", "C D")
    document["nodes"] = [{**n, "disabled": n["name"] in ("A", "C", "D")} for n in document["nodes"]]
    assert findings(document, UNREACHABLE) == []


def test_steps_behind_a_switched_off_trigger_are_switched_off_not_lost():
    nodes = [node("Start", START), node("A"), node("Start2", START, disabled=True), node("B")]
    connections = {"Start": main(to("A")), "Start2": main(to("B"))}
    assert findings(n8n(nodes, connections), UNREACHABLE) == []


def test_a_piece_of_a_flow_without_a_trigger_starts_where_nothing_leads_in():
    assert findings(chains("A B C"), UNREACHABLE) == []


def test_a_step_behind_a_node_type_we_do_not_know_may_be_reached():
    nodes = [node("Start", START), node("A"), node("Pull", "n8n-nodes-x.pull"), node("B")]
    connections = {"Start": main(to("A")), "Pull": main(to("B"))}
    assert findings(n8n(nodes, connections), UNREACHABLE) == []


def test_notes_and_config_nodes_are_not_steps():
    nodes = [node("Start", START), node("A"), node("Note", NOTE), node("Note2", NOTE)]
    connections = {"Start": main(to("A")), "Note": main(to("Note2"))}
    assert findings(n8n(nodes, connections), UNREACHABLE) == []
    document = flow_file(inject("f"), {"id": "f", "type": "debug"})
    document.append({"id": "broker", "type": "mqtt-broker", "broker": "example"})
    assert findings(document, UNREACHABLE) == []
    assert findings(document, ORPHAN) == []


def test_the_second_of_two_steps_with_one_name_is_not_called_unreachable():
    nodes = [node("Start", START), node("A"), node("A", id="copy"), node("B")]
    connections = {"Start": main(to("A")), "A": main(to("B"))}
    assert findings(n8n(nodes, connections), UNREACHABLE) == []
    assert findings(n8n(nodes, connections), ORPHAN) == []


def test_steps_kept_in_another_file_are_not_judged():
    document = highlevel([], fileUrl="https://files.leadconnectorhq.com/wf.json")
    assert findings(document, UNREACHABLE) == []
    assert unchecked(document, UNREACHABLE)


def test_a_long_unreachable_chain_is_found_in_linear_time():
    names = [f"N{number:05}" for number in range(20_000)]
    connections = {name: main(to(after)) for name, after in pairwise(names)}
    nodes = [node("Start", START), node("A"), *map(node, names)]
    [finding] = findings(n8n(nodes, {"Start": main(to("A")), **connections}), UNREACHABLE)
    assert len(finding.node_ids) == 20_000
