"""The account as a whole: its score, who starts whom, and that many workflows cost little."""

import random
import time

from hypothesis import given
from hypothesis import strategies as st

from apps.workflows.analysis.account_score import account_score
from apps.workflows.analysis.engine import Analysis, analyse
from apps.workflows.analysis.facts.account import ENROLS, MOST_LINKS, Account
from apps.workflows.analysis.facts.watchers import Watchers
from apps.workflows.analysis.facts.watching import matches
from apps.workflows.analysis.findings import CATEGORIES, Category
from apps.workflows.analysis.graph import Graph, Kind
from apps.workflows.analysis.rules import all_rules
from apps.workflows.inspection import inspect_document
from apps.workflows.platforms import highlevel
from apps.workflows.platforms.base import Source
from tests.workflows.analysis.agency import (
    JSON,
    agency,
    chain,
    flow,
    inspected,
    made,
    started,
    text_message,
)

RULES = (
    "backward-stage-move-ignored", "blank-custom-value", "conflicting-field-writes",
    "duplicate-trigger", "foreign-account-reference", "missing-reference", "never-enrolled",
    "no-sms-number", "trigger-tag-never-added", "unverified-email-domain", "workflow-cycle",
)  # fmt: skip


def graphs(bundle: JSON) -> list[Graph]:
    found = highlevel.split(bundle)
    return [highlevel.translate(source) for source in found.sources]


def analyses(bundle: JSON) -> list[Analysis]:
    return [item.analysis for item in inspect_document(bundle) if item.analysis is not None]


# -- the score of the account --------------------------------------------------------------


def scored(*values: int | None) -> list[Analysis]:
    """Analyses of these scores; their other figures do not matter."""
    (one,) = analyses(flow("A", "A", [text_message("s", "Hi", "hi")], []))
    assert one.score is not None
    found = []
    for value in values:
        score = None if value is None else type(one.score)(value, ())
        categories: dict[Category, int | None] = dict.fromkeys(CATEGORIES, value)
        found.append(Analysis(one.graph, [], [], 1.0, score, categories))
    return found


def test_the_account_scores_the_mean_of_its_workflows_rounded_half_up():
    assert account_score(scored(80, 81)).value == 81
    assert account_score(scored(0, 0, 1)).value == 0
    assert account_score(scored(50, 49, 50)).value == 50
    assert account_score(scored(100)).value == 100
    assert account_score(scored(2, 3)).value == 3


def test_workflows_without_a_score_are_left_out():
    found = account_score(scored(None, 90, None))
    assert found.value == 90
    assert found.grade == "Excellent"
    assert account_score(scored(None, 90)).categories[Category.FLOW] == 90


def test_an_account_without_any_score_has_none():
    for found in (account_score([]), account_score(scored(None, None))):
        assert found.value is None
        assert found.grade is None
        assert set(found.categories.values()) == {None}


def test_a_category_assessed_nowhere_stays_open():
    some = scored(10, 20, 30)
    for one in some:
        one.categories[Category.SAFETY] = None
    some[0].categories[Category.DATA] = None
    found = account_score(some).categories
    assert found[Category.SAFETY] is None
    assert found[Category.DATA] == 25
    assert found[Category.FLOW] == 20


@given(st.lists(st.none() | st.integers(0, 100), max_size=12), st.randoms())
def test_the_order_of_the_workflows_does_not_matter_to_the_score(values, order: random.Random):
    turned = values[:]
    order.shuffle(turned)
    assert account_score(scored(*values)) == account_score(scored(*turned))


def test_the_agency_has_a_score_of_its_own():
    found = account_score(analyses(agency()))
    assert found.value is not None
    assert set(found.categories) == set(CATEGORIES)
    worse = account_score(analyses({**agency(), "phoneNumbers": []}))
    assert worse.value is not None
    assert worse.value < found.value


# -- who starts whom -----------------------------------------------------------------------

TAGS = st.sampled_from(["a", "b", "A ", "{{x}}", ""])
FIELDS = st.sampled_from(
    ["contact.tags", "tagsAdded", "tagsRemoved", "source", "contact.source", "other", "",
     "opportunity.status", "opportunity.pipelineStageId"]
)  # fmt: skip
OPERATORS = st.sampled_from(["==", "!=", "index-of-true", "contains", "has_value", ">", "", "none"])
CONDITION = st.fixed_dictionaries(
    {"field": FIELDS, "operator": OPERATORS, "value": TAGS | st.lists(TAGS, max_size=2)}
)
TRIGGER = st.fixed_dictionaries(
    {
        "type": st.sampled_from(
            ["contact_tag", "contact_changed", "pipeline_stage_updated", "opportunity_changed",
             "opportunity_status_changed", "form_submission"]
        ),
        "conditions": st.lists(CONDITION, max_size=3),
    }
)  # fmt: skip
WRITER = st.one_of(
    st.builds(lambda tags: made("add_contact_tag", "w", "W", tags=tags), st.lists(TAGS)),
    st.builds(lambda tags: made("remove_contact_tag", "w", "W", tags=tags, removeAll=True), TAGS),
    st.builds(
        lambda name, value: made(
            "update_contact_field", "w", "W", fields=[{"field": name, "value": value}]
        ),
        FIELDS, TAGS,
    ),
    st.builds(
        lambda name, value: made(
            "internal_update_opportunity", "w", "W",
            __customInputFields__=[{"filterField": name, "value": value}],
        ),
        st.sampled_from(["pipelineStageId", "status", "source", "opportunity.source"]), TAGS,
    ),
)  # fmt: skip


