"""Links and entries: how a run of a flow file begins and gets from tab to tab."""

from typing import Any

import pytest

from apps.workflows.analysis.graph import EdgeKind, Kind, Need, Trait
from tests.workflows.platforms.flows import (
    edges,
    entries,
    graph_of,
    lost,
    node,
    step,
    tab,
)

# -- links -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("out_links", "in_links"), [(["in"], ["out"]), (["in"], []), ([], ["out"])]
)
def test_a_link_needs_only_one_end_to_say_so(out_links: list[str], in_links: list[str]):
    graph = graph_of(
        node("a", "inject", ["out"]),
        node("out", "link out", links=out_links),
        node("in", "link in", ["b"], links=in_links, z="u"),
        node("b", "debug", z="u"),
    )
    assert ("out", "in", EdgeKind.GOTO, "", 0) in edges(graph)
    assert entries(graph) == ["a"]
    assert not lost(graph)


def test_a_link_to_a_missing_node_dangles():
    graph = graph_of(node("a", "inject", ["o"]), node("o", "link out", links=["gone"]))
    assert [(d.target, d.kind) for d in graph.dangling] == [("gone", EdgeKind.GOTO)]


def test_what_a_link_in_names_outside_the_file_does_not_dangle():
    graph = graph_of(node("in", "link in", ["b"], links=["elsewhere"]), node("b", "debug"))
    assert not graph.dangling
    assert entries(graph) == ["in"]
    assert step(graph, "in").spec.traits == {Trait.CALLED}


def test_what_only_a_lost_link_leads_to_is_lost():
    graph = graph_of(
        node("a", "inject"),
        node("x", "change", ["out"]),
        node("out", "link out", links=["in"]),
        node("in", "link in", ["b"]),
        node("b", "debug"),
    )
    assert lost(graph) == ["b", "in", "out", "x"]


def test_a_link_call_reaches_what_it_calls_and_what_follows():
    graph = graph_of(
        node("a", "inject", ["call"]),
        node("call", "link call", ["after"], links=["in"]),
        node("after", "debug"),
        node("in", "link in", ["ret"]),
        node("ret", "link out", mode="return", links=["call"]),
    )
    assert not lost(graph)
    assert not graph.dangling
    assert not graph.loops


@pytest.mark.parametrize(
    "caller",
    [
        node("c", "link call", links=["gone"], linkType="dynamic"),
        node("c", "function", func="await node.linkcall('sub', msg)", outputs=1),
    ],
)
def test_a_call_by_name_may_reach_every_link_in(caller: dict[str, Any]):
    graph = graph_of(
        node("a", "inject", ["c"]),
        caller,
        node("dead", "link out", links=["in"]),
        node("in", "link in", ["b"]),
        node("b", "debug"),
    )
    assert "in" in entries(graph)
    assert not graph.dangling


# -- entries ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["catch", "status", "complete", "watch", "tcp in", "cronplus"])
def test_sources_are_entries(kind: str):
    graph = graph_of(node("a", "inject"), node("s", kind, ["b"]), node("b", "debug"))
    assert "s" in entries(graph)
    assert not lost(graph)


@pytest.mark.parametrize(
    "kind",
    [
        "zwave in",
        "lorawan-in",
        "node_in",
        "my-trigger",
        "mqttListener",
        "alexa-event",
        "nodecron",
        "acme inject",
        "kafkaConsumer",
        "bigWebhook",
    ],
)
def test_an_unknown_type_called_like_an_input_is_an_entry(kind: str):
    graph = graph_of(node("a", "inject"), node("s", kind, ["b"]), node("b", "debug"))
    assert entries(graph) == ["a", "s"]
    assert step(graph, "s").spec.traits == {Trait.STARTS}


@pytest.mark.parametrize(
    "kind",
    [
        "plugin",
        "join it",
        "begin",
        "origin",
        "in-line",
        "stopwatch",
        "trigger-happy",
        "acme out",
        "input-filter",
        "prevent",
        "Main",
        "in " + "x" * 300 + " in",
    ],
)
def test_an_unknown_type_called_otherwise_stays_unknown_but_may_be_an_input(kind: str):
    graph = graph_of(node("a", "inject"), node("s", kind, ["b"]), node("b", "debug"))
    assert entries(graph) == ["a", "s"]
    assert step(graph, "s").kind is Kind.UNKNOWN


def test_an_unknown_input_with_something_wired_in_is_no_entry():
    graph = graph_of(node("a", "inject", ["s"]), node("s", "zwave in", ["b"]), node("b", "debug"))
    assert entries(graph) == ["a"]
    assert step(graph, "s").kind is Kind.UNKNOWN


def test_an_unknown_input_that_leads_nowhere_is_no_entry():
    assert entries(graph_of(node("a", "inject"), node("s", "zwave in", []))) == ["a"]


def test_a_query_named_like_an_input_is_no_entry():
    graph = graph_of(node("a", "inject"), node("q", "influxdb in", ["b"]), node("b", "debug"))
    assert entries(graph) == ["a"]
    assert lost(graph) == ["b", "q"]


def test_a_lamp_reports_by_itself_only_when_nothing_is_wired_in():
    alone = graph_of(node("a", "inject"), node("l", "hue-light", ["b"]), node("b", "debug"))
    fed = graph_of(node("a", "inject", ["l"]), node("l", "hue-light", ["b"]), node("b", "debug"))
    assert entries(alone) == ["a", "l"]
    assert entries(fed) == ["a"]
    assert step(fed, "l").kind is Kind.STEP


def test_a_function_nothing_leads_to_is_lost():
    graph = graph_of(node("a", "inject"), node("f", "function", ["b"]), node("b", "debug"))
    assert lost(graph) == ["b", "f"]
    assert graph.missing == {}


def test_behind_a_disabled_start_nothing_is_lost():
    graph = graph_of(tab(), node("a", "inject", ["b"], d=True), node("b", "debug"))
    assert not lost(graph)
    assert graph.missing == {}


def test_a_piece_without_start_says_that_triggers_are_missing():
    graph = graph_of(node("f", "function", ["b"]), node("b", "debug"))
    assert Need.TRIGGERS in graph.missing
    assert not lost(graph)
    circle = graph_of(node("f", "function", ["b"]), node("b", "change", ["f"]))
    assert not lost(circle)
