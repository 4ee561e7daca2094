"""What Node-RED's nodes are, how long they wait, what their outputs are called."""

from typing import Any

import pytest

from apps.workflows.analysis.graph import EdgeKind, Kind, Trait
from apps.workflows.platforms.node_red.types import TYPES
from tests.workflows.platforms.flows import edges, entries, graph_of, node, step, tab

# -- what nodes are --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "is_a", "traits"),
    [
        ("http request", Kind.CALL, {Trait.CALLS}),
        ("http in", Kind.TRIGGER, {Trait.STARTS, Trait.WEBHOOK}),
        ("http response", Kind.RESPOND, set()),
        ("exec", Kind.CODE, {Trait.RISKY}),
        ("file", Kind.WRITE, {Trait.WRITES, Trait.RISKY}),
        ("file in", Kind.STEP, {Trait.RISKY}),
        ("switch", Kind.BRANCH, set()),
        ("delay", Kind.WAIT, set()),
        ("split", Kind.LOOP, set()),
        ("join", Kind.MERGE, set()),
        ("batch", Kind.MERGE, set()),
        ("mqtt in", Kind.TRIGGER, {Trait.STARTS}),
        ("mqtt out", Kind.CALL, {Trait.CALLS}),
        ("catch", Kind.ERROR, {Trait.ON_ERROR}),
        ("complete", Kind.TRIGGER, {Trait.CALLED}),
        ("e-mail", Kind.MESSAGE, {Trait.SENDS, Trait.CALLS}),
        ("mysql", Kind.CALL, {Trait.CALLS, Trait.SQL}),
        ("influxdb in", Kind.CALL, {Trait.CALLS}),
        ("ui_button", Kind.TRIGGER, {Trait.MANUAL}),
        ("nobody-knows", Kind.UNKNOWN, set()),
    ],
)
def test_what_is_known_of_types(kind: str, is_a: Kind, traits: set[Trait]):
    spec = step(graph_of(node("a", kind)), "a").spec
    assert spec.kind is is_a
    assert spec.traits == traits


def test_retired_types_say_what_to_use_instead():
    assert "Dashboard 2.0" in TYPES["ui_text"].deprecated
    assert TYPES["mongodb out"].deprecated == "mongodb4"
    assert not TYPES["ui-text"].deprecated
    assert not TYPES["inject"].deprecated


@pytest.mark.parametrize(
    ("fields", "starts"),
    [
        ({"repeat": "60"}, True),
        ({"crontab": "0 8 * * *"}, True),
        ({"once": True}, True),
        ({"repeat": "${EVERY}"}, True),
        ({}, False),
        ({"repeat": "", "crontab": "", "once": False}, False),
        ({"repeat": "0"}, False),
        ({"repeat": None, "once": "true"}, False),
        ({"onceDelay": 0.1}, False),
    ],
)
def test_an_inject_starts_by_itself_or_by_hand(fields: dict[str, Any], starts: bool):
    graph = graph_of(node("a", "inject", **fields))
    assert step(graph, "a").spec.traits == {Trait.STARTS if starts else Trait.MANUAL}
    assert entries(graph) == ["a"]


@pytest.mark.parametrize(
    ("fields", "minutes"),
    [
        ({"pauseType": "delay", "timeout": "5", "timeoutUnits": "seconds"}, 5 / 60),
        ({"pauseType": "delay", "timeout": 2, "timeoutUnits": "hours"}, 120),
        ({"pauseType": "delay", "timeout": "1", "timeoutUnits": "days"}, 1440),
        ({"pauseType": "delay", "timeout": "6"}, 0.1),
        ({"pauseType": "delay", "timeout": "0"}, 0),
        ({"pauseType": "delay"}, 0),
        ({"pauseType": "delay", "timeout": "${LONG}"}, None),
        ({"pauseType": "delayv", "timeout": "5"}, None),
        ({"pauseType": "random", "timeout": "5"}, None),
        ({"pauseType": "rate", "rate": "1"}, None),
    ],
)
def test_a_delay_says_its_length_where_it_is_fixed(fields: dict[str, Any], minutes: float | None):
    wait = step(graph_of(node("a", "delay", **fields)), "a").wait
    assert wait is not None
    assert wait.minutes == (None if minutes is None else pytest.approx(minutes))


