"""HighLevel workflows: where runs begin, triggers, identities, and what the document says."""

import random

import pytest

from apps.workflows.analysis.graph import Kind, Need, Trait
from apps.workflows.platforms import highlevel
from apps.workflows.platforms.base import MAX_STEPS, Source, UnsupportedDefinition
from tests.workflows.platforms.test_highlevel_flow import (
    condition,
    edges,
    entries,
    graph_of,
    step,
)

# -- entries -----------------------------------------------------------------------------------


def test_triggers_lead_to_the_first_step_and_are_where_runs_begin():
    triggers = [{"id": "t1", "type": "contact_created"}, {"id": "t2", "type": "form_submission"}]
    graph = graph_of(step("a", next="b"), step("b"), triggers=triggers)
    assert entries(graph) == ["t1", "t2"]
    assert ("t1", "a", "next", "") in edges(graph)
    assert ("t2", "a", "next", "") in edges(graph)
    assert Need.TRIGGERS not in graph.missing
    assert graph.connections == 1


def test_without_triggers_the_first_step_is_where_runs_begin():
    missing = graph_of(step("a", next="b"), step("b"))
    empty = graph_of(step("a", next="b"), step("b"), triggers=[])
    assert entries(missing) == entries(empty) == ["a"]
    assert missing.missing == {Need.TRIGGERS: "the triggers are not in this file"}
    assert empty.missing == {}


def test_root_is_the_unpointed_step_of_lowest_order():
    graph = graph_of(step("z", next="y", order=0), step("y", order=1), step("a", order=2))
    assert entries(graph) == ["z"]
    assert not graph.is_reachable(graph.steps[0])


def test_root_of_a_full_circle_is_its_lowest_order():
    graph = graph_of(step("a", next="b", order=3), step("b", next="a", order=1))
    assert entries(graph) == ["b"]


def test_step_that_names_an_existing_parent_was_cut_off_and_is_no_root():
    graph = graph_of(
        step("r", order=0, next="m"), step("m", order=1), step("a", order=0, parentKey="m")
    )
    assert entries(graph) == ["r"]


def test_lonely_step_is_no_root_beside_one_that_leads_on():
    assert entries(graph_of(step("a"), step("b", next="c"), step("c"))) == ["b"]


def test_jumping_trigger_leads_to_its_own_target():
    triggers = [
        {"id": "t1", "type": "conv_ai_trigger"},
        {"id": "t2", "type": "conv_ai_autonomous_trigger", "targetActionId": "b"},
    ]
    graph = graph_of(step("a", next="b"), step("b"), triggers=triggers)
    assert edges(graph) == [
        ("a", "b", "next", ""),
        ("t1", "a", "next", ""),
        ("t2", "b", "next", ""),
    ]


def test_root_stays_an_entry_when_every_trigger_jumps_past_it():
    triggers = [{"id": "t", "type": "conv_ai_autonomous_trigger", "targetActionId": "gone"}]
    graph = graph_of(step("a"), triggers=triggers)
    assert entries(graph) == ["t", "a"]
    assert [loose.target for loose in graph.dangling] == ["gone"]


def test_target_of_an_ordinary_trigger_is_ignored():
    triggers = [{"id": "t", "type": "contact_created", "targetActionId": "gone"}]
    graph = graph_of(step("a"), triggers=triggers)
    assert edges(graph) == [("t", "a", "next", "")]
    assert graph.dangling == []


def test_trigger_alone_is_an_entry_that_leads_nowhere():
    graph = graph_of(triggers=[{"id": "t", "type": "contact_created"}])
    assert entries(graph) == ["t"]
    assert graph.edges == []


# -- triggers ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"active": True},
        {"active": True, "status": "draft"},
        {"active": "no"},
        {"status": "published"},
        {"status": 3},
        {"deleted": False},
    ],
)
def test_trigger_is_on_unless_it_says_otherwise(state):
    assert graph_of(triggers=[{"type": "contact_created"} | state]).triggers[0].enabled


@pytest.mark.parametrize("state", [{"active": False}, {"status": "Draft"}, {"deleted": True}])
def test_trigger_that_says_so_is_off_but_still_an_entry(state):
    graph = graph_of(step("a"), triggers=[{"id": "t", "type": "contact_created"} | state])
    assert not graph.triggers[0].enabled
    assert graph.is_reachable(graph.steps[1])


def test_conditions_become_filters_with_values_as_text():
    conditions = [
        {"field": "tagsAdded", "operator": "index-of-true", "value": " VIP "},
        {"field": "message.type", "operator": "==", "value": 18},
        {"field": "form.id", "operator": "is-any-of", "value": ["f1", {"value": "f2"}, None]},
        {"field": "contact.phone", "operator": "has-changed"},
        {"operator": "==", "value": "no field"},
        "junk",
    ]
    graph = graph_of(triggers=[{"type": "contact_changed", "conditions": conditions}])
    assert [(f.field, f.operator, f.values) for f in graph.triggers[0].filters] == [
        ("tagsAdded", "index-of-true", ("vip",)),
        ("message.type", "==", ("18",)),
        ("form.id", "is-any-of", ("f1", "f2")),
        ("contact.phone", "has-changed", ()),
    ]


def test_single_condition_may_stand_without_a_list():
    trigger = {"type": "form_submission", "conditions": {"field": "form.id", "value": "f"}}
    assert graph_of(triggers=[trigger]).triggers[0].filters[0].values == ("f",)


