"""n8n connections: kinds and labels per version, error outputs, sub-nodes, and what is wrong."""

import pytest

from apps.workflows.analysis.graph import Dangling, EdgeKind
from apps.workflows.platforms import n8n
from apps.workflows.platforms.base import Source

BASE, AI = "n8n-nodes-base.", "@n8n/n8n-nodes-langchain."


def node(name, node_type=BASE + "set", version=1, **more):
    return {"id": name, "name": name, "type": node_type, "typeVersion": version, **more}


def target(name, index=0, kind="main"):
    return {"node": name, "type": kind, "index": index}


def graph(nodes, connections):
    return n8n.translate(Source({"nodes": nodes, "connections": connections}))


def leaving(source, outputs):
    """The edges that leave a node with so many outputs in use: ``(port, kind, label)``."""
    names = [f"t{n}" for n in range(outputs)]
    read = graph(
        [source, *(node(name) for name in names)],
        {source["name"]: {"main": [[target(name)] for name in names]}},
    )
    return [(edge.port, edge.kind.value, edge.label) for edge in read.edges]


def labels(source, outputs):
    return [label for _, _, label in leaving(source, outputs)]


def if_node(version=2.3, **more):
    return node("S", BASE + "if", version, **more)


def switch(version, **params):
    return node("S", BASE + "switch", version, parameters=params)


# -- kinds and labels --------------------------------------------------------------------------


def test_plain_step_leads_to_the_next_with_its_ports():
    read = graph([node("A"), node("B")], {"A": {"main": [[target("B", 1)]]}})
    (edge,) = read.edges
    assert (edge.source, edge.target, edge.kind, edge.label) == (0, 1, EdgeKind.NEXT, "")
    assert (edge.port, edge.target_port) == (0, 1)


@pytest.mark.parametrize("version", [1, 2, 2.1, 2.2, 2.3])
def test_if_has_a_true_and_a_false_branch(version):
    assert leaving(if_node(version), 2) == [(0, "branch", "true"), (1, "branch", "false")]


def test_filter_has_one_branch():
    assert leaving(node("S", BASE + "filter", 2.2), 1) == [(0, "branch", "kept")]


def test_batches_of_version_3_are_done_first_and_loop_second():
    source = node("S", BASE + "splitInBatches", 3)
    assert leaving(source, 2) == [(0, "next", "done"), (1, "loop", "loop")]


def test_batches_of_version_2_loop_first_and_are_done_second():
    source = node("S", BASE + "splitInBatches", 2)
    assert leaving(source, 2) == [(0, "loop", "loop"), (1, "next", "done")]


def test_batches_of_version_1_only_loop():
    assert leaving(node("S", BASE + "splitInBatches", 1), 1) == [(0, "loop", "loop")]


def test_switch_of_version_3_has_its_rules_and_the_fallback_it_was_given():
    rules = {
        "values": [
            {"renameOutput": True, "outputKey": "Paid"},
            {"outputKey": "={{ $json.name }}"},
            {"renameOutput": False, "outputKey": "Old name"},
            {},
        ]
    }
    source = switch(3.2, rules=rules, options={"fallbackOutput": "extra"})
    assert labels(source, 5) == ["Paid", "rule 2", "rule 3", "rule 4", "fallback"]
    assert {kind for _, kind, _ in leaving(source, 5)} == {"branch"}
    assert labels(switch(3.2, rules=rules), 5)[4] == ""


def test_switch_of_version_2_has_its_rules():
    rules = {"rules": [{"outputKey": "Paid"}, {"outputKey": ""}]}
    assert labels(switch(2, rules=rules), 2) == ["Paid", "rule 2"]


def test_switch_of_version_1_sends_its_rules_to_four_outputs():
    rules = {"rules": [{"value2": "a"}, {"value2": "b", "output": 2}]}
    assert labels(switch(1, rules=rules, fallbackOutput=3), 4) == [
        "rule 1",
        "",
        "rule 2",
        "fallback",
    ]


@pytest.mark.parametrize(("version", "count"), [(3.4, "numberOutputs"), (2, "outputsAmount")])
def test_switch_in_expression_mode_has_numbered_outputs(version, count):
    source = switch(version, mode="expression", **{count: 2})
    assert labels(source, 2) == ["output 0", "output 1"]
    unknown = switch(version, mode="expression", **{count: "={{ 3 }}"})
    assert leaving(unknown, 2) == [(0, "branch", ""), (1, "branch", "")]


def test_classifier_has_its_categories_and_the_other_one():
    params = {
        "categories": {"categories": [{"category": "Sales"}, {"category": "={{ $json.c }}"}]},
        "options": {"fallback": "other"},
    }
    source = node("S", AI + "textClassifier", 1, parameters=params)
    assert labels(source, 3) == ["Sales", "category 2", "other"]


def test_sentiments_are_branches():
    source = node("S", AI + "sentimentAnalysis", 1)
    assert labels(source, 3) == ["Positive", "Neutral", "Negative"]
    source["parameters"] = {"options": {"categories": "Good, Bad"}}
    assert labels(source, 2) == ["Good", "Bad"]


def test_webhook_for_several_methods_has_a_branch_for_each():
    webhook = node("S", BASE + "webhook", 2, parameters={"httpMethod": ["GET", "POST"]})
    assert leaving(webhook, 2) == [(0, "branch", "GET"), (1, "branch", "POST")]
    webhook["parameters"] = {"httpMethod": "POST"}
    assert leaving(webhook, 1) == [(0, "next", "")]


def test_answer_of_a_response_is_no_choice():
    source = node("S", BASE + "respondToWebhook", 1.4, parameters={"enableResponseOutput": True})
    assert leaving(source, 2) == [(0, "next", "input data"), (1, "next", "response")]
    assert labels(node("S", BASE + "respondToWebhook", 1.4), 1) == [""]