@pytest.mark.parametrize(
    ("duration", "units", "minutes"),
    [
        ("250", "ms", 250 / 60_000),
        ("2", "min", 2),
        (1, "hr", 60),
        ("0", "s", None),
        ("-5", "s", None),
    ],
)
def test_a_trigger_node_waits_its_duration(duration: Any, units: str, minutes: float | None):
    wait = step(graph_of(node("a", "trigger", duration=duration, units=units)), "a").wait
    assert wait is not None
    assert wait.minutes == (None if minutes is None else pytest.approx(minutes))


@pytest.mark.parametrize(
    ("fields", "branches"),
    [
        ({"func": "return msg;", "outputs": 1}, False),
        ({"func": "return msg;", "outputs": 2}, True),
        ({"func": "if (x) return null;\nreturn msg;", "outputs": 1}, True),
        ({"func": "node.send(msg); return msg;", "outputs": 1}, True),
        ({"func": "flow.set('a', 1)", "outputs": 1}, True),
    ],
)
def test_a_function_that_may_send_nowhere_or_elsewhere_branches(
    fields: dict[str, Any], branches: bool
):
    traits = step(graph_of(node("a", "function", **fields)), "a").spec.traits
    assert (Trait.MULTIPATH in traits) is branches


def test_sockets_that_answer_their_caller_are_no_calls():
    graph = graph_of(
        node("r", "tcp out", beserver="reply"),
        node("c", "tcp out", beserver="client"),
        node("s", "websocket out", server="x", client=""),
        node("w", "websocket out", server="", client="x"),
    )
    kinds = {s.id: s.kind for s in graph.steps}
    assert kinds == {"r": Kind.RESPOND, "c": Kind.CALL, "s": Kind.RESPOND, "w": Kind.CALL}


# -- wires -----------------------------------------------------------------------------------------


def test_wires_are_edges_by_output():
    graph = graph_of(
        node("a", "inject", ["b", "c"]), node("b", "exec", [], ["c"]), node("c", "debug")
    )
    assert edges(graph) == [
        ("a", "b", EdgeKind.NEXT, "", 0),
        ("a", "c", EdgeKind.NEXT, "", 0),
        ("b", "c", EdgeKind.NEXT, "stderr", 1),
    ]
    assert step(graph, "b").outputs == 2


def test_the_outputs_of_a_switch_are_labelled_by_their_rules():
    rules = [
        {"t": "eq", "v": "5", "vt": "num"},
        {"t": "btwn", "v": 1, "v2": 2.5},
        {"t": "nempty", "v": "left over"},
        {"t": "else"},
        "junk",
    ]
    ports = [["b"]] * 5
    graph = graph_of(node("a", "switch", *ports, rules=rules, outputs=9), node("b", "debug"))
    assert [edge[3] for edge in edges(graph)] == [
        "== 5",
        "between 1 2.5",
        "is not empty",
        "else",
        "",
    ]
    assert {edge[2] for edge in edges(graph)} == {EdgeKind.BRANCH}
    assert step(graph, "a").outputs == 5


def test_labels_given_to_outputs_win():
    graph = graph_of(node("a", "function", ["b"], outputLabels=["ok"]), node("b", "debug"))
    assert edges(graph)[0][3] == "ok"


@pytest.mark.parametrize(
    "wires", [None, "b", {"0": ["b"]}, ["b"], [{"id": "b"}], [[None, 3, ["b"], ""]]]
)
def test_wires_of_the_wrong_shape_are_absent(wires: Any):
    graph = graph_of(tab(), node("a", "inject") | {"wires": wires}, node("b", "debug"))
    assert (graph.edges, graph.dangling, graph.connections) == ([], [], 0)


def test_a_wire_to_a_missing_node_dangles_once():
    graph = graph_of(node("a", "inject", ["gone", "gone", "b"]), node("b", "debug"))
    assert [(graph.steps[d.source].id, d.target) for d in graph.dangling] == [("a", "gone")]
    assert graph.connections == 2


def test_a_wire_written_twice_is_one_edge():
    assert len(graph_of(node("a", "inject", ["b", "b"]), node("b", "debug")).edges) == 1


def test_a_loop_back_is_kept():
    graph = graph_of(
        node("a", "inject", ["b"]), node("b", "change", ["c"]), node("c", "delay", ["b"])
    )
    assert [[s.id for s in loop] for loop in graph.loops] == [["b", "c"]]
