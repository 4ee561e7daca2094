"""Make blueprints: recognised, unwrapped, and laid out flat along their flows."""

from typing import Any

import pytest

from apps.workflows.analysis.graph import EdgeKind, Kind, Need
from apps.workflows.platforms import make
from apps.workflows.platforms.base import MAX_STEPS, Source, UnsupportedDefinition
from tests.workflows.platforms.blueprints import (
    IF_ELSE,
    MERGE,
    ROUTER,
    WEBHOOK,
    blueprint,
    branch,
    edges,
    graph_of,
    module,
    route,
    ways,
)
from tests.workflows.platforms.flows import entries, lost, step

PLAIN = blueprint(module(1))


@pytest.mark.parametrize(
    "document",
    [
        PLAIN,
        {"blueprint": PLAIN},
        {"response": {"blueprint": PLAIN, "scheduling": {}}},
        {"name": "A", "subflows": [{"flow": [module(1)]}], "metadata": {}},
        {"name": "A", "flow": [], "metadata": {"scenario": {}}},
        {"flow": [None, module(1)]},
    ],
)
def test_blueprints_are_recognised(document: Any):
    assert make.recognise(document)
    bundle = make.split(document)
    assert bundle.platform == "make"
    assert bundle.sources[0].name in ("Orders", "A", "")


@pytest.mark.parametrize(
    "document",
    [
        None,
        3,
        [],
        [PLAIN],
        {},
        {"flow": []},
        {"flow": {}},
        {"flow": [], "metadata": {"version": 1}},
        {"flow": [{"id": 1}]},
        {"flow": [{"id": 1, "module": 7}]},
        {"flow": "http:ActionSendData"},
        {"blueprint": "text"},
        {"response": {"response": {"response": {"blueprint": PLAIN}}}},
        {"subflows": [{"flow": None}]},
        {"nodes": [{"type": "n8n-nodes-base.if"}], "connections": {}},
        {"flows": [{"id": "a", "type": "tab"}], "rev": "1"},
    ],
)
def test_other_documents_are_not_recognised(document: Any):
    assert not make.recognise(document)
    with pytest.raises(UnsupportedDefinition):
        make.split(document)


def test_a_definition_without_flow_is_refused():
    with pytest.raises(UnsupportedDefinition, match="flow"):
        make.translate(Source({"name": "A"}))


def test_too_many_modules_are_refused_with_both_numbers():
    flow = [module(1, ROUTER, routes=[route(*map(module, range(2, MAX_STEPS + 2)))])]
    with pytest.raises(UnsupportedDefinition, match=r"25,001 modules; at most 25,000"):
        graph_of(*flow)


def test_the_scenario_keeps_its_name_and_settings():
    graph = graph_of(module(1), scenario={"dlq": True, "sequential": False})
    assert (graph.name, graph.active) == ("Orders", None)
    assert graph.settings.raw == {"dlq": True, "sequential": False}
    unnamed = make.translate(Source({"flow": [module(1)], "name": 3}))
    assert unnamed.name == "Make scenario"


# -- one after the other -----------------------------------------------------------------------


def test_modules_follow_one_another():
    graph = graph_of(module(7, WEBHOOK), module(3), module(5))
    assert [s.id for s in graph.steps] == ["3", "5", "7"]
    assert sorted(ways(graph)) == ["3>5", "7>3"]
    assert entries(graph) == ["7"]


def test_what_is_no_module_is_passed_over():
    assert ways(graph_of(module(1), None, "x", [module(9)], module(2))) == ["1>2"]


@pytest.mark.parametrize("orphans", [([module(2), module(3)],), ([module(2)], module(3))])
def test_orphans_are_kept_and_not_reached(orphans: Any):
    graph = graph_of(module(1), orphans=orphans)
    assert lost(graph) == ["2", "3"]
    assert ways(graph) == (["2>3"] if len(orphans) == 1 else [])


@pytest.mark.parametrize("orphans", [None, {}, [None, 3], "x", [[]], [[[module(2)]]]])
def test_orphans_of_the_wrong_shape_are_absent(orphans: Any):
    assert [s.id for s in graph_of(module(1), orphans=orphans).steps] == ["1"]


def test_an_empty_scenario_has_no_step_and_no_trigger():
    graph = graph_of(scenario={})
    assert graph.steps == []
    assert Need.TRIGGERS in graph.missing


def test_flows_one_level_down_are_all_started():
    parts = [{"flow": [module(1), module(2)]}, {"flow": [module(3)]}, {"flow": []}, {"flow": 3}]
    graph = make.translate(make.split({"subflows": parts}).sources[0])
    assert entries(graph) == ["1", "3"]


def test_an_iterator_leads_into_its_body():
    graph = graph_of(
        module(1, WEBHOOK),
        module(2, "builtin:BasicFeeder"),
        module(3),
        module(4, "builtin:BasicAggregator", parameters={"feeder": 2}),
        module(5),
    )
    assert {edge[:3] for edge in edges(graph) if edge[2] is EdgeKind.LOOP} == {
        ("2", "3", EdgeKind.LOOP)
    }
    assert step(graph, "4").kind is Kind.MERGE
    assert step(graph, "4").params["parameters"]["feeder"] == 2


# -- routers -----------------------------------------------------------------------------------


