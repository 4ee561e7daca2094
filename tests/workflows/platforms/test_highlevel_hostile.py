"""HighLevel and hostile input: any JSON is translated or refused, and nothing else happens."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.workflows.analysis.graph import EdgeKind
from apps.workflows.platforms import highlevel
from apps.workflows.platforms.base import Source, UnsupportedDefinition

_WORDS = (
    "id _id type name next order attributes meta templates steps actions workflowData workflow "
    "workflows triggers trigger conditions filters field value operator active status settings "
    "window startAfter transitions branches paths noneBranch parentKey parent nodeType cat tags "
    "fields targetNodeId targetActionId source locationId advanceCanvasMeta isDisabled position "
    "x y a b convertToMultipath interval timeUnit action __customInputFields__ filterField users "
    "stats fileUrl fragment appointmentCondition appointmentSpecificStep"
)
_VALUES = (
    "a b c if_else wait sms goto drip transition workflow_goal add_contact_tag draft published "
    "time reply timeout days branch-yes branch-no condition-node multi-path specific-step "
    "internal_update_opportunity update_contact_field contact_tag review_request"
)
WORDS = st.sampled_from(_WORDS.split())
VALUES = st.sampled_from(_VALUES.split())
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.just(10**400)
    | st.floats()
    | st.text(max_size=5)
    | VALUES
)


def json_values(leaves: int) -> st.SearchStrategy[Any]:
    return st.recursive(
        SCALARS,
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(WORDS | st.text(max_size=4), inner, max_size=5)
        ),
        max_leaves=leaves,
    )


JSON = json_values(40)
BIT = json_values(4)
STEP = st.fixed_dictionaries(
    {},
    optional={
        "id": VALUES | BIT,
        "_id": BIT,
        "type": VALUES | BIT,
        "name": BIT,
        "order": BIT,
        "next": VALUES | st.lists(VALUES | BIT, max_size=3) | BIT,
        "attributes": st.dictionaries(WORDS, VALUES | BIT, max_size=6) | BIT,
        "meta": BIT,
        "parentKey": VALUES | BIT,
        "nodeType": VALUES | BIT,
        "cat": VALUES | BIT,
        "advanceCanvasMeta": BIT,
    },
)


def check(source: Source) -> None:
    """What holds for every graph, whatever it was made of."""
    graph = highlevel.translate(source)
    count = len(graph.steps)
    assert len({step.id for step in graph.steps}) == count
    assert [step.index for step in graph.steps] == list(range(count))
    assert all(0 <= edge.source < count and 0 <= edge.target < count for edge in graph.edges)
    assert all(0 <= loose.source < count for loose in graph.dangling)
    assert bool(graph.entries) == bool(count)
    assert not any(edge.kind is EdgeKind.ATTACH for edge in graph.edges)
    for step in graph.steps:
        assert step.wait is None or step.wait.minutes is None or step.wait.minutes >= 0
        assert all(isinstance(value, str) for entry in step.filters for value in entry.values)
        graph.is_reachable(step)


@settings(max_examples=400, deadline=None)
@given(JSON)
def test_any_json_is_split_or_refused(document: Any) -> None:
    highlevel.recognise(document)
    highlevel.merge_trigger_file(document, document)
    try:
        bundle = highlevel.split(document)
    except UnsupportedDefinition:
        return
    for source in bundle.sources:
        check(source)


@settings(max_examples=200, deadline=None)
@given(st.lists(STEP, max_size=5), st.none() | st.lists(STEP | BIT, max_size=3), BIT, BIT)
def test_any_steps_and_triggers_are_translated(
    steps: list[Any], triggers: list[Any] | None, status: Any, extra: Any
) -> None:
    check(
        Source(
            {
                "name": extra,
                "status": status,
                "settings": extra,
                "window": status,
                "workflowData": {"templates": steps},
            },
            triggers=triggers,
        )
    )


@settings(max_examples=100, deadline=None)
@given(st.lists(STEP, max_size=5), st.randoms())
def test_the_order_of_steps_never_matters(steps: list[Any], rng: Any) -> None:
    def shape(rows: list[Any]) -> str:
        graph = highlevel.translate(Source({"templates": rows}))
        edges = sorted((e.source, e.target, e.kind, e.label, e.port) for e in graph.edges)
        loose = sorted((d.source, d.target, d.kind, d.label) for d in graph.dangling)
        rows_ = [(step.id, repr(step.raw)) for step in graph.steps]
        return repr((rows_, edges, loose, graph.entries, graph.duplicate_ids, graph.connections))

    shuffled = list(steps)
    rng.shuffle(shuffled)
    assert shape(shuffled) == shape(steps)


@pytest.mark.parametrize("definition", [None, [], "x", 5])
def test_definition_that_is_no_object_is_refused(definition: Any) -> None:
    with pytest.raises(UnsupportedDefinition):
        highlevel.translate(Source(definition))


def test_numbers_too_long_to_write_are_no_danger() -> None:
    huge = 10**5000
    raw = {"id": huge, "order": huge, "type": "add_contact_tag", "attributes": {"tags": [huge]}}
    filters = [{"field": "tags", "value": huge}]
    graph = highlevel.translate(
        Source({"templates": [raw, raw | {"next": huge}]}, triggers=[{"conditions": filters}])
    )
    assert [step.id for step in graph.steps] == ["trigger-1", "step-1", "step-2"]
    assert graph.triggers[0].filters[0].values == ()


def test_deep_nesting_is_no_danger() -> None:
    deep: Any = "x"
    for _ in range(20_000):
        deep = [deep]
    steps = [{"id": "a", "type": "sms", "next": deep, "attributes": {"tags": deep}}] * 2
    graph = highlevel.translate(Source({"templates": steps}, triggers=[{"conditions": deep}]))
    assert len(graph.steps) == 3


def test_a_container_with_very_many_branches_is_no_danger() -> None:
    names = [{"id": f"b{n}", "name": str(n)} for n in range(20_000)]
    container = {
        "id": "if",
        "type": "if_else",
        "attributes": {"branches": names},
        "next": [branch["id"] for branch in names],
    }
    children = [{"id": f"c{n}", "type": "sms", "parentKey": f"b{n}"} for n in range(20_000)]
    graph = highlevel.translate(Source({"templates": [container, *children]}))
    assert len(graph.edges) == 20_000
