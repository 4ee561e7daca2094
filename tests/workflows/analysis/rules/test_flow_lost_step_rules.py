"""Edge cases of the rules about steps that never run, and about workflows that have none."""

import json
from itertools import pairwise

import pytest

from apps.workflows.inspection import inspect_document
from tests.workflows.analysis.builders import findings, highlevel, n8n

SET = "n8n-nodes-base.set"
START = "n8n-nodes-base.manualTrigger"
NOTE = "n8n-nodes-base.stickyNote"
AGENT = "@n8n/n8n-nodes-langchain.agent"
MODEL = "@n8n/n8n-nodes-langchain.lmChatOpenAi"
TOOL = "@n8n/n8n-nodes-langchain.toolCalculator"
UNREACHABLE, ORPHAN, EMPTY = "unreachable-step", "orphan-step", "empty-workflow"


def node(name, kind=SET, **more):
    return {
        "id": name.lower(), "name": name, "type": kind, "typeVersion": 3.4, "position": [0, 0],
        "parameters": {}, **more,
    }  # fmt: skip


def to(*names, kind="main"):
    return [{"node": name, "type": kind, "index": 0} for name in names]


def main(*outputs):
    return {"main": list(outputs)}


def serves(name, kind="ai_languageModel"):
    return {kind: [to(name, kind=kind)]}


def chains(*rows):
    """n8n: every word of a row leads to the next; Start is a trigger, others are not."""
    names = sorted({name for row in rows for name in row.split()})
    connections: dict = {}
    for row in rows:
        words = row.split()
        for source, target in pairwise(words):
            connections.setdefault(source, main([]))["main"][0].extend(to(target))
    nodes = [node(name, START if name.startswith("Start") else SET) for name in names]
    return n8n(nodes, connections, active=False)


def step(key, following=None, kind="add_contact_tag", **more):
    raw = {"id": key, "type": kind, "name": key.title(), "attributes": {"tags": ["x"]}, **more}
    return raw if following is None else {**raw, "next": following}


def flow_file(*nodes):
    tab = {"id": "tab", "type": "tab", "label": "Flow"}
    return [tab, *({"z": "tab", "x": 1, "y": 1, "wires": [], **each} for each in nodes)]


def inject(*targets):
    return {"id": "i", "type": "inject", "wires": [list(targets)]}


def module(number, kind="json:ParseJSON", **more):
    return {"id": number, "module": kind, "version": 1, "mapper": {}, **more}


def scenario(*flow, orphans=()):
    metadata = {"instant": True, "designer": {"orphans": list(orphans)}}
    return {"name": "Scenario", "flow": list(flow), "metadata": metadata}


HOOK = module(1, "gateway:CustomWebHook")


def unchecked(document, rule_id):
    [item] = inspect_document(document)
    assert item.analysis is not None
    return [each.reason for each in item.analysis.not_checked if each.rule_id == rule_id]


# -- unreachable-step --------------------------------------------------------------------------


def test_an_unreachable_region_is_one_finding_that_begins_where_the_region_begins():
    [finding] = findings(chains("Start A", "Z Y X"), UNREACHABLE)
    assert finding.node_ids == ("z", "y", "x")
    assert finding.severity == "medium"
    assert finding.path == ("z",)


def test_two_regions_are_two_findings():
    found = findings(chains("Start A", "B C", "D E"), UNREACHABLE)
    assert [finding.node_ids for finding in found] == [("b", "c"), ("d", "e")]


def test_two_heads_that_lead_to_one_step_are_one_region():
    [finding] = findings(chains("Start A", "B D", "C D"), UNREACHABLE)
    assert set(finding.node_ids) == {"b", "c", "d"}


def test_a_lost_step_that_leads_into_the_flow_is_reported_without_the_flow():
    [finding] = findings(chains("Start A", "B A"), UNREACHABLE)
    assert finding.node_ids == ("b",)


def test_a_lost_circle_is_one_region():
    [finding] = findings(chains("Start A", "B C B"), UNREACHABLE)
    assert finding.node_ids == ("b", "c")


def test_a_region_that_hangs_together_through_a_disabled_step_is_one_finding():
    document = chains("Start A", "B C D")
    document["nodes"] = [{**n, "disabled": n["name"] == "C"} for n in document["nodes"]]
    [finding] = findings(document, UNREACHABLE)
    assert finding.node_ids == ("b", "d")