def labels(*routes: Any, **router: Any) -> list[tuple[str, str, int]]:
    graph = graph_of(module(1, WEBHOOK), module(2, ROUTER, routes=list(routes), **router))
    assert step(graph, "2").outputs == len([each for each in routes if isinstance(each, dict)])
    return [
        (target, label, port)
        for _, target, kind, label, port in edges(graph)
        if kind is EdgeKind.BRANCH
    ]


def test_a_route_is_called_by_the_filter_of_its_first_module():
    assert labels(
        route(module(3, filter={"name": "Paid"}), module(4, filter={"name": "Late"})),
        route(module(5, filter={"name": " ", "conditions": []})),
        route(module(6), filter={"name": "On the route"}),
        route(module(7, filter="x")),
    ) == [("3", "Paid", 0), ("5", "route 2", 1), ("6", "On the route", 2), ("7", "route 4", 3)]


@pytest.mark.parametrize(
    "router",
    [
        {"parameters": {"else": 1}},
        {"mapper": {"else": "1"}},
        {"routes": [route(module(3)), route(module(4), **{"else": True})]},
        {"routes": [route(module(3)), route(module(4), fallback=True)]},
    ],
)
def test_the_fallback_route_is_called_else(router: dict[str, Any]):
    routes = router.get("routes") or [route(module(3)), route(module(4))]
    rest = {key: value for key, value in router.items() if key != "routes"}
    assert labels(*routes, **rest) == [("3", "route 1", 0), ("4", "else", 1)]


@pytest.mark.parametrize(
    "router",
    [
        {"parameters": {"else": True}},
        {"parameters": {"else": None}},
        {"parameters": {"else": 5}},
        {"parameters": ["else"]},
        {},
    ],
)
def test_without_a_fallback_no_route_is_called_else(router: dict[str, Any]):
    found = labels(route(module(3)), route(module(4)), **router)
    assert [label for _, label, _ in found] == ["route 1", "route 2"]


def test_an_empty_route_is_an_output_that_leads_nowhere():
    assert labels(route(module(3)), route(), route(module(4)), "x") == [
        ("3", "route 1", 0),
        ("4", "route 3", 2),
    ]


def test_routes_do_not_rejoin():
    graph = graph_of(
        module(1, ROUTER, routes=[route(module(2)), route(module(3))]), module(4, MERGE)
    )
    assert sorted(ways(graph)) == ["1>2", "1>3", "1>4"]


def test_routers_nest():
    inner = module(3, ROUTER, routes=[route(module(4)), route(module(5))])
    graph = graph_of(module(1, WEBHOOK), module(2, ROUTER, routes=[route(inner)]))
    assert ways(graph) == ["1>2", "2>3", "3>4", "3>5"]
    assert not lost(graph)


# -- if-else -----------------------------------------------------------------------------------


def test_branches_rejoin_in_the_merge():
    graph = graph_of(
        module(1, WEBHOOK),
        module(
            2,
            IF_ELSE,
            branches=[
                branch(module(3), module(4), label="Urgent"),
                branch(module(5), merge=False),
                branch(label="Nothing to do"),
                branch(module(6), type="else", label="Otherwise"),
            ],
        ),
        module(7, MERGE, outputs=[{"name": "a", "mappings": ["{{4.x}}"]}], filters=[None]),
        module(8),
    )
    assert edges(graph) == [
        ("1", "2", EdgeKind.NEXT, "", 0),
        ("2", "3", EdgeKind.BRANCH, "Urgent", 0),
        ("2", "5", EdgeKind.BRANCH, "branch 2", 1),
        ("2", "7", EdgeKind.BRANCH, "Nothing to do", 2),
        ("2", "6", EdgeKind.BRANCH, "else", 3),
        ("3", "4", EdgeKind.NEXT, "", 0),
        ("4", "7", EdgeKind.NEXT, "", 0),
        ("6", "7", EdgeKind.NEXT, "", 0),
        ("7", "8", EdgeKind.NEXT, "", 0),
    ]
    assert step(graph, "2").outputs == 4
    assert "{{4.x}}" in step(graph, "7").text


def test_without_a_merge_the_next_module_follows_the_if_else_itself():
    graph = graph_of(module(1, IF_ELSE, branches=[branch(module(2))]), module(3))
    assert ("1", "3", EdgeKind.NEXT, "", 1) in edges(graph)
    assert "2>3" not in ways(graph)


def test_a_merge_no_branch_leads_to_follows_the_if_else():
    graph = graph_of(
        module(1, IF_ELSE, branches=[branch(module(2), merge=False)]), module(3, MERGE)
    )
    assert sorted(ways(graph)) == ["1>2", "1>3"]


def test_the_conditions_of_branches_are_parameters():
    conditions = [[{"a": "{{1.x}}", "o": "text:equal", "b": "y"}]]
    graph = graph_of(module(1, IF_ELSE, branches=[branch(module(2), conditions=conditions)]))
    assert step(graph, "1").params["branches"] == [{"type": "condition", "conditions": conditions}]


def test_what_stands_in_a_disabled_branch_is_disabled():
    inner = module(3, ROUTER, routes=[route(module(4), disabled=True), route(module(5))])
    graph = graph_of(
        module(1, IF_ELSE, branches=[branch(inner, disabled=True), branch(module(6))]),
        module(7, disabled=True),
        module(8, disabled="no"),
    )
    assert [s.id for s in graph.steps if not s.enabled] == ["3", "4", "5", "7"]
