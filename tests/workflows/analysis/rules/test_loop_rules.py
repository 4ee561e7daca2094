"""Edge cases of the rules about loops that have no way out or no pause."""

import pytest

from tests.workflows.analysis.builders import findings
from tests.workflows.analysis.drawing import (
    branch,
    condition,
    drawn,
    flow,
    goto,
    if_,
    if_else,
    is_,
    node,
    step,
    wait,
)

EXIT, WAIT = "loop-without-exit", "loop-without-wait"
SMS = step("sms", "sms", "pause", body="Hello")
ENDLESS = [SMS, wait("pause", "back"), goto("back", "sms")]
PAID = branch("paid", condition("tags", "index-of-true", ["paid"]))


def found(document, rule_id):
    return [
        (finding.severity.value, list(finding.node_ids), list(finding.path))
        for finding in findings(document, rule_id)
    ]


# -- loop-without-exit ---------------------------------------------------------------------


def test_a_goto_circle_that_nothing_leaves_is_one_finding_with_the_way_round():
    assert found(flow(*ENDLESS), EXIT) == [
        ("critical", ["sms", "pause", "back"], ["sms", "pause", "back", "sms"])
    ]


def test_a_step_wired_to_itself_is_a_loop():
    document = drawn({"T": node("manualTrigger"), "A": node("set")}, "T > A", "A > A")
    assert found(document, EXIT) == [("critical", ["A"], ["T", "A", "A"])]


def test_a_node_red_circle_is_reported():
    document = [
        {"id": "t", "type": "tab", "label": "T"},
        {"id": "i", "type": "inject", "z": "t", "x": 1, "y": 1, "wires": [["c"]]},
        {"id": "c", "type": "change", "z": "t", "x": 1, "y": 1, "wires": [["d"]]},
        {"id": "d", "type": "delay", "z": "t", "x": 1, "y": 1, "wires": [["c"]]},
    ]
    assert found(document, EXIT) == [("critical", ["c", "d"], ["i", "c", "d", "c"])]


@pytest.mark.parametrize(
    "decider",
    [
        {"type": "switch", "rules": [{"t": "true"}], "outputs": 1},
        {"type": "rbe"},
        {"type": "join"},
        {"type": "contrib-gate"},
        {"type": "function", "outputs": 1, "func": "if (msg.n > 3) return null;\nreturn msg;"},
    ],
    ids=lambda made: made["type"],
)
def test_a_node_red_circle_with_something_that_stops_messages_is_silent(decider):
    document = [
        {"id": "t", "type": "tab", "label": "T"},
        {"id": "i", "type": "inject", "z": "t", "x": 1, "y": 1, "wires": [["c"]]},
        {"id": "c", "type": "change", "z": "t", "x": 1, "y": 1, "wires": [["d"]]},
        {"id": "d", "z": "t", "x": 1, "y": 1, "wires": [["c"]], **decider},
    ]
    assert found(document, EXIT) == []


def test_branch_and_merge_is_no_loop():
    nodes = {"T": node("manualTrigger"), "If": if_(is_("={{ $json.a }}"))}
    nodes |= {"A": node("set"), "B": node("set"), "M": node("merge", 3)}
    wires = ("T > If", "If.0 > A", "If.1 > B", "A > M", "B > M.1")
    assert found(drawn(nodes, *wires), EXIT) == []


@pytest.mark.parametrize(
    "part",
    [
        if_else("check", (PAID, None), none="back"),
        [step("check", "workflow_goal", "back", action="continue")],
        [step("check", "find_contact", "back")],
        [step("check", "wait", "back", type="condition")],
        [step("check", "remove_from_workflow", "back", includeCurrent=True)],
        [step("check", "remove_from_workflow", "back", workflow_id=["w1"])],
        [step("check", "a_step_from_the_future", "back")],
    ],
    ids=["condition", "goal", "lookup", "condition wait", "removal", "own removal", "unknown"],
)
def test_a_circle_with_something_that_may_end_it_is_silent(part):
    pause = wait("pause", "check")
    assert found(flow(SMS, pause, part, goto("back", "sms"), id="w1"), EXIT) == []


def test_removal_from_another_workflow_is_no_way_out():
    remove = step("check", "remove_from_workflow", "back", workflow_id=["w2"])
    document = flow(SMS, wait("pause", "check"), remove, goto("back", "sms"), id="w1")
    assert len(found(document, EXIT)) == 1