def test_a_region_that_writes_to_contacts_is_high():
    steps = [step("a", "b", order=0), step("b", order=1), step("x", "y", order=2), step("y")]
    [finding] = findings(highlevel(steps), UNREACHABLE)
    assert finding.node_ids == ("x", "y")
    assert finding.severity == "high"


def test_a_region_that_only_waits_is_medium():
    wait = {"type": "time", "startAfter": {"type": "days", "value": 1}}
    steps = [
        step("a", "b", order=0),
        step("b", order=1),
        step("x", "y", "wait", order=2, attributes=wait),
        step("y", None, "wait", order=3, attributes=wait),
    ]
    [finding] = findings(highlevel(steps), UNREACHABLE)
    assert finding.severity == "medium"


def test_lost_wires_of_node_red_are_reported():
    document = flow_file(
        inject("f"),
        {"id": "f", "type": "function"},
        {"id": "g", "type": "function", "wires": [["h"]]},
        {"id": "h", "type": "debug"},
    )
    [finding] = findings(document, UNREACHABLE)
    assert finding.node_ids == ("g", "h")


def test_what_makes_list_of_orphans_holds_together_is_one_region():
    document = scenario(HOOK, module(2), orphans=[[module(7), module(8)], [module(9)]])
    [finding] = findings(document, UNREACHABLE)
    assert finding.node_ids == ("7", "8")


def test_an_agent_whose_only_connection_is_its_model_is_reported_together_with_the_model():
    nodes = [node("Start", START), node("A"), node("Agent", AGENT), node("Model", MODEL)]
    connections = {"Start": main(to("A")), "Model": serves("Agent")}
    document = n8n(nodes, connections)
    [finding] = findings(document, UNREACHABLE)
    assert finding.node_ids == ("agent", "model")
    assert findings(document, ORPHAN) == []


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


def test_the_order_of_nodes_changes_no_finding():
    document = chains("Start A", "C B", "D B", "E")
    turned = {
        **document,
        "nodes": document["nodes"][::-1],
        "connections": dict(reversed(document["connections"].items())),
    }
    for rule_id in (UNREACHABLE, ORPHAN):
        once = findings(document, rule_id)
        assert once
        assert findings(turned, rule_id) == once


# -- orphan-step -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["B", "Model"])
def test_a_step_without_any_connection_is_an_orphan(name):
    kind = MODEL if name == "Model" else SET
    document = n8n([node("Start", START), node("A"), node(name, kind)], {"Start": main(to("A"))})
    [finding] = findings(document, ORPHAN)
    assert finding.node_ids == (name.lower(),)
    assert finding.severity == "low"


def test_a_highlevel_step_that_nothing_leads_to_and_that_leads_nowhere_is_an_orphan():
    document = highlevel([step("a", "b", order=0), step("b", order=1), step("c", order=2)])
    [finding] = findings(document, ORPHAN)
    assert finding.node_ids == ("c",)


def test_a_dangling_parent_key_does_not_connect_a_step():
    steps = [step("a", "b", order=0), step("b", order=1), step("c", order=2, parentKey="gone")]
    assert len(findings(highlevel(steps), ORPHAN)) == 1


def test_an_unwired_function_of_node_red_is_an_orphan():
    document = flow_file(inject("d"), {"id": "d", "type": "debug"}, {"id": "f", "type": "function"})
    [finding] = findings(document, ORPHAN)
    assert finding.node_ids == ("f",)


def test_a_list_of_one_among_makes_orphans_is_an_orphan():
    [finding] = findings(scenario(HOOK, module(2), orphans=[[module(9)]]), ORPHAN)
    assert finding.node_ids == ("9",)


def test_triggers_stand_alone():
    nodes = [node("Start", START), node("Hook", "n8n-nodes-base.webhook")]
    assert findings(n8n(nodes, {}), ORPHAN) == []
    assert findings(flow_file(inject(), {"id": "h", "type": "http in"}), ORPHAN) == []
    triggers = [{"id": "t", "type": "form_submission", "active": False}]
    assert findings(highlevel([step("a", "b"), step("b")], triggers), ORPHAN) == []


