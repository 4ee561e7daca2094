"""Subflows and catch nodes: what lies inside and who hears its errors."""

from typing import Any

import pytest

from apps.workflows.analysis.graph import Kind
from tests.workflows.platforms.flows import (
    entries,
    graph_of,
    lost,
    node,
    step,
    tab,
)

# -- subflows --------------------------------------------------------------------------------------


def subflow(entrance: str | None, exit_: str, **fields: Any) -> dict[str, Any]:
    return {
        "id": "sub",
        "type": "subflow",
        "name": "Shorten",
        "in": [{"wires": [{"id": entrance}]}] if entrance else [],
        "out": [{"wires": [{"id": exit_, "port": 0}]}],
    } | fields


def test_an_instance_makes_the_inside_of_its_subflow_reachable():
    graph = graph_of(
        tab(),
        subflow("i", "j"),
        node("i", "change", ["j"], z="sub"),
        node("j", "change", z="sub"),
        node("a", "inject", ["s1"]),
        node("s1", "subflow:sub", ["s2"]),
        node("s2", "subflow:sub", ["b"], name="Mine"),
        node("b", "debug"),
    )
    assert not lost(graph)
    assert not graph.loops
    assert entries(graph) == ["a"]
    assert (step(graph, "s1").label, step(graph, "s2").label) == ("Shorten", "Mine")
    assert step(graph, "sub").kind is Kind.CONFIG


def test_the_inside_of_a_subflow_nobody_uses_is_lost():
    graph = graph_of(
        node("a", "inject"),
        subflow("i", "i"),
        node("i", "change", z="sub"),
        node("h", "http in", ["i"], z="sub"),
    )
    assert "i" in lost(graph)
    assert entries(graph) == ["a"]


def test_an_instance_with_a_start_inside_feeds_what_follows():
    graph = graph_of(
        node("a", "inject"),
        subflow(None, "i"),
        node("i", "mqtt in", z="sub"),
        node("s", "subflow:sub", ["b"]),
        node("b", "debug"),
    )
    assert entries(graph) == ["a", "i", "s"]
    assert not lost(graph)


def test_an_instance_that_needs_input_and_gets_none_is_lost():
    graph = graph_of(
        node("a", "inject"),
        subflow("i", "i"),
        node("i", "change", z="sub"),
        node("s", "subflow:sub", ["b"]),
        node("b", "debug"),
    )
    assert lost(graph) == ["b", "i", "s"]


def test_what_is_missing_in_a_subflow_dangles_once_for_all_instances():
    graph = graph_of(
        node("a", "inject", ["s1", "s2"]),
        subflow("gone", "lost"),
        node("s1", "subflow:sub"),
        node("s2", "subflow:sub"),
    )
    assert sorted(d.target for d in graph.dangling) == ["gone", "lost"]


def test_an_instance_of_a_missing_subflow_dangles():
    graph = graph_of(node("a", "inject", ["s"]), node("s", "subflow:gone"))
    assert [(d.target, d.label) for d in graph.dangling] == [("gone", "subflow")]
    assert step(graph, "s").kind is Kind.UNKNOWN


def test_a_subflow_that_holds_itself_is_walked_once():
    graph = graph_of(
        node("a", "inject", ["s"]),
        node("s", "subflow:sub"),
        subflow("s2", "s2"),
        node("s2", "subflow:sub", z="sub"),
        node("c", "catch"),
    )
    assert not lost(graph)


# -- catching --------------------------------------------------------------------------------------


def caught(*nodes: dict[str, Any]) -> list[str]:
    graph = graph_of(node("a", "inject"), *nodes)
    return [s.id for s in graph.steps if s.on_error and s.type == "http request"]


REQUESTS = (
    node("r1", "http request"),
    node("r2", "http request", g="g"),
    node("r3", "http request", g="h"),
    node("r4", "http request", z="u"),
    node("g", "group"),
    node("h", "group", g="g"),
)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, ["r1", "r2", "r3"]),
        ({"scope": None, "uncaught": True}, ["r1", "r2", "r3"]),
        ({"scope": "group", "g": "g"}, ["r2", "r3"]),
        ({"scope": "group", "g": "h"}, ["r3"]),
        ({"scope": "group"}, ["r1", "r2", "r3"]),
        ({"scope": ["r1"]}, ["r1"]),
        ({"scope": ["r4"]}, []),
        ({"scope": []}, []),
        ({"d": True}, []),
        ({"z": "u"}, ["r4"]),
    ],
)
def test_a_catch_hears_its_scope(fields: dict[str, Any], expected: list[str]):
    assert caught(node("c", "catch", **fields), *REQUESTS) == expected


def test_without_a_catch_nothing_is_caught():
    assert caught(*REQUESTS) == []


@pytest.mark.parametrize(
    ("scope", "expected"), [(["s1", "s2"], ["i"]), (["s1"], []), (None, ["i"])]
)
def test_errors_inside_a_subflow_rise_to_its_instances(scope: Any, expected: list[str]):
    found = caught(
        subflow("i", "i"),
        node("i", "http request", z="sub"),
        node("s1", "subflow:sub"),
        node("s2", "subflow:sub"),
        node("c", "catch", scope=scope),
    )
    assert found == expected


def test_a_catch_draws_no_loop():
    graph = graph_of(
        node("a", "inject", ["r"]), node("r", "http request"), node("c", "catch", ["r"])
    )
    assert not graph.loops