# -- error outputs -----------------------------------------------------------------------------


def test_error_output_comes_behind_the_others():
    source = node("S", BASE + "httpRequest", 4.2, onError="continueErrorOutput")
    assert leaving(source, 2) == [(0, "next", ""), (1, "error", "error")]
    branch = if_node(onError="continueErrorOutput")
    assert [kind for _, kind, _ in leaving(branch, 3)] == ["branch", "branch", "error"]


def test_error_output_follows_the_rules_of_a_switch():
    source = switch(3.2, rules={"values": [{}, {}]}) | {"onError": "continueErrorOutput"}
    assert [kind for _, kind, _ in leaving(source, 3)] == ["branch", "branch", "error"]


def test_second_output_is_no_error_output_without_the_setting():
    source = node("S", BASE + "httpRequest", 4.2, onError="continueRegularOutput")
    assert leaving(source, 2) == [(0, "next", ""), (1, "next", "")]


def test_last_of_several_outputs_of_an_unknown_type_is_taken_for_the_error_output():
    source = node("S", "n8n-nodes-acme.acme", onError="continueErrorOutput")
    assert leaving(source, 1) == [(0, "next", "")]
    assert leaving(source, 2) == [(0, "next", ""), (1, "error", "error")]


# -- sub-nodes ---------------------------------------------------------------------------------


def test_sub_nodes_are_attached_to_the_step_they_serve_and_reached_through_it():
    read = graph(
        [
            node("Agent", AI + "agent", 3),
            node("Model", AI + "lmChatOpenAi", 1.2),
            node("Start", BASE + "manualTrigger"),
        ],
        {
            "Start": {"main": [[target("Agent")]]},
            "Model": {"ai_languageModel": [[target("Agent", 0, "ai_languageModel")]]},
        },
    )
    agent, model, _ = read.steps
    (edge,) = read.attached[agent.index]
    assert (edge.source, edge.kind, edge.label) == (
        model.index,
        EdgeKind.ATTACH,
        "ai_languageModel",
    )
    assert read.is_reachable(model)
    assert read.bad_connections == []


def test_sub_node_wired_as_a_step_is_reported_once_and_walked():
    read = graph(
        [node("Parser", AI + "outputParserStructured", 1.2), node("B"), node("C")],
        {"Parser": {"main": [[target("B"), target("C")], [target("C")]]}},
    )
    assert read.bad_connections == [(2, "main")]
    assert len(read.edges) == read.connections == 3


def test_connections_of_a_type_that_n8n_has_not_are_reported_and_not_walked():
    read = graph([node("A"), node("B")], {"A": {"Main": [[target("B"), target("Gone")]]}})
    assert read.bad_connections == [(0, "Main")]
    assert (read.edges, read.dangling, read.connections) == ([], [], 2)


def test_unknown_kind_of_sub_node_is_reported_but_not_called_unreachable_too():
    read = graph([node("A"), node("B")], {"A": {"ai_oracle": [[target("B")]]}})
    assert read.bad_connections == [(0, "ai_oracle")]
    assert [edge.kind for edge in read.edges] == [EdgeKind.ATTACH]


def test_connection_type_without_connections_is_no_matter():
    read = graph([node("A")], {"A": {"Main": [[]], "other": [], "third": [None]}})
    assert (read.bad_connections, read.connections) == ([], 0)


# -- what leads nowhere ------------------------------------------------------------------------


def test_connection_to_a_missing_step_dangles_with_its_kind_and_label():
    read = graph([if_node()], {"S": {"main": [[target("Gone")], []]}})
    assert read.dangling == [Dangling(0, "Gone", EdgeKind.BRANCH, "true")]
    assert (read.edges, read.connections) == ([], 1)


def test_only_names_lead_to_steps():
    read = graph([node("A", id="a"), node("B", id="b")], {"A": {"main": [[target("b")]]}})
    assert [loose.target for loose in read.dangling] == ["b"]


def test_connections_of_an_unknown_name_are_neither_counted_nor_dangling():
    read = graph([node("A")], {"Gone": {"main": [[target("A"), target("Lost")]]}, "Also": {}})
    assert read.unknown_sources == ["Also", "Gone"]
    assert (read.edges, read.dangling, read.connections) == ([], [], 0)


@pytest.mark.parametrize(
    "connections",
    [
        [],
        "x",
        {"A": []},
        {"A": {"main": {"0": []}}},
        {"A": {"main": [None, "x", 5, {}]}},
        {"A": {"main": [[None, "B", 5, [], {}, {"node": None}, {"node": ["B"]}]]}},
    ],
)
def test_connections_of_a_wrong_shape_are_passed_over(connections):
    read = graph([node("A"), node("B")], connections)
    assert (read.edges, read.dangling, read.connections) == ([], [], 0)


def test_index_that_is_no_number_is_the_first_input():
    for index in (None, "1", True, 1.5):
        (edge,) = graph([node("A"), node("B")], {"A": {"main": [[target("B", index)]]}}).edges
        assert edge.target_port == 0


def test_order_of_the_connections_in_the_file_never_matters():
    nodes = [node("A", AI + "chainLlm"), node("B"), node("M", AI + "lmChatOpenAi")]
    model = {"ai_languageModel": [[target("A")]]}
    connections = {
        "A": {"main": [[target("B")]], **model},
        "M": model,
        "B": {"main": [[target("A")]]},
    }
    turned = {key: dict(reversed(value.items())) for key, value in reversed(connections.items())}

    def rows(given):
        edges = graph(nodes, given).edges
        return [(edge.source, edge.target, edge.kind, edge.label) for edge in edges]

    assert rows(connections) == rows(turned)
