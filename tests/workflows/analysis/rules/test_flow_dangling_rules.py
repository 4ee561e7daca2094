"""Edge cases of the rules about connections to steps that are not there."""

from itertools import pairwise

import pytest

from tests.workflows.analysis.builders import findings, highlevel, n8n
from tests.workflows.analysis.rules.flow_documents import (
    MODEL,
    ODD,
    START,
    flow_file,
    goto,
    main,
    node,
    sms,
    to,
)

DANGLING, BROKEN = "dangling-step-reference", "broken-wiring"


# -- dangling-step-reference -------------------------------------------------------------------


def test_a_next_that_leads_to_no_step_is_reported_at_the_step_it_leaves():
    document = highlevel([sms("a", "b", order=0), sms("b", "gone", order=1)])
    [finding] = findings(document, DANGLING)
    assert finding.node_ids == ("b",)
    assert finding.path == ("a", "b")
    assert finding.severity == "high"
    assert "“gone”" in finding.message


def test_a_goto_to_a_deleted_step_is_reported():
    document = highlevel([sms("a", "jump"), goto("jump", "gone")])
    [finding] = findings(document, DANGLING)
    assert finding.node_ids == ("jump",)


def test_one_entry_of_a_branching_next_may_dangle():
    steps = [
        {
            "id": "check", "type": "if_else", "name": "Check", "nodeType": "condition-node",
            "next": ["yes", "gone"],
            "attributes": {"if": True, "branches": [{"id": "yes", "name": "Yes"}]},
        },
        {
            "id": "yes", "type": "if_else", "name": "Yes", "nodeType": "branch-yes",
            "parentKey": "check", "next": "a", "attributes": {"if": False},
        },
        sms("a"),
    ]  # fmt: skip
    [finding] = findings(highlevel(steps), DANGLING)
    assert finding.node_ids == ("check",)


def test_several_connections_to_one_missing_step_are_one_finding():
    nodes = [node("Start", START), node("A"), node("B"), node("C")]
    connections = {
        "Start": main(to("A", "B", "C")),
        "A": main(to("Gone")),
        "B": main(to("Gone")),
    }
    [finding] = findings(n8n(nodes, connections), DANGLING)
    assert finding.node_ids == ("a", "b")


def test_two_missing_steps_are_two_findings_with_fingerprints_of_their_own():
    nodes = [node("Start", START), node("A"), node("B"), node("C")]
    connections = {
        "Start": main(to("A", "B", "C")),
        "A": main(to("Gone")),
        "B": main(to("Lost")),
    }
    found = findings(n8n(nodes, connections), DANGLING)
    assert len(found) == len({finding.fingerprint for finding in found}) == 2


def test_an_ai_connection_to_a_missing_agent_is_reported():
    nodes = [node("Start", START), node("A"), node("Model", MODEL)]
    connections = {
        "Start": main(to("A")),
        "Model": {"ai_languageModel": [to("Gone", kind="ai_languageModel")]},
    }
    [finding] = findings(n8n(nodes, connections), DANGLING)
    assert finding.node_ids == ("model",)


def test_a_wire_to_a_missing_node_is_reported():
    document = flow_file(
        {"id": "i", "type": "inject", "wires": [["f"]]},
        {"id": "f", "type": "function", "wires": [["gone", "d"]]},
        {"id": "d", "type": "debug"},
    )
    [finding] = findings(document, DANGLING)
    assert finding.node_ids == ("f",)


def test_a_dangling_parent_key_is_no_dangling_reference():
    document = highlevel([sms("a", "b", order=0), sms("b", order=1, parentKey="gone")])
    assert findings(document, DANGLING) == []


@pytest.mark.parametrize("end", [None, "", []])
def test_a_next_that_is_empty_ends_the_flow(end):
    assert findings(highlevel([sms("a", "b"), {**sms("b"), "next": end}]), DANGLING) == []


def test_a_single_step_without_its_workflow_may_lead_on():
    assert findings(sms("a", "elsewhere"), DANGLING) == []


@pytest.mark.parametrize("outputs", [[None], [[]], [None, to("B")], [[], to("B")], [], None])
def test_empty_output_slots_of_n8n_lead_nowhere_and_are_fine(outputs):
    nodes = [node("Start", START), node("A"), node("B")]
    connections = {"Start": main(to("A", "B")), "A": {"main": outputs}}
    assert findings(n8n(nodes, connections), DANGLING) == []


@pytest.mark.parametrize("target", [{}, {"node": None}, {"type": "main"}, None, 5, "B"])
def test_a_target_of_n8n_that_names_no_node_leads_nowhere_and_is_fine(target):
    nodes = [node("Start", START), node("A")]
    connections = {"Start": main(to("A")), "A": main([target])}
    assert findings(n8n(nodes, connections), DANGLING) == []