@given(st.lists(TRIGGER, max_size=6), WRITER)
def test_looking_up_watchers_finds_all_that_match(raw, writer):
    graph = highlevel.translate(Source(flow("A", "A", [writer], raw), triggers=raw))
    watchers = Watchers((0, trigger) for trigger in graph.triggers)
    for step in graph.of_kind(Kind.WRITE):
        looked_up = [trigger for _, trigger in watchers.of(step) if matches(trigger, step)]
        tried = [trigger for trigger in graph.triggers if matches(trigger, step)]
        assert sorted(each.id for each in looked_up) == sorted(each.id for each in tried)


def test_links_lead_between_live_workflows_by_enrolment_and_by_writing():
    on_tag = started("contact_tag", "t1", "Tag", tagsAdded="x")
    bundle = {
        "workflows": [
            flow("A", "A", chain(made("add_contact_tag", "s1", "Tag", tags=["x"]),
                                 made("add_to_workflow", "s2", "On", workflow_id=["B", "C"])), []),
            flow("B", "B", [made("add_notes", "s", "Note", html="x")], [on_tag]),
            flow("C", "C", [made("add_notes", "s", "Note", html="x")], [on_tag], status="draft"),
        ]
    }  # fmt: skip
    account = Account(graphs(bundle))
    found = [(link.source, link.target, link.kind, link.step.id) for link in account.links]
    assert found == [(0, 1, "tag", "s1"), (0, 1, ENROLS, "s2")]
    assert [link.kind for link in account.out[0]] == [ENROLS, "tag"]


def test_the_account_is_the_one_most_workflows_and_lists_name():
    assert Account(graphs(agency())).location == "ve9EPM428h8vShlRW1KT"
    flows = [flow(key, key, [], [], locationId=key) for key in "AB"]
    assert Account(graphs({"workflows": flows})).location == ""
    lists = {"tags": [{"name": "x", "locationId": "B"}]}
    assert Account(graphs({"workflows": flows}), lists).location == "B"
    assert Account(graphs({"workflows": flows}), {"tags": [None, {"locationId": 5}]}).location == ""


# -- the agency as it is -------------------------------------------------------------------


def test_a_sound_account_of_more_than_thirty_workflows_has_no_account_findings():
    found = inspected(agency())
    assert len(found) >= 30
    for item in found.values():
        assert item.analysis is not None
        assert [each for each in item.analysis.findings if each.rule_id in RULES] == []
        assert [each for each in item.analysis.not_checked if each.rule_id in RULES] == []


def test_every_account_finding_has_steps_and_a_path_of_real_edges():
    bundle = agency()
    for key in ("pipelines", "users", "tags", "forms", "calendars"):
        bundle[key] = []
    bundle["phoneNumbers"] = bundle["emailDomains"] = []
    bundle["customValues"][0]["value"] = ""
    for one in bundle["stats"].values():
        one["enrollments"] = 0
    for item in inspected(bundle).values():
        assert item.analysis is not None
        graph = item.analysis.graph
        edges = {(graph.steps[e.source].id, graph.steps[e.target].id) for e in graph.edges}
        hits = [each for each in item.analysis.findings if each.rule_id in RULES]
        assert hits
        assert len({hit.fingerprint for hit in hits}) == len(hits)
        for hit in hits:
            assert hit.node_ids
            assert set(zip(hit.path, hit.path[1:], strict=False)) <= edges


# -- time ----------------------------------------------------------------------------------


def filled(treatments: int, steps: int) -> JSON:
    """The agency with this many treatments, every workflow filled up to this many steps."""
    bundle = agency(tuple(f"Care {n}" for n in range(treatments)))
    for one in bundle["workflows"]:
        flow_steps = one["workflowData"]["templates"]
        more = [
            text_message(f"x{n}", "Hi", "see {{custom_values.booking_link}}")
            if n % 3 == 0
            else made("add_contact_tag", f"x{n}", f"Tag {n}", tags=["patient"])
            for n in range(steps - len(flow_steps))
        ]
        flow_steps[-1]["next"] = "x0"
        flow_steps += chain(*more)
    return bundle


def seconds(bundle: JSON) -> float:
    """What the account rules alone take, translating aside; the best of three."""
    found = highlevel.split(bundle)
    checks = [check for each in RULES for check in all_rules()[each].graph_checks]
    best = 99.0
    for _ in range(3):
        workflows = [highlevel.translate(source) for source in found.sources]
        account = Account(workflows, found.lists, whole=True)
        begun = time.perf_counter()
        for graph in workflows:
            graph.account = account
            for check in checks:
                check(graph)
        best = min(best, time.perf_counter() - begun)
    return best


def test_an_account_of_thirty_workflows_takes_no_time():
    bundle = filled(4, 40)
    assert len(bundle["workflows"]) >= 30
    assert seconds(bundle) < 0.1


def test_five_hundred_workflows_take_a_second_or_two():
    assert seconds(filled(63, 40)) < 3


def test_watchers_of_everything_are_cut_off_and_do_not_run_away():
    every = started("contact_changed", "t1", "Any change")
    write = [
        made("update_contact_field", f"s{n}", "W", fields=[{"field": f"f{n}", "value": "1"}])
        for n in range(20)
    ]
    flows = [flow(f"W{n}", f"W{n}", chain(*write), [every]) for n in range(300)]
    begun = time.perf_counter()
    account = Account(graphs({"workflows": flows, "tags": []}), {"tags": []}, whole=True)
    for graph in account.graphs:
        graph.account = account
    links = account.links
    assert MOST_LINKS < len(links) < MOST_LINKS + 20 * 300 + 1
    assert len(account.cycles) == 1
    hits = [f for f in analyse(account.graphs[0]).findings if f.rule_id == "workflow-cycle"]
    assert len(hits) == 1
    assert time.perf_counter() - begun < 5
