"""Node-RED flow files as they come, as they go wrong, and in any order."""

import json
from typing import Any

import pytest

from apps.workflows.analysis.graph import Kind
from apps.workflows.platforms import node_red
from apps.workflows.platforms.base import MAX_STEPS, Source, UnsupportedDefinition
from tests.workflows.platforms.flows import (
    files,
    graph_of,
    needs_corpus,
    node,
    shape,
    step,
    tab,
)

# -- recognising -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "document",
    [
        [node("a", "inject")],
        [tab()],
        [{"id": "s", "type": "subflow", "in": [], "out": []}],
        {"flows": [node("a", "inject")], "rev": "1"},
        {"flows": [], "rev": "1"},
        [None, 3, node("a", "inject")],
    ],
)
def test_flow_files_are_recognised(document: Any):
    assert node_red.recognise(document)
    assert node_red.split(document).platform == "node-red"


@pytest.mark.parametrize(
    "document",
    [
        None,
        3,
        "tab",
        [],
        {},
        [[]],
        {"flows": []},
        {"flows": {}, "rev": "1"},
        [{"id": "a", "type": "inject"}],
        [{"id": "a", "wires": [[]]}],
        [{"type": "tab"}],
        [{"id": 1, "type": "tab"}],
        [{"id": "a", "type": "sms", "next": "b", "parentKey": None}],
        [{"id": "a", "type": "x", "wires": {"0": ["b"]}}],
        {"nodes": [{"id": "a", "type": "n8n-nodes-base.if", "position": [0, 0]}]},
        {"name": "A", "flow": [{"id": 1, "module": "http:ActionSendData"}]},
    ],
)
def test_other_documents_are_not_recognised(document: Any):
    assert not node_red.recognise(document)
    with pytest.raises(UnsupportedDefinition):
        node_red.split(document)


@needs_corpus
@pytest.mark.parametrize("platform", ["n8n", "make", "highlevel"])
def test_files_of_other_platforms_are_not_recognised(platform: str):
    assert files(platform)
    for path in files(platform):
        assert not node_red.recognise(json.loads(path.read_text())), path.name


@pytest.mark.parametrize("definition", [{}, {"flows": None}, {"flows": {"a": 1}}])
def test_a_definition_without_nodes_is_refused(definition: dict[str, Any]):
    with pytest.raises(UnsupportedDefinition, match="flows"):
        node_red.translate(Source(definition))


def test_too_many_nodes_are_refused_with_both_numbers():
    flows = [node(str(n), "debug") for n in range(MAX_STEPS + 1)]
    with pytest.raises(UnsupportedDefinition, match=r"25,001 nodes; at most 25,000"):
        graph_of(*flows)


# -- the file as a whole ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("labels", "name"),
    [
        ([], "Node-RED flow"),
        (["Home"], "Home"),
        (["B", "A"], "A, B"),
        (["A", "A"], "A"),
        (["", "  "], "Node-RED flow"),
        (["E", "D", "C", "B", "A"], "A, B, C and 2 more"),
    ],
)
def test_the_name_comes_from_the_tabs(labels: list[str], name: str):
    tabs = [tab(id=str(n), label=label) for n, label in enumerate(labels)]
    assert graph_of(node("a", "inject"), *tabs).name == name


def test_a_name_given_by_the_user_wins():
    source = Source({"flows": [tab()]}, name="Mine")
    assert node_red.translate(source).name == "Mine"


@pytest.mark.parametrize(
    ("tabs", "active"),
    [
        ([], None),
        ([tab()], True),
        ([tab(disabled=True)], False),
        ([tab(disabled="yes")], True),
        ([tab(disabled=True), tab(id="u")], True),
    ],
)
def test_a_file_is_live_unless_all_its_tabs_are_disabled(tabs: list[Any], active: bool | None):
    assert graph_of(node("a", "inject"), *tabs).active is active


def test_nodes_on_a_disabled_tab_are_disabled():
    graph = graph_of(tab(disabled=True), node("a", "inject"), node("b", "debug", z="u"))
    assert [s.id for s in graph.steps if not s.enabled] == ["a"]


@pytest.mark.parametrize("value", [False, None, "true", 1])
def test_only_d_true_disables_a_node(value: Any):
    assert step(graph_of(tab(), node("a", "inject", d=value)), "a").enabled
    assert not step(graph_of(tab(), node("a", "inject", d=True)), "a").enabled


def test_a_tab_without_id_disables_no_node():
    graph = graph_of(tab(), {"type": "tab", "disabled": True}, node("a", "inject", z=None))
    assert step(graph, "a").enabled


def test_notes_and_config_are_kept_off_the_flow():
    graph = graph_of(
        tab(),
        node("g", "group", nodes=["c"]),
        node("c", "comment", info="Read me"),
        {"id": "b", "type": "mqtt-broker", "broker": "localhost"},
        {"id": "p", "type": "somebodys-server", "z": ""},
    )
    kinds = {s.id: s.kind for s in graph.steps}
    assert kinds == {
        "t": Kind.NOTE,
        "g": Kind.NOTE,
        "c": Kind.NOTE,
        "b": Kind.CONFIG,
        "p": Kind.CONFIG,
    }
    assert step(graph, "c").params == {"info": "Read me"}


def test_variables_set_on_a_tab_are_settings_and_no_remark():
    graph = graph_of(tab(env=[{"name": "KEY", "value": "v", "type": "str"}]), node("a", "inject"))
    assert step(graph, "t").kind is Kind.CONFIG
    assert "v" in step(graph, "t").text
    assert step(graph_of(tab(env=[])), "t").kind is Kind.NOTE


def test_parameters_leave_out_place_wires_and_description():
    a = step(graph_of(node("a", "http request", ["b"], g="g", info="x", url="u", name="N")), "a")
    assert a.params == {"url": "u"}
    assert (a.name, a.label, a.position) == ("N", "N", (1.0, 2.0))


def test_nodes_that_share_an_id_are_told_apart():
    one, two = node("a", "inject", name="1"), node("a", "debug", name="2")
    graph = graph_of(one, two, node("a#2", "debug"))
    assert len({s.id for s in graph.steps}) == 3
    assert [graph.steps[n].raw for n in graph.duplicate_ids["a"]] in ([one, two], [two, one])
    assert shape(graph) == shape(graph_of(node("a#2", "debug"), two, one))


def test_nodes_without_id_are_kept():
    graph = graph_of(tab(), {"type": "debug"}, {"type": "inject"}, {"x": 1}, "junk")
    assert sorted(s.type for s in graph.steps) == ["debug", "inject", "tab"]
    assert graph.duplicate_ids == {}