def test_notes_and_comments_stand_alone():
    document = n8n([node("Start", START), node("A"), node("N", NOTE)], {"Start": main(to("A"))})
    assert findings(document, ORPHAN) == []
    document = flow_file(inject("d"), {"id": "d", "type": "debug"}, {"id": "c", "type": "comment"})
    assert findings(document, ORPHAN) == []


def test_a_single_step_may_stand_alone():
    assert findings(n8n([node("A")], {}), ORPHAN) == []
    assert findings(n8n([node("A"), node("N", NOTE)], {}), ORPHAN) == []
    assert findings(highlevel([step("a")]), ORPHAN) == []
    assert findings(highlevel([step("a")], []), ORPHAN) == []
    assert findings(scenario(HOOK), ORPHAN) == []
    assert findings(flow_file({"id": "f", "type": "function"}), ORPHAN) == []


def test_the_first_step_needs_no_connection():
    triggers = [{"id": "t", "type": "form_submission", "active": True}]
    assert findings(highlevel([step("a")], triggers), ORPHAN) == []
    document = highlevel([step("a", order=0), step("x", "y", order=1), step("y", order=2)])
    assert findings(document, ORPHAN) == []


def test_a_disabled_step_may_be_parked():
    document = n8n(
        [node("Start", START), node("A"), node("B", disabled=True)], {"Start": main(to("A"))}
    )
    assert findings(document, ORPHAN) == []


def test_a_step_whose_connection_dangles_has_another_fault():
    document = n8n(
        [node("Start", START), node("A"), node("B")],
        {"Start": main(to("A")), "B": main(to("Gone"))},
    )
    assert findings(document, ORPHAN) == []
    assert len(findings(document, "dangling-step-reference")) == 1


def test_a_step_that_only_leads_to_itself_is_connected():
    document = n8n(
        [node("Start", START), node("A"), node("B")], {"Start": main(to("A")), "B": main(to("B"))}
    )
    assert findings(document, ORPHAN) == []


def test_a_catch_node_stands_alone():
    document = flow_file(inject("d"), {"id": "d", "type": "debug"}, {"id": "c", "type": "catch"})
    assert findings(document, ORPHAN) == []


# -- empty-workflow ----------------------------------------------------------------------------

TRIGGER = {"id": "t", "type": "form_submission", "active": True}


@pytest.mark.parametrize(
    "document",
    [
        highlevel([]),
        highlevel([], []),
        highlevel([], [TRIGGER]),
        n8n([], {}),
        n8n([node("N", NOTE)], {}),
        [{"id": "tab", "type": "tab", "label": "Flow"}],
        scenario(),
    ],
)
def test_a_workflow_without_a_step_is_empty(document):
    [finding] = findings(document, EMPTY)
    assert finding.severity == "medium"
    assert finding.node_ids == ()


@pytest.mark.parametrize(
    "document",
    [
        highlevel([step("a")]),
        highlevel([step("a", advanceCanvasMeta={"isDisabled": True})]),
        highlevel([step("a", None, "some_new_step")]),
        n8n([node("Start", START)], {}),
        n8n([node("A", disabled=True)], {}),
        flow_file(inject()),
        scenario(HOOK),
        scenario(orphans=[[module(1)]]),
        step("a"),
    ],
)
def test_a_workflow_with_any_step_is_not_empty(document):
    assert findings(document, EMPTY) == []


@pytest.mark.parametrize("key", ["fileUrl", "filePath"])
def test_content_that_is_kept_elsewhere_is_not_checked(key):
    document = {**highlevel([]), key: "https://files.leadconnectorhq.com/wf.json"}
    assert findings(document, EMPTY) == []
    assert unchecked(document, EMPTY)


def test_a_document_without_a_list_of_steps_is_not_checked():
    document = {"id": "w1", "name": "Listed only", "status": "published"}
    assert findings(document, EMPTY) == []
    assert unchecked(document, EMPTY)


def test_a_file_url_beside_real_steps_changes_nothing():
    document = highlevel([step("a")], fileUrl="https://files.leadconnectorhq.com/wf.json")
    assert findings(document, EMPTY) == []
    assert unchecked(document, EMPTY) == []


def test_the_findings_can_be_written_as_json():
    [finding] = findings(highlevel([]), EMPTY)
    assert json.dumps([finding.message, finding.fingerprint])
