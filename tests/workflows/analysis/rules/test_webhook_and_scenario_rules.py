"""Edge cases of the rules about answers to web requests, catch nodes and Make's settings."""

import pytest

from apps.workflows.inspection import inspect_document
from tests.workflows.analysis.builders import findings
from tests.workflows.analysis.drawing import drawn, module, node, scenario

RESPONSE, HTTP_IN = "missing-webhook-response", "http-in-without-response"
SAME_PATH, NO_CATCH = "duplicate-webhook-path", "no-catch-node"
RISKY, ROLLBACK = "risky-scenario-settings", "rollback-with-autocommit"
HOOK, SET = "webhook", node("set")
ASKED = node(HOOK, 2, path="a", responseMode="responseNode")
PLAIN = node(HOOK, 2, path="a")
ANSWER = node("respondToWebhook", 1.1)


def ids(document, rule_id):
    return [list(finding.node_ids) for finding in findings(document, rule_id)]


# -- missing-webhook-response --------------------------------------------------------------


@pytest.mark.parametrize(
    ("nodes", "wires", "expected"),
    [
        ({"W": ASKED, "A": SET}, ("W > A",), [["W"]]),
        ({"W": ASKED}, (), [["W"]]),
        ({"W": ASKED, "A": SET, "R": ANSWER}, ("W > A",), [["W"]]),
        ({"W": ASKED, "R": {**ANSWER, "disabled": True}}, ("W > R",), [["W"]]),
        ({"W": PLAIN, "R": ANSWER}, ("W > R",), [["W", "R"]]),
        ({"W": node(HOOK, 2, responseMode="lastNode"), "R": ANSWER}, ("W > R",), [["W", "R"]]),
        ({"W": ASKED, "V": PLAIN, "R": ANSWER}, ("W > R", "V > R"), [["V", "R"]]),
        ({"W": node("formTrigger", 2, responseMode="responseNode")}, (), [["W"]]),
        ({"T": node("scheduleTrigger"), "R": ANSWER}, ("T > R",), [["R"]]),
    ],
    ids=[
        "no node", "nothing behind", "not reached", "disabled", "no mode", "last node",
        "one of two", "form", "no webhook",
    ],
)  # fmt: skip
def test_a_webhook_and_its_answer_that_do_not_agree_are_reported(nodes, wires, expected):
    assert ids(drawn(nodes, *wires), RESPONSE) == expected


WAIT = node("wait", 1.1, resume="webhook", responseMode="responseNode")


@pytest.mark.parametrize(
    ("nodes", "wires"),
    [
        ({"W": ASKED, "A": SET, "R": ANSWER}, ("W > A", "A > R")),
        ({"W": PLAIN, "A": SET}, ("W > A",)),
        ({"W": PLAIN, "P": WAIT, "R": ANSWER}, ("W > P", "P > R")),
        ({"T": node("manualTrigger"), "P": WAIT, "R": ANSWER}, ("T > P", "P > R")),
        ({"T": node("executeWorkflowTrigger"), "R": ANSWER}, ("T > R",)),
        ({"T": node("n8n-nodes-other.strangeTrigger"), "U": node("x.y"), "R": ANSWER},
         ("T > U", "U > R")),
        ({"W": node(HOOK, 2.1, responseMode="streaming"), "R": ANSWER}, ("W > R",)),
        ({"W": node(HOOK, 2, responseMode="={{ 1 }}"), "R": ANSWER}, ("W > R",)),
        ({"W": {**ASKED, "disabled": True}, "A": SET}, ("W > A",)),
        ({"T": node("manualTrigger"), "A": SET, "R": ANSWER}, ("T > A",)),
        ({"T": node("manualTrigger"), "R": node("respondToWebhook", 1)}, ("T > R",)),
        ({"C": node("@n8n/n8n-nodes-langchain.chatTrigger", 1.1,
                    options={"responseMode": "responseNode"}), "R": ANSWER}, ("C > R",)),
    ],
    ids=[
        "answered", "by itself", "wait owns it", "wait alone", "called", "unknown", "streaming",
        "expression", "disabled", "answer not reached", "version 1", "chat",
    ],
)  # fmt: skip
def test_a_webhook_that_is_answered_as_it_says_is_silent(nodes, wires):
    assert findings(drawn(nodes, *wires), RESPONSE) == []