def test_unknown_trigger_is_a_trigger_that_starts():
    trigger = graph_of(triggers=[{"type": "brand_new"}, {}]).triggers[1]
    assert trigger.kind is Kind.TRIGGER
    assert Trait.STARTS in trigger.spec.traits


# -- identities --------------------------------------------------------------------------------


def test_order_in_the_file_changes_nothing():
    steps = [
        condition("if", ["Yes", "No"], ["if-0", "if-1", "none"]),
        step("a", parentKey="if-0", next="b", order=0),
        step("b", order=1),
        step("b", order=2, name="twin"),
        {"type": "email", "name": "nameless"},
        {"type": "email", "name": "another"},
        step("g", "goto", attributes={"targetNodeId": "if"}),
    ]
    triggers = [{"id": "t", "type": "contact_tag"}, {"type": "invoice"}, {"type": "refund"}]
    seen = set()
    for seed in range(30):
        shuffled, shuffled_triggers = list(steps), list(triggers)
        random.Random(seed).shuffle(shuffled)  # noqa: S311
        random.Random(seed).shuffle(shuffled_triggers)  # noqa: S311
        graph = graph_of(*shuffled, triggers=shuffled_triggers)
        seen.add(
            repr(
                (
                    [(each.index, each.id, each.name, each.type) for each in graph.steps],
                    edges(graph),
                    entries(graph),
                    graph.duplicate_ids,
                )
            )
        )
    assert len(seen) == 1


def test_ids_are_unique_even_where_the_file_repeats_them():
    graph = graph_of(step("a", next="b"), step("b"), step("b", name="x"), step("b#2"))
    assert sorted(each.id for each in graph.steps) == ["a", "b", "b#2", "b#3"]
    assert [len(found) for found in graph.duplicate_ids.values()] == [2]
    assert {graph.steps[index].raw["id"] for index in graph.duplicate_ids["b"]} == {"b"}


def test_missing_ids_are_made_up_and_no_duplicates():
    graph = graph_of(
        {"type": "sms"}, {"type": "email", "id": None}, {"id": "step-1", "type": "call"}
    )
    assert sorted(each.id for each in graph.steps) == ["step-1", "step-2", "step-3"]
    assert graph.duplicate_ids == {}


def test_trigger_that_shares_an_id_with_a_step_gives_way():
    graph = graph_of(step("x", next="y"), step("y"), triggers=[{"id": "x", "type": "invoice"}])
    assert {each.id: each.kind for each in graph.steps}["x"] is Kind.MESSAGE
    assert graph.triggers[0].id == "x#2"
    assert graph.duplicate_ids == {}


# -- the document ------------------------------------------------------------------------------


def test_name_id_status_and_settings_come_from_the_document():
    graph = graph_of(
        step("a"),
        _id="w1",
        status="published",
        allowMultiple=False,
        stopOnResponse=True,
        timezone="account",
        window={"start": "08:00"},
        senderAddress={"from_name": "Ann"},
    )
    assert (graph.name, graph.id, graph.active) == ("W", "w1", True)
    settings = graph.settings
    assert (settings.reentry, settings.stop_on_response) == (False, True)
    assert (settings.timezone, settings.window) == ("account", {"start": "08:00"})
    assert settings.raw["senderAddress"] == {"from_name": "Ann"}


def test_settings_of_another_type_are_absent():
    graph = graph_of(
        step("a"), allowMultiple="yes", stopOnResponse=1, timezone={}, window="9-5", settings=[]
    )
    settings = graph.settings
    assert (settings.reentry, settings.stop_on_response) == (None, None)
    assert (settings.timezone, settings.window) == (None, None)


@pytest.mark.parametrize(("status", "active"), [("draft", False), ("archived", None), (None, None)])
def test_only_published_is_active(status, active):
    assert graph_of(step("a"), status=status).active is active


def test_disabled_step_is_kept_and_not_enabled():
    off = step("a", advanceCanvasMeta={"isDisabled": True, "position": {"x": 1, "y": "2"}})
    on = step("b", advanceCanvasMeta={"isDisabled": "yes", "position": {"x": 1}})
    graph = graph_of(off, on)
    assert [each.enabled for each in graph.steps] == [False, True]
    assert [each.position for each in graph.steps] == [(1.0, 2.0), None]


def test_content_kept_in_another_file_is_not_an_empty_workflow():
    graph = graph_of(fileUrl="https://example.com/steps.json")
    assert "another file" in graph.missing[Need.CONTENT]


def test_file_url_beside_the_steps_is_nothing_missing():
    assert Need.CONTENT not in graph_of(step("a"), fileUrl="https://example.com/x").missing


def test_empty_list_of_steps_is_an_empty_workflow():
    assert Need.CONTENT not in graph_of(triggers=[]).missing


@pytest.mark.parametrize("data", [None, {}, "x", 3, {"templates": {}}, {"templates": "none"}])
def test_document_without_a_list_of_steps_has_no_content(data):
    graph = highlevel.translate(Source({"name": "W", "workflowData": data}))
    assert graph.missing[Need.CONTENT] == "the steps are not in this file"
    assert graph.steps == []


def test_too_many_steps_are_refused_with_both_numbers():
    with pytest.raises(UnsupportedDefinition, match=f"{MAX_STEPS + 1} steps.*{MAX_STEPS}"):
        graph_of(*[{}] * (MAX_STEPS + 1))


def test_as_many_steps_as_allowed_are_translated():
    chain = [step(f"s{n:05}", next=f"s{n + 1:05}") for n in range(MAX_STEPS)]
    graph = graph_of(*chain)
    assert len(graph.edges) == MAX_STEPS - 1
    assert len(graph.dangling) == 1
