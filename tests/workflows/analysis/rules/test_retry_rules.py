"""Edge cases of the rule about calls that are tried again without end."""

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
    switch,
    wait,
)

RETRY = "unbounded-retry-loop"
PAID = branch("paid", condition("tags", "index-of-true", ["paid"]))


def found(document, rule_id):
    return [
        (finding.severity.value, list(finding.node_ids), list(finding.path))
        for finding in findings(document, rule_id)
    ]


CALL = node("httpRequest", 4.2, url="https://api.acme-tools.com/jobs")
READY = is_("={{ $json.status }}", "ready")


def retried(gate, call=CALL, between=None, *more_wires):
    nodes = {"T": node("manualTrigger"), "Call": call, "Gate": gate, "Out": node("set")}
    nodes["Between"] = between or node("wait", 1.1, amount=1)
    wires = ("T > Call", "Call > Gate", "Gate.0 > Out", "Gate.1 > Between", "Between > Call")
    return drawn(nodes, *wires, *more_wires)


def test_a_call_repeated_until_it_succeeds_is_reported():
    ((severity, steps, path),) = found(retried(if_(READY)), RETRY)
    assert (severity, steps[0]) == ("high", "Call")
    assert path == ["T", "Call", "Gate", "Between", "Call"]


def test_a_call_whose_error_output_leads_back_to_it_is_reported():
    call = node("httpRequest", 4.2, url="https://api.acme-tools.com", onError="continueErrorOutput")
    nodes = {"T": node("manualTrigger"), "Call": call, "Out": node("set"), "W": node("wait", 1.1)}
    document = drawn(nodes, "T > Call", "Call.0 > Out", "Call.1 > W", "W > Call")
    assert len(found(document, RETRY)) == 1


@pytest.mark.parametrize(
    "gate",
    [
        if_(READY, is_("={{ $runIndex }}", 5, "gte", "number"), combinator="or"),
        if_(READY, is_("={{ $json.attempts }}", 5, "gte", "number"), combinator="or"),
        if_(READY, is_("={{ $json.count }}", 5, "gte", "number"), combinator="or"),
        if_(READY, is_("={{ $now }}", "2030-01-01", "after", "dateTime"), combinator="or"),
        switch(*[{"combinator": "and", "conditions": [READY]} for _ in range(3)]),
        if_(is_("={{ $json.nextPage }}", "", "notExists")),
    ],
    ids=["run index", "attempts", "count", "date", "several exits", "paging"],
)
def test_a_loop_with_a_bound_or_another_end_is_silent(gate):
    assert found(retried(gate), RETRY) == []


@pytest.mark.parametrize(
    "between",
    [
        node("set", 3.4, assignments={"assignments": [{"value": "={{ $json.n + 1 }}"}]}),
        node("code", 2, jsCode="const s = $getWorkflowStaticData('node'); s.n++; return items;"),
        node("wait", 1.1, resume="webhook"),
        node("slack", 2.2, operation="sendAndWait"),
    ],
    ids=["counter", "static data", "callback", "approval"],
)
def test_a_loop_that_counts_or_waits_for_somebody_is_silent(between):
    assert found(retried(if_(READY), between=between), RETRY) == []


def test_a_loop_that_also_ends_when_the_job_fails_is_silent():
    failed = if_(is_("={{ $json.status }}", "failed"))
    nodes = {"T": node("manualTrigger"), "Call": CALL, "Gate": if_(READY), "Failed": failed}
    nodes |= {"Out": node("set"), "Tell": node("set")}
    wires = ["T > Call", "Call > Gate", "Gate.0 > Out", "Gate.1 > Failed"]
    assert found(drawn(nodes, *wires, "Failed.0 > Tell", "Failed.1 > Call"), RETRY) == []


def test_going_round_while_a_status_says_so_is_silent():
    pending = if_(is_("={{ $json.status }}", "pending"))
    nodes = {"T": node("manualTrigger"), "Call": CALL, "Gate": pending, "Out": node("set")}
    wires = ("T > Call", "Call > Gate", "Gate.0 > Call", "Gate.1 > Out")
    assert found(drawn(nodes, *wires), RETRY) == []


def test_a_loop_over_items_around_a_call_is_silent():
    nodes = {"T": node("manualTrigger"), "L": node("splitInBatches", 3), "Call": CALL}
    assert found(drawn(nodes, "T > L", "L.1 > Call", "Call > L"), RETRY) == []


def test_a_condition_on_something_else_than_the_call_is_silent_in_highlevel():
    call = step("call", "custom_webhook", "pause", url="https://crm.acme-tools.com", method="POST")
    check = if_else("check", (PAID, None), none="back")
    document = flow(call, wait("pause", "check"), check, goto("back", "call"))
    assert found(document, RETRY) == []


def test_a_message_in_every_turn_makes_it_a_follow_up():
    call = step("call", "custom_webhook", "sms", url="https://crm.acme-tools.com", method="POST")
    answered = branch("ok", condition("status", "is", "ok", "custom_webhook"))
    check = if_else("check", (answered, None), none="back")
    sms = step("sms", "sms", "check", body="Hi")
    assert found(flow(call, sms, check, goto("back", "call")), RETRY) == []
