"""Edge cases of the rules about Make's if-else and aggregators."""

import pytest

from tests.workflows.analysis.builders import findings
from tests.workflows.analysis.rules.flow_documents import HOOK, module, scenario

MERGE, FEEDER = "ifelse-without-merge", "aggregator-without-feeder"
AGGREGATORS = [
    "builtin:BasicAggregator", "util:TextAggregator", "util:FunctionAggregator2",
    "util:AggregateAggregator", "json:AggregateToJSON",
]  # fmt: skip
ODD = [None, 0, "", "  ", True, -1, 1.5, [], {}, [1], {"id": 1}, 10**400, "x" * 10_000]


def if_else(number, *flows, merge=True, **more):
    branches = [
        {"type": "condition", "label": f"Case {n}", "merge": merge, "flow": flow}
        for n, flow in enumerate(flows)
    ]
    return module(number, "builtin:BasicIfElse", branches=branches, **more)


def aggregator(number, feeder=None, kind="util:TextAggregator", **more):
    return module(number, kind, parameters={"feeder": feeder, "rowSeparator": ","}, **more)


# -- ifelse-without-merge ----------------------------------------------------------------------


@pytest.mark.parametrize("merge", [True, False, None])
def test_modules_directly_after_an_if_else_are_reported_once(merge):
    document = scenario(HOOK, if_else(2, [module(3)], [], merge=merge), module(4), module(5))
    [finding] = findings(document, MERGE)
    assert finding.node_ids == ("2", "4")
    assert finding.severity == "high"
    assert finding.path == ("1", "2")


def test_an_if_else_inside_a_route_is_reported():
    inner = [if_else(3, [module(4)], []), module(5)]
    router = module(2, "builtin:BasicRouter", routes=[{"flow": inner}, {"flow": [module(6)]}])
    assert [each.node_ids for each in findings(scenario(HOOK, router), MERGE)] == [("3", "5")]


def test_an_aggregator_after_an_if_else_is_no_merge():
    document = scenario(HOOK, if_else(2, [module(3)], []), aggregator(4, 1))
    assert len(findings(document, MERGE)) == 1


@pytest.mark.parametrize("merge", [True, False])
def test_a_merge_after_the_if_else_is_all_it_needs(merge):
    document = scenario(
        HOOK, if_else(2, [module(3)], [], merge=merge), module(4, "builtin:BasicMerge"), module(5)
    )
    assert findings(document, MERGE) == []


def test_an_if_else_at_the_end_needs_no_merge():
    assert findings(scenario(HOOK, if_else(2, [module(3), module(4)], [])), MERGE) == []


def test_an_if_else_at_the_end_of_a_branch_needs_no_merge():
    inner = if_else(3, [module(4)], [])
    document = scenario(HOOK, if_else(2, [inner], []), module(5, "builtin:BasicMerge"), module(6))
    assert findings(document, MERGE) == []


def test_modules_after_a_router_are_not_this_rules_business():
    router = module(2, "builtin:BasicRouter", routes=[{"flow": [module(3)]}])
    assert findings(scenario(HOOK, router, module(4)), MERGE) == []


def test_an_error_handler_of_an_if_else_comes_not_after_it():
    handled = if_else(2, [module(3)], [], onerror=[module(9, "builtin:Ignore")])
    assert findings(scenario(HOOK, handled), MERGE) == []


def test_a_disabled_if_else_is_no_source_of_findings():
    document = scenario(HOOK, if_else(2, [module(3)], [], disabled=True), module(4))
    assert findings(document, MERGE) == []


@pytest.mark.parametrize("odd", ODD)
def test_branches_of_any_shape_do_no_harm(odd):
    for branches in (odd, [odd], [{"flow": odd, "merge": odd}]):
        document = scenario(HOOK, module(2, "builtin:BasicIfElse", branches=branches))
        assert findings(document, MERGE) == []