# -- http-in-without-response --------------------------------------------------------------

TAB = {"id": "t", "type": "tab", "label": "Orders"}


def at(key, kind, *targets, z="t", **more):
    return {"id": key, "type": kind, "z": z, "x": 1, "y": 1, "wires": [list(targets)], **more}


def taking(*nodes, **more):
    return [TAB, at("i", "http in", "a", url="/orders", method="post", **more), *nodes]


@pytest.mark.parametrize(
    "nodes",
    [
        [at("a", "change")],
        [at("a", "change", "b"), at("b", "http request")],
        [at("a", "change"), at("r", "http response")],
        [at("a", "change", "r"), at("r", "http response", d=True)],
    ],
    ids=["ends", "calls", "not wired", "disabled"],
)
def test_an_address_without_an_answer_is_reported(nodes):
    assert ids(taking(*nodes), HTTP_IN) == [["i"]]


@pytest.mark.parametrize(
    "document",
    [
        taking(at("a", "change", "r"), at("r", "http response")),
        taking(at("a", "link out", links=["l"]), at("l", "link in", "r", links=["a"]),
               at("r", "http response")),
        taking(at("a", "function", func="msg.res._res.send('ok');")),
        taking(at("a", "change", "b"), at("b", "contrib-answer")),
        taking(at("a", "change", "gone")),
        taking(at("a", "link out", links=["on another tab"])),
        taking(at("a", "link call", linkType="dynamic")),
        taking(at("a", "change"), d=True),
        taking(at("a", "subflow:s"), {"id": "s", "type": "subflow", "name": "S",
               "in": [{"wires": [{"id": "r"}]}], "out": []}, at("r", "http response", z="s")),
        [TAB, at("i", "inject", "a"), at("a", "change")],
    ],
    ids=[
        "answered", "over links", "in code", "unknown node", "dangling", "tab left out",
        "dynamic link", "disabled", "in a subflow", "no address",
    ],
)  # fmt: skip
def test_an_address_that_is_or_may_be_answered_is_silent(document):
    assert findings(document, HTTP_IN) == []


# -- duplicate-webhook-path ----------------------------------------------------------------


def hooked(*made):
    nodes = {f"W{n}": each for n, each in enumerate(made)} | {"A": SET}
    return drawn(nodes, *(f"W{n} > A" for n in range(len(made))))


def hook(method=None, path="lead", **more):
    chosen = {} if method is None else {"httpMethod": method}
    return node(HOOK, 2, path=path, **chosen, **more)


@pytest.mark.parametrize(
    "made",
    [
        (hook("POST"), hook("POST")),
        (hook(), hook("GET")),
        (hook("POST"), hook("POST", "/lead/")),
        (hook(["GET", "POST"]), hook("POST")),
        (hook(["GET", "POST"]), hook(["POST", "GET"])),
        (node("formTrigger", 2, path="f"), node("formTrigger", 2.2, options={"path": "f"})),
        (hook("POST", "a/:id", webhookId="1"), hook("POST", "a/:id", webhookId="1")),
    ],
)
def test_two_webhooks_on_one_address_are_one_finding(made):
    assert ids(hooked(*made), SAME_PATH) == [["W0", "W1"]]


@pytest.mark.parametrize(
    "made",
    [
        (hook("POST"), hook("GET")),
        (hook("POST"), hook("POST", "other")),
        (hook("POST"), hook("POST", disabled=True)),
        (hook("POST", "={{ $env.PATH }}"), hook("POST", "={{ $env.PATH }}")),
        (hook("POST", ""), hook("POST", "")),
        (hook(path="f"), node("formTrigger", 2, path="f")),
        (hook("POST", "a/:id", webhookId="1"), hook("POST", "a/:id", webhookId="2")),
        (hook("POST"), node("wait", 1.1, resume="webhook", path="lead")),
    ],
)
def test_webhooks_that_can_be_told_apart_are_silent(made):
    assert findings(hooked(*made), SAME_PATH) == []


