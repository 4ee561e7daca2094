"""Edge cases of the rules about n8n connections that come from nowhere or are of the wrong kind."""

import pytest

from tests.workflows.analysis.builders import findings, n8n
from tests.workflows.analysis.rules.flow_documents import (
    AGENT,
    MODEL,
    ODD,
    START,
    main,
    node,
    to,
)

UNKNOWN, WRONG, DANGLING = (
    "unknown-connection-source",
    "wrong-connection-type",
    "dangling-step-reference",
)


# -- unknown-connection-source -----------------------------------------------------------------


def test_connections_under_a_name_no_node_has_name_the_steps_they_should_lead_to():
    nodes = [node("Start", START), node("A"), node("B")]
    [finding] = findings(n8n(nodes, {"Begin": main(to("A"), to("B"))}), UNKNOWN)
    assert finding.node_ids == ("a", "b")
    assert finding.severity == "high"
    assert "“Begin”" in finding.message


def test_an_unknown_source_is_reported_even_when_its_target_is_missing_too():
    nodes = [node("Start", START), node("A")]
    connections = {"Start": main(to("A")), "Ghost": main(to("Gone"))}
    [finding] = findings(n8n(nodes, connections), UNKNOWN)
    assert finding.node_ids == ()
    assert findings(n8n(nodes, connections), DANGLING) == []


def test_names_that_differ_in_case_or_blanks_are_different_names():
    nodes = [node("Start", START), node("A")]
    found = findings(n8n(nodes, {"start": main(to("A")), "Start ": main(to("A"))}), UNKNOWN)
    assert len(found) == len({finding.fingerprint for finding in found}) == 2


def test_connections_of_existing_nodes_are_known():
    nodes = [node("Start", START), node("A"), node("Off", disabled=True)]
    connections = {"Start": main(to("A")), "A": main(None), "Off": main(to("A"))}
    assert findings(n8n(nodes, connections), UNKNOWN) == []


def test_ai_connections_of_existing_nodes_are_known():
    nodes = [node("Start", START), node("Agent", AGENT), node("Model", MODEL)]
    model = {"ai_languageModel": [to("Agent", kind="ai_languageModel")]}
    assert findings(n8n(nodes, {"Start": main(to("Agent")), "Model": model}), UNKNOWN) == []


@pytest.mark.parametrize("odd", ODD)
def test_an_unknown_source_with_connections_of_any_shape_does_no_harm(odd):
    assert len(findings(n8n([node("A")], {"Ghost": odd}), UNKNOWN)) == 1


@pytest.mark.parametrize("odd", [None, [], "x", 3, {}])
def test_no_connections_at_all_have_no_unknown_source(odd):
    assert findings(n8n([node("Start", START)], odd), UNKNOWN) == []


# -- wrong-connection-type ---------------------------------------------------------------------


def test_a_model_wired_like_a_step_is_reported_once():
    nodes = [node("Start", START), node("Agent", AGENT), node("Model", MODEL)]
    document = n8n(nodes, {"Start": main(to("Agent")), "Model": main(to("Agent"))})
    [finding] = findings(document, WRONG)
    assert finding.node_ids == ("model",)
    assert findings(document, "unreachable-step") == []
    assert findings(document, "orphan-step") == []


def test_a_connection_of_a_type_n8n_does_not_know_is_reported():
    nodes = [node("Start", START), node("A")]
    [finding] = findings(n8n(nodes, {"Start": {"mian": [to("A", kind="mian")]}}), WRONG)
    assert finding.node_ids == ("start",)
    assert "“mian”" in finding.message


@pytest.mark.parametrize(
    "kind",
    [
        "agent",
        "chain",
        "document",
        "embedding",
        "languageModel",
        "memory",
        "outputParser",
        "reranker",
        "retriever",
        "textSplitter",
        "tool",
        "vectorStore",
    ],
)
def test_all_of_n8ns_own_connection_types_are_known(kind):
    nodes = [node("Start", START), node("Agent", AGENT), node("Model", MODEL)]
    connections = {
        "Start": main(to("Agent")),
        "Model": {f"ai_{kind}": [to("Agent", kind=f"ai_{kind}")]},
    }
    assert findings(n8n(nodes, connections), WRONG) == []


def test_an_unknown_type_without_connections_is_nothing():
    nodes = [node("Start", START), node("A")]
    connections = {"Start": {"main": [to("A")], "mian": [None, []]}}
    assert findings(n8n(nodes, connections), WRONG) == []


def test_an_agent_is_wired_through_main():
    nodes = [node("Start", START), node("Agent", AGENT), node("A")]
    connections = {"Start": main(to("Agent")), "Agent": main(to("A"))}
    assert findings(n8n(nodes, connections), WRONG) == []


def test_a_node_type_we_do_not_know_may_be_wired_as_it_likes():
    nodes = [node("Start", START), node("X", "n8n-nodes-x.lmThing"), node("A")]
    assert findings(n8n(nodes, {"Start": main(to("X")), "X": main(to("A"))}), WRONG) == []


def test_a_disabled_sub_node_is_no_source_of_findings():
    nodes = [node("Start", START), node("Agent", AGENT), node("Model", MODEL, disabled=True)]
    connections = {"Start": main(to("Agent")), "Model": main(to("Agent"))}
    assert findings(n8n(nodes, connections), WRONG) == []


# -- fingerprints ------------------------------------------------------------------------------


@pytest.mark.parametrize("rule_id", [DANGLING, UNKNOWN, WRONG])
def test_the_order_of_nodes_in_the_file_changes_nothing(rule_id):
    nodes = [node("Start", START), node("A"), node("B"), node("Model", MODEL)]
    connections = {
        "Start": main(to("A", "B")), "A": main(to("Gone")), "B": main(to("Gone")),
        "Ghost": main(to("A")), "Model": main(to("A")),
    }  # fmt: skip
    turned = dict(reversed(connections.items()))
    once = findings(n8n(nodes, connections), rule_id)
    assert once
    assert findings(n8n(nodes[::-1], turned), rule_id) == once
