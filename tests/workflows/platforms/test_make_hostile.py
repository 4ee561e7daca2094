"""Ids that clash, any JSON, and every real blueprint."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.workflows.analysis.graph import Graph, Kind
from apps.workflows.platforms import make
from apps.workflows.platforms.base import Source, UnsupportedDefinition
from tests.workflows.platforms.blueprints import (
    IF_ELSE,
    MERGE,
    ROUTER,
    WEBHOOK,
    edges,
    graph_of,
    module,
    route,
    ways,
)
from tests.workflows.platforms.flows import files, lost, needs_corpus


def ids(*modules: Any) -> list[str]:
    return [step.id for step in graph_of(*modules).steps]


def test_steps_are_sorted_by_the_number_of_their_id():
    assert ids(module(10), module(9), module(100), module("b"), module(2)) == [
        "2",
        "9",
        "10",
        "100",
        "b",
    ]


def test_modules_that_share_an_id_are_told_apart():
    graph = graph_of(module(1), module(2), module("2"), module(2.0), module("2#2"))
    assert len({step.id for step in graph.steps}) == 5
    assert {name: len(found) for name, found in graph.duplicate_ids.items()} == {"2": 3}


@pytest.mark.parametrize(
    "value", [None, True, "", [], {}, float("nan"), pytest.param(10**5000, id="long")]
)
def test_modules_without_id_are_kept(value: Any):
    graph = graph_of(module(1), module(value), module(value))
    assert len(graph.steps) == 3
    assert graph.duplicate_ids == {}
    assert len(ways(graph)) == 2


def told(graph: Graph) -> Any:
    return edges(graph), graph.entries, [(s.id, s.spec, s.params, s.raw) for s in graph.steps]


def backwards(value: Any) -> Any:
    """The same JSON with the keys of every object in the opposite order."""
    if isinstance(value, dict):
        return {key: backwards(inner) for key, inner in reversed(value.items())}
    return [backwards(inner) for inner in value] if isinstance(value, list) else value


@needs_corpus
def test_the_order_of_keys_changes_nothing():
    for path in files("make"):
        source = make.split(json.loads(path.read_text())).sources[0]
        other = Source(backwards(source.definition), source.name)
        assert told(make.translate(source)) == told(make.translate(other))


def count(flow: list[dict[str, Any]]) -> int:
    return sum(
        1
        + count(each.get("onerror", []))
        + sum(count(inner["flow"]) for inner in each.get("routes", []))
        for each in flow
    )


@needs_corpus
def test_every_real_blueprint_is_translated_whole():
    assert len(files("make")) == 6
    for path in files("make"):
        document = json.loads(path.read_text())
        graph = make.translate(make.split(document).sources[0])
        assert len(graph.steps) == count(document["flow"])
        assert not lost(graph), path.name
        assert not graph.dangling
        assert not any(step.kind is Kind.UNKNOWN for step in graph.steps), path.name
        assert len(graph.triggers) == 1
        wanting = [step for step in graph.steps if step.credentials_needed]
        assert wanting
        assert all("connection" in step.params for step in wanting)


@needs_corpus
@pytest.mark.parametrize("platform", ["n8n", "node-red", "highlevel"])
def test_files_of_other_platforms_are_not_recognised(platform: str):
    assert files(platform)
    for path in files(platform):
        assert not make.recognise(json.loads(path.read_text())), path.name


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)
kinds = st.sampled_from([ROUTER, IF_ELSE, MERGE, WEBHOOK, "builtin:Break", "util:Sleep", "x:y"])
keys = st.sampled_from(["parameters", "mapper", "filter", "metadata", "version", "id", "module"])


def nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A module around others: any field of it may be anything instead."""
    flows = st.lists(inner, max_size=3)
    part = {"flow": flows | anything}
    extras = {"merge": scalars, "type": scalars, "label": scalars, "disabled": scalars}
    parts = st.lists(st.fixed_dictionaries(part, optional=extras) | anything, max_size=3)
    return st.fixed_dictionaries(
        {"id": st.integers(0, 9) | anything, "module": kinds | anything},
        optional={"routes": parts, "branches": parts, "onerror": flows | anything},
    )


modules = st.recursive(st.dictionaries(keys, anything, max_size=3), nested, max_leaves=6)


@given(st.lists(modules, max_size=4) | anything, anything | st.lists(modules, max_size=2))
def test_no_json_breaks_the_translation(flow: Any, orphans: Any):
    metadata = {"designer": {"orphans": orphans}, "scenario": orphans}
    for document in (flow, {"flow": flow, "metadata": metadata}, {"subflows": flow}):
        assert isinstance(make.recognise(document), bool)
        try:
            graph = make.translate(Source(document))
        except UnsupportedDefinition:
            continue
        assert len({step.id for step in graph.steps}) == len(graph.steps)
        assert [step.index for step in graph.steps] == list(range(len(graph.steps)))
        assert not any(step.kind is Kind.TRIGGER and step.outputs is None for step in graph.steps)
        assert graph.dangling == []


def test_deep_nesting_is_survived():
    inner = module(1)
    for number in range(2, 5_000):
        inner = module(number, ROUTER, routes=[route(inner)])
    graph = graph_of(inner)
    assert len(graph.steps) == 4_999
    assert not lost(graph)
