"""Unreachable steps: what is reported, and as how many findings."""

from itertools import pairwise

import pytest

from tests.workflows.analysis.builders import findings, highlevel, n8n
from tests.workflows.analysis.rules.flow_documents import (
    AGENT,
    HOOK,
    MODEL,
    SET,
    START,
    flow_file,
    main,
    module,
    node,
    scenario,
    serves,
    to,
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


@pytest.mark.parametrize(
    ("settings", "ports", "lost"),
    [
        ({"executionOrder": "v0"}, (0, 1), False),
        ({}, (0, 1), False),
        ({"executionOrder": "v1"}, (0, 1), True),
        ({"executionOrder": "v0"}, (0, 0), True),
    ],
)
def test_what_a_reached_merge_waits_for_runs_in_the_first_order_of_n8n(settings, ports, lost):
    nodes = [node("Start", START), node("A"), node("B"), node("M", "n8n-nodes-base.merge")]
    into = [{"node": "M", "type": "main", "index": port} for port in ports]
    connections = {"Start": main([into[0]]), "A": main(to("B")), "B": main([into[1]])}
    found = findings(n8n(nodes, connections, settings=settings), UNREACHABLE)
    assert [finding.node_ids for finding in found] == [("a", "b")] * lost


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


def test_the_order_of_nodes_changes_no_finding():
    document = chains("Start A", "C B", "D B", "E")
    turned = {
        **document,
        "nodes": document["nodes"][::-1],
        "connections": dict(reversed(document["connections"].items())),
    }
    once = findings(document, UNREACHABLE)
    assert once
    assert findings(turned, UNREACHABLE) == once
