"""What breaks a rule and what does not, on platforms that its page has no example of."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from tests.workflows.analysis.builders import JSON, highlevel, n8n
from tests.workflows.analysis.drawing import branch, condition, flow, if_else, step
from tests.workflows.platforms.blueprints import blueprint, module, route

Case = tuple[Any, Any]  # the definition that breaks the rule, and one that does not


# -- each platform in a few words --------------------------------------------------------------


def hl(*steps: JSON, **doc: Any) -> JSON:
    """Steps in a row, each leading to the one behind it unless it says where else."""
    rows = []
    for number, each in enumerate(steps):
        after = {"next": steps[number + 1]["id"]} if number + 1 < len(steps) else {}
        rows.append({"order": number, "name": f"Step {each['id']}", **after, **each})
    return highlevel(rows, **doc)


def sms(step_id: str, body: str = "Your order is on its way.", **more: Any) -> JSON:
    return {"id": step_id, "type": "sms", "attributes": {"body": body}, **more}


def call(step_id: str, url: str) -> JSON:
    return {"id": step_id, "type": "webhook", "attributes": {"method": "POST", "url": url}}


def row(*nodes: JSON, **doc: Any) -> JSON:
    """Nodes of n8n in a row behind a schedule."""
    start = node("Start", "scheduleTrigger", version=1.2)
    every = [start, *nodes]
    links = {
        each["name"]: {"main": [[{"node": after["name"], "type": "main", "index": 0}]]}
        for each, after in pairwise(every)
    }
    return n8n(every, links, **doc)


def node(name: str, kind: str, parameters: JSON | None = None, version: float = 1) -> JSON:
    return {
        "id": name, "name": name, "type": f"n8n-nodes-base.{kind}", "typeVersion": version,
        "position": [0, 0], "parameters": parameters or {},
    }  # fmt: skip


def nr(*nodes: JSON) -> list[JSON]:
    return [{"id": "t", "type": "tab", "label": "Orders"}, *nodes]


def nr_node(node_id: str, kind: str, *wires: str, **fields: Any) -> JSON:
    return {"id": node_id, "type": kind, "z": "t", "x": 1, "y": 2, "wires": [list(wires)], **fields}


def nr_call(url: str) -> list[JSON]:
    return nr(
        nr_node("a", "inject", "b", repeat="60"),
        nr_node("b", "http request", "c", method="GET", url=url),
        nr_node("c", "debug"),
    )


def mk(*flow: JSON) -> JSON:
    return blueprint(module(1, "gateway:CustomWebHook"), *flow)


def mk_call(url: str = "https://api.acme.io/orders", number: int = 2, **more: Any) -> JSON:
    mapper = {"url": url, "method": "post", "data": "{{1.name}}"}
    return module(number, "http:ActionSendData", mapper=mapper, **more)


def mk_set(number: int, value: str = "{{1.name}}") -> JSON:
    return module(number, mapper={"name": "x", "value": value})


DEBUG = nr_node("c", "debug")


def hl_asks(*values: Any) -> JSON:
    """A branch each for whoever lives in one of these places, tried from the first."""
    named = [branch(f"b{n}", condition("city", "==", value)) for n, value in enumerate(values)]
    return flow(if_else("i", *((each, f"s{n}") for n, each in enumerate(named))),
                *(step("sms", f"s{n}", body="Hi") for n in range(len(named))))  # fmt: skip


# -- the cases ---------------------------------------------------------------------------------

KEY = "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc"  # in two, or scanners of repositories take it for one
PLAIN, SAFE = "http://api.acme.io/orders", "https://api.acme.io/orders"
IN_URL = "https://api.acme.io/orders?api_key=f3b1c9d27a6e4085b9d1"
TUNNEL = "https://4f2a.ngrok.io/orders"


def _many_hl(count: int) -> JSON:
    return hl(*({"id": f"s{n}", "type": "add_contact_tag", "attributes": {"tags": ["a"]}}
                for n in range(count)))  # fmt: skip


def _many_nr(count: int) -> list[JSON]:
    chain = [nr_node(f"n{n}", "change", f"n{n + 1}", rules=[]) for n in range(count)]
    return nr(nr_node("a", "inject", "n0"), *chain, nr_node(f"n{count}", "debug"))


def _dangling_nr(target: str) -> list[JSON]:
    return nr(
        nr_node("a", "inject", "b", target),
        nr_node("b", "change", target, "c", rules=[]),
        nr_node("c", "change", target, target + "2", "d", rules=[]),
        nr_node("d", "debug"),
    )


def _dangling_hl(*targets: str) -> JSON:
    return hl(*(sms(f"s{n}", next=target) for n, target in enumerate(targets)), sms("z"))


def _loop_nr(exit_to: list[str]) -> list[JSON]:
    return nr(
        nr_node("a", "inject", "b"),
        nr_node("b", "change", "c", rules=[]),
        nr_node("c", "delay", "b", *exit_to, pauseType="delay", timeout="5"),
        nr_node("d", "debug"),
    )


def _mk_router(reader: str) -> JSON:
    return mk(
        module(
            2,
            "builtin:BasicRouter",
            routes=[route(mk_set(3)), route(mk_set(4, reader))],
        )
    )


CASES: dict[tuple[str, str], Case] = {
    ("broken-wiring", "highlevel"): (
        _dangling_hl("gone", "away", "lost", "nowhere"),
        _dangling_hl("s1", "s2", "z"),
    ),
    ("broken-wiring", "node-red"): (_dangling_nr("gone"), nr_call(SAFE)),
    ("call-without-error-handling", "make"): (
        mk(mk_call()),
        mk(mk_call(onerror=[module(9, "builtin:Break")])),
    ),
    ("deprecated-trigger", "n8n"): (
        n8n([node("Start", "start"), node("Set", "set")],
            {"Start": {"main": [[{"node": "Set", "type": "main", "index": 0}]]}}),
        row(node("Set", "set")),
    ),
    ("disabled-step-in-live-flow", "highlevel"): (
        hl(sms("a"), sms("b", disabled=True), sms("c")),
        hl(sms("a"), sms("b", disabled=True), sms("c"), status="draft"),
    ),
    ("disabled-step-in-live-flow", "node-red"): (
        nr(nr_node("a", "inject", "b"), nr_node("b", "change", "c", d=True), DEBUG),
        nr(nr_node("a", "inject", "b"), nr_node("b", "change", "c", d=False), DEBUG),
    ),
    ("duplicate-step-id", "n8n"): (
        row({**node("A", "noOp"), "id": "1"}, {**node("B", "noOp"), "id": "1"}),
        row({**node("A", "noOp"), "id": "1"}, {**node("B", "noOp"), "id": "2"}),
    ),
    ("duplicate-step-id", "node-red"): (
        nr(nr_node("a", "inject", "b"), nr_node("b", "change"), nr_node("b", "debug")),
        nr(nr_node("a", "inject", "b"), nr_node("b", "change", "c"), nr_node("c", "debug")),
    ),
    ("duplicate-step-id", "make"): (mk(mk_set(2), mk_set(2)), mk(mk_set(2), mk_set(3))),
    ("empty-workflow", "node-red"): (nr(), nr_call(SAFE)),
    ("empty-workflow", "make"): (
        blueprint(scenario={"roundtrips": 1}, instant=False), mk(mk_set(2)),
    ),
    ("excessive-complexity", "highlevel"): (_many_hl(61), _many_hl(60)),
    ("excessive-complexity", "node-red"): (_many_nr(62), _many_nr(50)),
    ("excessive-complexity", "make"): (
        mk(*(mk_set(n) for n in range(2, 64))), mk(*(mk_set(n) for n in range(2, 50))),
    ),
    ("expression-reads-unrun-step", "make"): (_mk_router("{{3.x}}"), _mk_router("{{1.x}}")),
    ("hardcoded-secret", "node-red"): (
        nr(nr_node("a", "inject", "b"), nr_node("b", "function", func=f'msg.key = "{KEY}";')),
        nr(nr_node("a", "inject", "b"), nr_node("b", "function", func='msg.key = env.get("K");')),
    ),
    ("hardcoded-secret", "make"): (mk(mk_set(2, KEY)), mk(mk_set(2, "{{1.key}}"))),
    ("insecure-url", "highlevel"): (hl(call("a", PLAIN)), hl(call("a", SAFE))),
    ("insecure-url", "node-red"): (nr_call(PLAIN), nr_call("http://192.168.1.7/lamp")),
    ("insecure-url", "make"): (mk(mk_call(PLAIN)), mk(mk_call(SAFE))),
    ("loop-without-exit", "node-red"): (_loop_nr([]), _loop_nr(["d"])),
    ("missing-credentials", "make"): (
        mk(module(2, "slack:CreateMessage", mapper={"text": "Hi"}, metadata={
            "parameters": [{"name": "__IMTCONN__", "type": "account:slack", "required": True}]})),
        mk(module(2, "slack:CreateMessage", mapper={"text": "Hi"}, parameters={"__IMTCONN__": 7},
                  metadata={"parameters": [{"name": "__IMTCONN__", "type": "account:slack"}]})),
    ),
    ("no-active-trigger", "node-red"): (
        nr(nr_node("a", "inject", "b", d=True, repeat="60"), nr_node("b", "debug")),
        nr(nr_node("a", "inject", "b", repeat="60"), nr_node("b", "debug")),
    ),
    ("open-inbound-webhook", "highlevel"): (
        hl(sms("a"), triggers=[{"id": "t", "type": "inbound_webhook", "active": True}]),
        hl(sms("a"), triggers=[{"id": "t", "type": "form_submission", "active": True}]),
    ),
    ("orphan-step", "highlevel"): (
        highlevel([sms("a", next="b", order=0), sms("b", order=1), sms("c", order=2)]),
        highlevel([sms("a", next="b", order=0), sms("b", order=1, next="c"), sms("c", order=2)]),
    ),
    ("orphan-step", "node-red"): (
        nr(nr_node("a", "inject", "b"), nr_node("b", "debug"), nr_node("c", "change")),
        nr(nr_node("a", "inject", "b"), nr_node("b", "debug"), nr_node("c", "comment")),
    ),
    ("orphan-step", "make"): (
        blueprint(module(1, "gateway:CustomWebHook"), mk_set(2), orphans=([mk_set(3)],)),
        mk(mk_set(2), mk_set(3)),
    ),
    ("placeholder-text", "node-red"): (
        nr_call("https://api.example.com/YOUR_API_KEY"), nr_call("https://api.acme.io/orders/7"),
    ),
    ("placeholder-text", "make"): (
        mk(mk_call("https://api.acme.io/YOUR_ACCOUNT_ID")), mk(mk_call("https://api.acme.io/{{1.id}}")),
    ),
    ("retry-of-non-idempotent-call", "make"): (
        mk(mk_call(onerror=[module(9, "builtin:Break", mapper={"retry": True, "count": 3})])),
        mk(mk_call(onerror=[module(9, "builtin:Break", mapper={"retry": False})])),
    ),
    ("risky-node", "node-red"): (
        nr(nr_node("a", "inject", "b"), nr_node("b", "exec", command="ls")),
        nr(nr_node("a", "inject", "b"), nr_node("b", "change")),
    ),
    ("secret-in-url", "highlevel"): (hl(call("a", IN_URL)), hl(call("a", SAFE + "?page=2"))),
    ("secret-in-url", "node-red"): (nr_call(IN_URL), nr_call(SAFE + "?api_key={{{key}}}")),
    ("secret-in-url", "make"): (mk(mk_call(IN_URL)), mk(mk_call(SAFE + "?api_key={{1.key}}"))),
    ("shadowed-branch", "highlevel"): (hl_asks("Bonn", "Bonn"), hl_asks("Bonn", "Cologne")),
    ("single-hardcoded-recipient", "n8n"): (
        row(node("Error alert", "emailSend",
                 {"toEmail": "jane@acme-dental.com", "subject": "It failed"}, 2.1)),
        row(node("Error alert", "emailSend",
                 {"toEmail": "a@acme-dental.com, b@acme-dental.com", "subject": "It failed"}, 2.1)),
    ),
    ("swallowed-error", "make"): (
        mk(mk_call(onerror=[module(9, "builtin:Resume")]), mk_set(3, "{{2.data}}")),
        mk(mk_call(onerror=[module(9, "builtin:Resume")]), mk_set(3, "{{1.data}}")),
    ),
    ("test-endpoint-url", "node-red"): (nr_call(TUNNEL), nr_call(SAFE)),
    ("test-endpoint-url", "make"): (mk(mk_call(TUNNEL)), mk(mk_call(SAFE))),
    ("unreachable-step", "highlevel"): (
        highlevel([sms("a", order=0), sms("b", order=1, next="c"), sms("c", order=2)]),
        hl(sms("a"), sms("b"), sms("c")),
    ),
    ("unreachable-step", "node-red"): (
        nr(nr_node("a", "inject", "b"), nr_node("b", "debug"),
           nr_node("c", "change", "d", rules=[]), nr_node("d", "debug")),
        nr(nr_node("a", "inject", "b"), nr_node("b", "change", "c"), nr_node("c", "debug")),
    ),
    ("unreachable-step", "make"): (
        blueprint(module(1, "gateway:CustomWebHook"), mk_set(2), orphans=([mk_set(3), mk_set(4)],)),
        mk(mk_set(2), mk_set(3)),
    ),
    ("wait-too-long", "n8n"): (
        row(node("Wait", "wait", {"amount": 400, "unit": "days"}, 1.1)),
        row(node("Wait", "wait", {"amount": 365, "unit": "days"}, 1.1)),
    ),
}  # fmt: skip