@pytest.mark.parametrize(
    "talk",
    [
        step("ai", "conversationai_ai_message", "back", waitForReply=True),
        step("ai", "conversationai_custom_message", "back", waitForReply=True),
        step("ai", "conversationai_objective", "back"),
    ],
    ids=lambda made: made["type"],
)
def test_a_conversation_that_waits_for_replies_may_go_on_for_ever(talk):
    document = flow(talk, goto("back", "ai"))
    assert found(document, EXIT) == []
    assert found(document, WAIT) == []


def test_a_bot_that_does_not_wait_for_a_reply_is_no_conversation():
    document = flow(step("ai", "conversationai_ai_message", "back"), goto("back", "ai"))
    assert len(found(document, EXIT)) == 1


def test_a_loop_over_items_is_silent():
    nodes = {"T": node("manualTrigger"), "L": node("splitInBatches", 3), "A": node("set")}
    assert found(drawn(nodes, "T > L", "L.1 > A", "A > L"), EXIT) == []


def test_an_n8n_loop_that_asks_a_person_each_turn_is_silent():
    nodes = {"T": node("manualTrigger"), "A": node("set"), "F": node("wait", 1.1, resume="form")}
    assert found(drawn(nodes, "T > A", "A > F", "F > A"), EXIT) == []


def test_a_disabled_condition_ends_nothing():
    nodes = {"T": node("manualTrigger"), "A": node("set")}
    nodes["If"] = if_(is_("={{ $json.a }}"), disabled=True)
    assert len(found(drawn(nodes, "T > A", "A > If", "If > A"), EXIT)) == 1


def test_a_loop_that_nothing_reaches_is_left_to_others():
    nodes = {"T": node("manualTrigger"), "O": node("set"), "A": node("set"), "B": node("set")}
    assert found(drawn(nodes, "T > O", "A > B", "B > A"), EXIT) == []


def test_a_way_out_that_dangles_is_left_to_others():
    document = drawn({"T": node("manualTrigger"), "A": node("set")}, "T > A", "A > A", "A > gone")
    assert found(document, EXIT) == []


# -- loop-without-wait ---------------------------------------------------------------------


def paced(*pauses):
    """A reminder that goes round until the contact is tagged, with these steps in the loop."""
    last = pauses[-1]["id"] if pauses else ""
    first = pauses[0]["id"] if pauses else "check"
    chain = [{**each, "next": "check"} if each["id"] == last else each for each in pauses]
    check = if_else("check", (PAID, "thanks"), none="back")
    thanks = step("thanks", "email", subject="Thank you", html="Thank you")
    return flow(step("mail", "email", first), chain, check, thanks, goto("back", "mail"))


@pytest.mark.parametrize(
    "pauses",
    [
        [],
        [wait("w", None, value=0)],
        [step("w", "wait", type="time", startAfter={})],
        [{**wait("w", None), "advanceCanvasMeta": {"isDisabled": True}}],
    ],
    ids=["none", "zero", "empty", "disabled"],
)
def test_a_circle_without_a_positive_wait_is_reported(pauses):
    (only,) = found(paced(*pauses), WAIT)
    assert only[0] == "critical"
    assert only[1][0] == "mail"
    assert only[2][0] == only[2][-1] == "mail"


@pytest.mark.parametrize(
    "pause",
    [
        wait("w", None, "minutes", 1),
        step("w", "wait", type="reply"),
        step("w", "wait", type="appointment"),
        step("w", "wait", type="condition"),
        step("w", "drip", batchSize=10, interval={"timeUnit": "hours", "value": 1}),
        step("w", "manual-call"),
        step("w", "conversationai_objective"),
        step("w", "a_step_from_the_future"),
    ],
    ids=lambda made: made["type"] + "-" + str(made["attributes"].get("type", "")),
)
def test_a_circle_with_a_wait_is_silent(pause):
    assert found(paced(pause), WAIT) == []


def test_a_circle_without_any_exit_is_not_reported_twice():
    document = flow(step("sms", "sms", "back", body="Hi"), goto("back", "sms"))
    assert len(found(document, EXIT)) == 1
    assert found(document, WAIT) == []


def test_a_second_way_round_without_the_wait_is_found():
    check = if_else("check", (PAID, "thanks"), (branch("b", condition("city")), "w"), none="back")
    document = flow(
        step("mail", "email", "check"),
        check,
        wait("w", "slow"),
        goto("slow", "mail"),
        step("thanks", "email"),
        goto("back", "mail"),
    )
    ((_, steps, path),) = found(document, WAIT)
    assert "w" not in steps
    assert path == ["mail", "check", "check-none", "back", "mail"]