def test_a_link_to_a_tab_that_is_not_in_the_file_is_not_judged():
    document = flow_file(
        {"id": "i", "type": "inject", "wires": [["o"]]},
        {"id": "o", "type": "link out", "links": ["on-another-tab"]},
    )
    assert findings(document, DANGLING) == []


def test_a_disabled_step_is_no_source_of_a_dangling_reference():
    nodes = [node("Start", START), node("A", disabled=True)]
    connections = {"Start": main(to("A")), "A": main(to("Gone"))}
    assert findings(n8n(nodes, connections), DANGLING) == []


def test_a_comment_with_stray_fields_is_no_wire():
    document = flow_file({"id": "c", "type": "comment", "info": "see gone", "wires": []})
    assert findings(document, DANGLING) == []


@pytest.mark.parametrize("odd", ODD)
def test_connections_of_any_shape_do_no_harm(odd):
    nodes = [node("Start", START), node("A")]
    for connections in ({"Start": odd}, {"A": {"main": odd}}, {"A": main(odd)}):
        for rule_id in (DANGLING, "broken-wiring", "wrong-connection-type"):
            findings(n8n(nodes, connections), rule_id)


@pytest.mark.parametrize("odd", ODD)
def test_a_next_of_any_shape_does_no_harm(odd):
    for step in ({**sms("a"), "next": odd}, goto("a", odd)):
        findings(highlevel([step, sms("b")]), DANGLING)
        findings(highlevel([step, sms("b")]), "broken-wiring")


@pytest.mark.parametrize("odd", ODD)
def test_wires_of_any_shape_do_no_harm(odd):
    for rule_id in (DANGLING, "broken-wiring"):
        findings(flow_file({"id": "i", "type": "inject", "wires": odd}), rule_id)


# -- broken-wiring -----------------------------------------------------------------------------


def chain(*targets):
    """n8n nodes, one per target, each connected to its target."""
    names = [f"N{n}" for n in range(len(targets))]
    nodes = [node(names[0], START), *map(node, names[1:])]
    return n8n(nodes, {name: main(to(t)) for name, t in zip(names, targets, strict=True)})


def test_over_half_of_four_connections_lost_is_one_critical_finding_instead_of_many():
    document = chain("N1", "x", "y", "z")
    [finding] = findings(document, BROKEN)
    assert finding.severity == "critical"
    assert finding.node_ids == ("n1", "n2", "n3")
    assert "3 of 4" in finding.message
    assert findings(document, DANGLING) == []


def test_over_half_of_the_next_entries_and_gotos_lost_is_broken_wiring():
    steps = [sms("a", "b"), sms("b", "x"), sms("c", "y"), goto("d", "z")]
    assert len(findings(highlevel(steps), BROKEN)) == 1
    assert findings(highlevel(steps), DANGLING) == []


def test_over_half_of_the_wires_lost_is_broken_wiring():
    document = flow_file(
        {"id": "i", "type": "inject", "wires": [["f", "x", "y", "z"]]},
        {"id": "f", "type": "debug"},
    )
    assert len(findings(document, BROKEN)) == 1
    assert findings(document, DANGLING) == []


def test_exactly_half_of_the_connections_lost_are_single_findings():
    document = chain("N1", "N2", "x", "y")
    assert findings(document, BROKEN) == []
    assert len(findings(document, DANGLING)) == 2


def test_three_connections_are_too_few_for_broken_wiring():
    document = chain("x", "y", "z")
    assert findings(document, BROKEN) == []
    assert len(findings(document, DANGLING)) == 3


def test_unknown_sources_do_not_count_as_broken_wiring():
    nodes = [node("Start", START), node("A")]
    ghosts = {f"Ghost {n}": main(to("Gone")) for n in range(8)}
    document = n8n(nodes, {"Start": main(to("A")), **ghosts})
    assert findings(document, BROKEN) == []
    assert len(findings(document, "unknown-connection-source")) == 8


def test_links_to_other_tabs_do_not_count_as_broken_wiring():
    outs = [{"id": f"o{n}", "type": "link out", "links": [f"gone{n}"]} for n in range(5)]
    start = {"id": "i", "type": "inject", "wires": [[out["id"] for out in outs[:4]]]}
    assert findings(flow_file(start, *outs), BROKEN) == []


def test_dangling_parent_keys_do_not_count_as_broken_wiring():
    keys = "abcdef"
    steps = [sms(k, n, parentKey="gone") for k, n in pairwise(keys)]
    assert findings(highlevel([*steps, sms("f", parentKey="gone")]), BROKEN) == []


def test_empty_slots_do_not_count_as_broken_wiring():
    nodes = [node("Start", START), node("A"), node("B")]
    connections = {"Start": main(to("A"), None, [], None), "A": main(None, None, to("B"))}
    assert findings(n8n(nodes, connections), BROKEN) == []


def test_a_workflow_without_connections_is_not_broken():
    assert findings(highlevel([]), BROKEN) == []
    assert findings(n8n([node("Start", START)], {}), BROKEN) == []
