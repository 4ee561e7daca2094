"""How a walk runs and ends: replies, goals, loops, several ways at once; and that it ends."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.workflows.analysis.simulate import ENDS, Contact, Event, simulate
from apps.workflows.samples import NAMES, sample
from tests.workflows.analysis.drawing import (
    branch,
    condition,
    drawn,
    flow,
    goto,
    if_,
    if_else,
    is_,
    module,
    node,
    scenario,
    step,
    wait,
)
from tests.workflows.analysis.simulate.walks import (
    START,
    TAG_TRIGGER,
    ended,
    event,
    graph_of,
    hours,
    path,
    sent,
    walk,
)
from tests.workflows.reports.graphs import any_graph

SEQUENCE = (
    step("one", "sms", "w", body="Hi"),
    wait("w", "two", "days", 2),
    step("two", "email", subject="x"),
)


def test_steps_messages_and_the_end_are_told_in_order():
    walked = walk(flow(*SEQUENCE, triggers=[TAG_TRIGGER]))
    assert path(walked) == ["t", "one", "w", "two"]
    assert [each.outcome for each in walked.steps] == ["started", "sent", "waited", "sent"]
    assert sent(walked) == [("one", "sms", 0), ("two", "email", 48)]
    assert ended(walked) == ("completed", 48)


# -- replies -----------------------------------------------------------------------------------


def test_a_reply_ends_the_run_where_the_workflow_stops_on_response():
    walked = walk(flow(*SEQUENCE, stopOnResponse=True), event("reply", 5))
    assert ended(walked) == ("reply", 5)
    assert sent(walked) == [("one", "sms", 0)]


def test_a_reply_ends_nothing_where_it_does_not():
    for settings_ in ({"stopOnResponse": False}, {}):
        assert ended(walk(flow(*SEQUENCE, **settings_), event("reply", 5)))[0] == "completed"


def test_what_comes_before_any_message_is_no_reply():
    definition = flow(wait("v", "one", "hours", 3), *SEQUENCE, stopOnResponse=True)
    assert ended(walk(definition, event("reply", 1)))[0] == "completed"


def test_a_reply_that_a_step_waits_for_goes_on_behind_it():
    held = step("r", "wait", "two", type="reply")
    definition = flow(step("one", "sms", "r", body="Hi"), held, SEQUENCE[2], stopOnResponse=True)
    assert ended(walk(definition, event("reply", 5))) == ("completed", 5)


def test_a_reply_while_a_window_holds_a_message_ends_the_run_before_it():
    window = {"start": "09:00", "end": "17:00"}
    definition = flow(
        step("one", "sms", "w", body="Hi"), wait("w", "two", "hours", 8),
        step("two", "sms", body="x"), stopOnResponse=True, window=window,
    )  # fmt: skip
    walked = walk(definition, event("reply", 9))
    assert ended(walked) == ("reply", 9)
    assert len(walked.messages) == 1


def test_who_takes_no_texts_gets_none():
    walked = walk(flow(*SEQUENCE), dnd=frozenset({"sms"}))
    assert [each[0] for each in sent(walked)] == ["two"]
    assert walked.steps[0].outcome == "skipped"


# -- goals -------------------------------------------------------------------------------------


def goal(action: str, *tags: str):
    made = {"conditions": [{"goal_condition": "add_contact_tag", "extras": {"tags": list(tags)}}]}
    return step(
        "g", "workflow_goal", "two", op="or", segments=[{**made, "op": "or"}], action=action
    )


def race(action: str):
    return flow(step("one", "sms", "w", body="Hi"), wait("w", "mid", "days", 2),
                step("mid", "sms", "g", body="?"), goal(action, "bought"), SEQUENCE[2])  # fmt: skip


def test_a_goal_that_is_met_while_the_contact_waits_is_jumped_to():
    walked = walk(race("exit"), event("tag", 7, "Bought"))
    assert path(walked) == ["one", "w", "g", "two"]
    assert hours(walked)["g"] == 7


def test_a_goal_that_is_missed_ends_the_run_goes_on_or_waits():
    assert ended(walk(race("exit")))[0] == "goal"
    assert path(walk(race("continue")))[-1] == "two"
    assert ended(walk(race("wait")))[0] == "waits_forever"
    assert hours(walk(race("wait"), event("tag", 60, "bought")))["two"] == 60


def test_a_goal_that_was_met_before_is_passed():
    assert path(walk(race("exit"), tags=["bought"])) == ["one", "w", "mid", "g", "two"]


# -- loops and leaving -------------------------------------------------------------------------


def test_a_loop_that_nothing_can_end_is_seen_the_second_time_round():
    walked = walk(flow(*SEQUENCE[:2], step("two", "email", "back", subject="x"), goto("back", "w")))
    assert ended(walked)[0] == "loop"
    assert path(walked).count("two") == 1


def test_a_loop_goes_on_while_events_are_still_to_come():
    bought = branch("Bought", condition("tags", "index-of-true", ["bought"]))
    definition = flow(
        wait("w", "if", "days", 1), if_else("if", (bought, "out"), none="back"),
        goto("back", "w"), step("out", "sms", body="Thanks"),
    )  # fmt: skip
    walked = walk(definition, event("tag", 60, "bought"))
    assert sent(walked) == [("out", "sms", 72)]
    assert ended(walk(definition))[0] == "loop"


def test_a_walk_stops_after_so_many_steps():
    walked = walk(flow(*SEQUENCE), max_steps=2)
    assert len(walked.steps) == 2
    assert walked.end is not None
    assert walked.end.code == "max_steps"
    assert "maxSteps" in walked.end.reason


def test_a_step_that_takes_contacts_out_of_this_workflow_ends_the_run():
    gone = step("x", "remove_from_workflow", "two", workflow_id=["me"])
    assert ended(walk(flow(gone, SEQUENCE[2], id="me")))[0] == "exited"
    assert ended(walk(flow(gone, SEQUENCE[2], id="other")))[0] == "completed"


def test_a_step_that_is_switched_off_is_passed():
    off = {**step("off", "sms", "two", body="x"), "advanceCanvasMeta": {"isDisabled": True}}
    walked = walk(flow(off, SEQUENCE[2]))
    assert [each.outcome for each in walked.steps] == ["skipped", "sent"]


def test_a_connection_to_nothing_ends_the_run_there():
    assert ended(walk(flow(step("one", "sms", "gone", body="x"))))[0] == "broken"


def test_without_steps_there_is_nothing_to_walk():
    assert (
        ended(walk({"name": "Empty", "status": "draft", "workflowData": {"templates": []}}))[0]
        == "no_steps"
    )


def test_the_trigger_can_be_chosen():
    triggers = [
        {**TAG_TRIGGER, "active": False},
        {**TAG_TRIGGER, "id": "u"},
        {**TAG_TRIGGER, "id": "v"},
    ]
    definition = flow(*SEQUENCE, triggers=triggers)
    assert path(walk(definition))[0] == "u"
    assert path(walk(definition, trigger="v"))[0] == "v"
    assert path(walk(definition, trigger="nobody"))[0] == "u"


# -- other platforms ---------------------------------------------------------------------------


def test_ways_that_start_at_once_run_in_the_order_of_time():
    definition = drawn(
        {"S": node("manualTrigger"), "W": node("wait", 1.1, amount=1, unit="hours"),
         "A": node("noOp"), "B": node("noOp"), "C": node("noOp")},
        "S > W", "W > A", "S > B", "B > C",
    )  # fmt: skip
    walked = walk(definition)
    assert path(walked) == ["S", "W", "B", "C", "A"]
    assert hours(walked)["A"] == 1


def test_a_merge_waits_for_all_ways_and_runs_once():
    definition = drawn(
        {"S": node("manualTrigger"), "A": node("noOp"), "B": node("noOp"), "M": node("merge", 3),
         "E": node("noOp")},
        "S > A", "S > B", "A > M", "B > M.1", "M > E",
    )  # fmt: skip
    assert path(walk(definition)) == ["S", "A", "B", "M", "E"]


def test_the_body_of_a_loop_runs_once():
    definition = drawn(
        {"S": node("manualTrigger"), "L": node("splitInBatches", 3), "X": node("noOp"),
         "E": node("noOp")},
        "S > L", "L.1 > X", "X > L", "L > E",
    )  # fmt: skip
    assert path(walk(definition)) == ["S", "L", "X", "L", "E"]


def test_what_n8n_sets_is_known_afterwards():
    assignments = {"assignments": [{"name": "city", "value": "Bonn", "type": "string"}]}
    definition = drawn(
        {"S": node("manualTrigger"), "E": node("set", 3.4, assignments=assignments),
         "I": if_(is_("={{ $json.city }}", "Bonn")), "Y": node("noOp"), "N": node("noOp")},
        "S > E", "E > I", "I > Y", "I.1 > N",
    )  # fmt: skip
    assert path(walk(definition))[-1] == "Y"


def test_every_route_of_make_is_followed_where_filters_cannot_be_decided():
    routes = [{"flow": [module(3, "a:b")]}, {"flow": [module(4, "a:b")]}]
    router = module(2, "builtin:BasicRouter", routes=routes)
    walked = walk(scenario(module(1, "gateway:CustomWebHook"), router))
    assert path(walked) == ["1", "2", "3", "4"]


# -- always ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_samples_walk_to_an_end(name):
    walked = walk(sample(name), event("reply", 5))
    assert len(walked.steps) > 2
    assert ended(walked)[0] in ENDS


@settings(max_examples=200)
@given(
    any_graph(),
    st.lists(st.tuples(st.sampled_from(["reply", "tag", "click"]), st.integers(0, 99))),
    st.integers(1, 60),
)
def test_a_walk_of_any_graph_ends_and_raises_nothing(made, happening, most):
    events = [event(kind, hour, "x") for kind, hour in happening]
    walked = simulate(made, Contact.of(), events, start=START, max_steps=most)
    assert walked.end is not None
    assert walked.end.code in ENDS
    assert len(walked.steps) <= most
    times = [passed.at for passed in walked.steps]
    assert times == sorted(times)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=6),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=6), inner),
)


@given(ANYTHING)
def test_no_parameter_breaks_a_walk(value):
    kinds = ("wait", "sms", "if_else", "workflow_goal", "workflow_split", "update_contact_field")
    for kind in kinds:
        keys = (
            "type",
            "startAfter",
            "window",
            "branches",
            "segments",
            "extras",
            "fields",
            "timeout",
        )
        made = {"id": "a", "type": kind, "attributes": dict.fromkeys(keys, value), "next": "b"}
        definition = {
            "name": "x",
            "workflowData": {"templates": [made, {"id": "b", "type": "sms"}]},
        }
        assert simulate(
            graph_of(definition), Contact.of(), [Event(START, "reply")], start=START
        ).end
