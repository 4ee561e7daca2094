"""n8n and hostile input: any JSON is translated or refused, and nothing else happens."""

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.workflows.analysis.graph import EdgeKind
from apps.workflows.platforms import n8n
from apps.workflows.platforms.base import Source, UnsupportedDefinition

BASE, AI = "n8n-nodes-base.", "@n8n/n8n-nodes-langchain."
_WORDS = (
    "id name nodes connections type typeVersion position parameters disabled onError settings main "
    "continueOnFail retryOnFail workflow workflows data node index active timezone errorWorkflow "
    "resource operation mode rules values options fallbackOutput numberOutputs categories category "
    "httpMethod amount unit resume workflowId value authentication outputs output ai_tool"
)
_BASE_TYPES = (
    "if switch set wait webhook splitInBatches httpRequest slack stickyNote respondToWebhook "
    "executeWorkflow gmailTool discord twilio"
)
_AI_TYPES = "agent textClassifier sentimentAnalysis vectorStoreQdrant code guardrails"
WORDS = st.sampled_from(_WORDS.split())
TYPES = st.sampled_from(
    [
        *(BASE + name for name in _BASE_TYPES.split()),
        *(AI + name for name in _AI_TYPES.split()),
        *("n8n-nodes-acme.acme", "n8n-nodes-acme.acmeTrigger", ""),
    ]
)
NAMES = st.sampled_from(["A", "B", "C", "", "node-1"])
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.just(10**400)
    | st.floats()
    | st.text(max_size=5)
    | NAMES
    | st.sampled_from(["=", "={{ 1 }}", "expression", "extra", "other", "continueErrorOutput"])
)
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=6)
        | st.dictionaries(WORDS | st.text(max_size=4), inner, max_size=8)
    ),
    max_leaves=40,
)
NODE = st.fixed_dictionaries(
    {},
    optional={
        "id": NAMES | JSON,
        "name": NAMES | JSON,
        "type": TYPES | JSON,
        "typeVersion": st.sampled_from([1, 2, 1.1, 1.3, 2.2, 3, 3.2, 4.2]) | JSON,
        "position": JSON,
        "parameters": st.dictionaries(WORDS, JSON, max_size=6) | JSON,
        "disabled": JSON,
        "onError": st.just("continueErrorOutput") | JSON,
        "continueOnFail": JSON,
        "retryOnFail": JSON,
    },
)
TARGETS = st.lists(st.fixed_dictionaries({"node": NAMES | JSON, "index": JSON}) | JSON, max_size=3)
OUTPUTS = st.dictionaries(
    st.sampled_from(["main", "ai_tool", "ai_new", "Main"]),
    st.lists(TARGETS | JSON, max_size=4) | JSON,
)
CONNECTIONS = st.dictionaries(NAMES | st.text(max_size=3), OUTPUTS | JSON, max_size=5)


def check(source: Source) -> None:
    """What holds for every graph, whatever it was made of."""
    graph = n8n.translate(source)
    count = len(graph.steps)
    assert len({step.id for step in graph.steps}) == count
    assert [step.index for step in graph.steps] == list(range(count))
    assert all(0 <= edge.source < count and 0 <= edge.target < count for edge in graph.edges)
    assert all(0 <= loose.source < count for loose in graph.dangling)
    assert all(0 <= index < count for index, _ in graph.bad_connections)
    assert len(graph.edges) + len(graph.dangling) <= graph.connections
    assert graph.entries == sorted(set(graph.entries))
    assert bool(graph.entries) or not any(e.kind is not EdgeKind.ATTACH for e in graph.edges)
    for step in graph.steps:
        assert 0 <= step.version < 1e6
        assert step.wait is None or step.wait.minutes is None or step.wait.minutes >= 0
        assert step.outputs is None or step.outputs >= 0
        graph.is_reachable(step)


@settings(max_examples=400, deadline=None)
@given(JSON)
def test_any_json_is_split_or_refused(document: Any) -> None:
    recognised = n8n.recognise(document)
    try:
        bundle = n8n.split(document)
    except UnsupportedDefinition:
        return
    assert recognised
    for source in bundle.sources:
        check(source)


@settings(max_examples=300, deadline=None)
@given(st.lists(NODE | JSON, max_size=8) | JSON, CONNECTIONS | JSON, JSON)
def test_any_nodes_and_connections_are_translated(nodes: Any, connections: Any, extra: Any) -> None:
    check(
        Source(
            {
                "nodes": nodes,
                "connections": connections,
                "name": extra,
                "id": extra,
                "active": extra,
                "settings": extra,
            }
        )
    )


@settings(max_examples=150, deadline=None)
@given(st.lists(NODE, max_size=8), CONNECTIONS, st.randoms())
def test_the_order_of_nodes_never_matters(nodes: list[Any], connections: Any, rng: Any) -> None:
    def shape(rows: list[Any], wires: Any) -> str:
        graph = n8n.translate(Source({"nodes": rows, "connections": wires}))
        return repr(
            (
                [(step.id, step.spec, step.outputs, step.raw) for step in graph.steps],
                [(e.source, e.target, e.kind, e.label, e.port) for e in graph.edges],
                (graph.dangling, graph.entries, graph.duplicate_ids, graph.duplicate_names),
                (graph.unknown_sources, graph.bad_connections, graph.connections),
            )
        )

    shuffled, keys = list(nodes), list(connections)
    rng.shuffle(shuffled)
    rng.shuffle(keys)
    assert shape(shuffled, {key: connections[key] for key in keys}) == shape(nodes, connections)


def test_numbers_too_long_to_write_are_no_danger() -> None:
    huge = 10**5000
    raw = {"id": huge, "typeVersion": huge, "position": [huge, huge], "type": BASE + "switch"}
    params = {"mode": "expression", "numberOutputs": huge}
    same = [raw | {"parameters": params}] * 2
    graph = n8n.translate(Source({"nodes": same, "connections": {}, "id": huge}))
    assert [step.id for step in graph.steps] == ["node-1", "node-2"]


def test_deep_nesting_is_no_danger() -> None:
    deep: Any = "x"
    for _ in range(20_000):
        deep = [deep]
    n8n.recognise(deep)
    nodes = [{"id": "a", "type": BASE + "if", "parameters": {"conditions": deep}}] * 2
    graph = n8n.translate(Source({"nodes": nodes, "connections": {"A": {"main": deep}}}))
    assert len(graph.steps) == 2


@pytest.mark.parametrize("same", [True, False])
def test_largest_workflow_is_translated_in_a_moment(same: bool) -> None:
    nodes = [
        {"id": "x" if same else str(n), "name": f"N{n}", "type": BASE + "set", "typeVersion": 3.4}
        for n in range(25_000)
    ]
    connections = {
        f"N{n}": {"main": [[{"node": f"N{n + 1}", "type": "main", "index": 0}]]}
        for n in range(25_000)
    }
    started = time.process_time()
    graph = n8n.translate(Source({"nodes": nodes, "connections": connections}))
    assert time.process_time() - started < 2
    assert (len(graph.edges), len(graph.dangling)) == (24_999, 1)