@pytest.mark.parametrize(
    ("more", "expected"), [({}, [["i", "j"]]), ({"method": "get"}, []), ({"d": True}, [])]
)
def test_node_red_addresses_are_compared_with_their_method(more, expected):
    second = {**at("j", "http in", "a", url="/orders", method="post"), **more}
    document = taking(second, at("a", "change", "r"), at("r", "http response"))
    assert ids(document, SAME_PATH) == expected


def test_three_webhooks_on_one_address_are_still_one_finding():
    assert ids(hooked(hook(), hook(), hook()), SAME_PATH) == [["W0", "W1", "W2"]]


# -- no-catch-node -------------------------------------------------------------------------


def calling(*nodes, **more):
    return [TAB, at("i", "inject", "h"), at("h", "http request", **more), *nodes]


def test_a_tab_whose_calls_nothing_catches_is_one_finding():
    document = calling(at("j", "inject", "k"), at("k", "mqtt out"))
    assert ids(document, NO_CATCH) == [["h", "k"]]


@pytest.mark.parametrize(
    ("catch", "caught"),
    [
        (at("c", "catch", scope=None), True),
        (at("c", "catch", scope=["h"]), True),
        (at("c", "catch", scope=["other"]), False),
        (at("c", "catch", scope=None, d=True), False),
        (at("c", "catch", scope=None, z="u"), False),
        (at("c", "catch", scope="group", g="g"), False),
    ],
    ids=["whole tab", "named", "another node", "disabled", "another tab", "another group"],
)
def test_a_catch_node_counts_where_its_scope_reaches(catch, caught):
    assert bool(findings(calling(catch), NO_CATCH)) is not caught


@pytest.mark.parametrize(
    "document",
    [
        calling(d=True),
        [TAB, at("i", "inject", "a"), at("a", "change")],
        [TAB, at("a", "change", "h"), at("h", "http request"), at("i", "inject")],
        calling()[1:],
    ],
    ids=["disabled", "no call", "never runs", "tab left out"],
)
def test_a_tab_without_running_calls_is_silent(document):
    assert findings(document, NO_CATCH) == []


def test_a_piece_of_a_tab_is_not_checked_for_catch_nodes():
    (item,) = inspect_document(calling()[1:])
    assert item.analysis is not None
    assert NO_CATCH in {each.rule_id for each in item.analysis.not_checked}


# -- Make's settings -----------------------------------------------------------------------

START, WRITE = module(1, "gateway:CustomWebHook"), module(2, "datastore:AddRecord")


def handled(directive):
    return {**WRITE, "onerror": [module(9, f"builtin:{directive}")]}


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (scenario(START, WRITE, sequential=True, dataloss=True), [["1"]]),
        (scenario(START, WRITE, sequential=False), [["1"]]),
        (scenario(START, handled("Break"), sequential=True, dlq=False), [["9"]]),
        (scenario(START, handled("Break"), sequential=False, dlq=False, dataloss=True),
         [["1"], ["1"], ["9"]]),
        (scenario(START, WRITE, sequential=True, dataloss=False, dlq=False), []),
        (scenario(module(1, "notion:search"), WRITE, instant=False, sequential=False), []),
        (scenario(START, handled("Ignore"), sequential=True, dlq=False), []),
        (scenario(START, handled("Break"), sequential=True, dlq=True), []),
        (scenario(START, handled("Break")), []),
    ],
    ids=["data loss", "parallel", "break", "all three", "sound", "scheduled", "no break", "stored",
         "not in the file"],
)  # fmt: skip
def test_settings_that_lose_or_mix_up_data_are_reported(document, expected):
    assert sorted(ids(document, RISKY)) == expected


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (scenario(START, handled("Rollback"), autoCommit=True), [["9"]]),
        (scenario(START, handled("Rollback"), autoCommit=False), []),
        (scenario(START, handled("Rollback")), []),
        (scenario(START, handled("Commit"), autoCommit=True), []),
        (scenario(START, WRITE, autoCommit=True), []),
    ],
)
def test_a_rollback_is_reported_only_where_auto_commit_is_on(document, expected):
    assert ids(document, ROLLBACK) == expected
