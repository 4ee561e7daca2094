"""Any order, any JSON, and every real flow file."""

import json
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.workflows.analysis.graph import Kind
from apps.workflows.platforms import node_red
from apps.workflows.platforms.base import Source, UnsupportedDefinition
from apps.workflows.platforms.node_red.types import TYPES, looks_like_input
from tests.workflows.platforms.flows import (
    edges,
    files,
    graph_of,
    lost,
    needs_corpus,
    node,
    shape,
)


@needs_corpus
def test_the_order_of_nodes_changes_nothing():
    for path in files("node-red"):
        nodes = json.loads(path.read_text())
        assert shape(graph_of(*nodes[::-1])) == shape(graph_of(*nodes)), path.name


@needs_corpus
def test_every_real_file_is_translated_whole():
    found = files("node-red")
    assert len(found) >= 90
    for path in found:
        nodes = json.loads(path.read_text())
        graph = graph_of(*nodes)
        present = {each["id"] for each in nodes}
        assert len(graph.steps) == len(nodes)
        assert not lost(graph), path.name
        assert not any(s.kind is Kind.UNKNOWN for s in graph.steps), path.name
        assert not any(dangling.target in present for dangling in graph.dangling)
        assert graph.missing == {}


@needs_corpus
def test_the_one_link_that_dangles_in_the_real_files_is_really_missing():
    dangling = {
        path.name[:14]: [each.target for each in graph_of(*json.loads(path.read_text())).dangling]
        for path in files("node-red")
    }
    assert {name: found for name, found in dangling.items() if found} == {
        "common-link-02": ["f5fead9.12cdf5"]
    }


names = st.sampled_from(["a", "b", "t", "sub", "", "a#2"])
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | names
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=4,
)
types = st.sampled_from([*sorted(TYPES), "subflow:sub", "subflow:a", "zwave in", "strange"])
keys = st.sampled_from(
    [
        "z",
        "g",
        "d",
        "x",
        "y",
        "wires",
        "links",
        "scope",
        "in",
        "out",
        "env",
        "rules",
        "outputs",
        "outputLabels",
        "func",
        "repeat",
        "crontab",
        "once",
        "pauseType",
        "timeout",
        "duration",
        "label",
        "name",
        "disabled",
        "mode",
        "linkType",
        "status",
        "id",
        "type",
    ]
)
ports = st.lists(st.lists(names, max_size=3), max_size=2)
nodes_of_any_sort = st.builds(
    lambda fields, known, node_id, wires: {"wires": wires, "type": known, "id": node_id, **fields},
    st.dictionaries(keys, scalars | ports | anything, max_size=4),
    types,
    names,
    ports,
)


@given(anything | st.lists(nodes_of_any_sort | anything, max_size=8))
def test_no_json_breaks_the_translation(content: Any):
    assert isinstance(node_red.recognise(content), bool)
    for definition in (content, {"flows": content}):
        try:
            graph = node_red.translate(Source(definition))
        except UnsupportedDefinition:
            continue
        assert len({s.id for s in graph.steps}) == len(graph.steps)
        assert [s.index for s in graph.steps] == list(range(len(graph.steps)))
        assert all(0 <= entry < len(graph.steps) for entry in graph.entries)


@given(st.lists(nodes_of_any_sort, max_size=8), st.randoms(use_true_random=False))
def test_no_order_of_any_nodes_changes_the_graph(nodes: list[Any], chance: random.Random):
    def told(flows: list[Any]) -> Any:
        graph = node_red.translate(Source({"flows": flows}))
        steps = [(s.id, s.name, s.type, s.spec, s.enabled, s.on_error) for s in graph.steps]
        return steps, edges(graph), graph.entries, graph.dangling, graph.duplicate_ids, graph.name

    shuffled = list(nodes)
    chance.shuffle(shuffled)
    assert told(nodes) == told(shuffled)


def test_deep_nesting_and_long_numbers_are_survived():
    deep: Any = "x"
    for _ in range(5_000):
        deep = [deep]
    flows = [node("a", "switch", deep, rules=[{"t": "eq", "v": 10**5000}]) for _ in range(2)]
    flows[1] |= {"more": deep, "x": 10**400, "count": 10**5000}
    graph = graph_of(*flows)
    assert len(graph.duplicate_ids["a"]) == 2


@pytest.mark.parametrize("name", ["", "in", "IN", "a.in", "a/in", "x" * 10_000 + " in"])
def test_names_of_any_length_are_judged(name: str):
    assert looks_like_input(name) is (bool(name) and len(name) < 100)