# -- aggregator-without-feeder -----------------------------------------------------------------


@pytest.mark.parametrize("kind", AGGREGATORS)
def test_every_aggregator_needs_a_source_that_is_there(kind):
    for feeder, words in ((None, "no source module"), (9, "module 9"), (2, "itself")):
        [finding] = findings(scenario(HOOK, aggregator(2, feeder, kind)), FEEDER)
        assert finding.node_ids == ("2",)
        assert finding.severity == "high"
        assert words in finding.message


def test_a_source_that_comes_after_the_aggregator_is_reported():
    [finding] = findings(scenario(HOOK, aggregator(2, 3), module(3)), FEEDER)
    assert "not before it" in finding.message


def test_a_source_on_another_route_is_reported():
    routes = [{"flow": [module(3)]}, {"flow": [aggregator(4, 3)]}]
    router = module(2, "builtin:BasicRouter", routes=routes)
    assert len(findings(scenario(HOOK, router), FEEDER)) == 1


@pytest.mark.parametrize("odd", ODD)
def test_a_source_that_is_no_id_is_none(odd):
    assert len(findings(scenario(HOOK, aggregator(2, odd)), FEEDER)) == 1


@pytest.mark.parametrize("odd", [None, 3, "x", [], [{}]])
def test_parameters_of_any_shape_hold_no_source(odd):
    document = scenario(HOOK, module(2, "util:TextAggregator", parameters=odd))
    assert len(findings(document, FEEDER)) == 1


@pytest.mark.parametrize("feeder", [2, "2", 2.0, " 2 "])
def test_an_iterator_before_the_aggregator_feeds_it(feeder):
    document = scenario(HOOK, module(2, "builtin:BasicFeeder"), module(3), aggregator(4, feeder))
    assert findings(document, FEEDER) == []


def test_the_first_module_may_feed_an_aggregator():
    assert findings(scenario(module(1, "google-sheets:filterRows"), aggregator(2, 1)), FEEDER) == []


def test_a_source_before_the_router_feeds_the_aggregators_on_its_routes():
    routes = [{"flow": [module(4), aggregator(5, 2)]}, {"flow": [aggregator(6, 2)]}]
    router = module(3, "builtin:BasicRouter", routes=routes)
    document = scenario(HOOK, module(2, "builtin:BasicFeeder"), router)
    assert findings(document, FEEDER) == []


def test_a_source_in_a_branch_feeds_an_aggregator_behind_the_merge():
    document = scenario(
        HOOK,
        if_else(2, [module(3, "builtin:BasicFeeder")], []),
        module(4, "builtin:BasicMerge"),
        aggregator(5, 3),
    )
    assert findings(document, FEEDER) == []


def test_one_of_two_modules_with_the_sources_id_is_enough():
    document = scenario(HOOK, module(2), aggregator(3, 2), module(2))
    assert findings(document, FEEDER) == []


def test_a_module_of_an_unknown_kind_is_judged_only_by_the_source_it_names():
    assert findings(scenario(HOOK, module(2, "csv:CreateCSV", parameters={})), FEEDER) == []
    named = module(2, "csv:CreateCSV", parameters={"feeder": 7})
    assert len(findings(scenario(HOOK, named), FEEDER)) == 1


def test_a_merge_needs_no_source():
    document = scenario(HOOK, if_else(2, [module(3)], []), module(4, "builtin:BasicMerge"))
    assert findings(document, FEEDER) == []


def test_disabled_and_unconnected_aggregators_are_not_judged():
    document = scenario(HOOK, aggregator(2, 9, disabled=True), orphans=[[aggregator(8, 9)]])
    assert findings(document, FEEDER) == []


def test_thousands_of_aggregators_are_checked_in_no_time():
    flow = [HOOK, *(aggregator(number, number - 1) for number in range(2, 12_000))]
    assert findings(scenario(*flow), FEEDER) == []
