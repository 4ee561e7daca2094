"""The work of all rules together grows with the graph, not with its paths or its square.

Work is counted in calls, which are the same on every machine.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from apps.workflows.inspection import inspect_document
from tests.workflows.analysis.drawing import (
    branch,
    condition,
    drawn,
    flow,
    goto,
    if_,
    if_else,
    module,
    node,
    scenario,
    step,
    wait,
)

JSON = dict[str, Any]
ROOT = Path(__file__).resolve().parents[3]
Made = Callable[[int], Any]
HOOK = {"id": "t", "type": "form_submission", "name": "Form", "active": True}


def diamonds(count: int) -> JSON:
    """Forks one behind the other that come together again, with texts and waits on the ways."""
    parts: list[JSON] = []
    for n in range(count):
        after = f"if{n + 1}" if n + 1 < count else None
        asked = (branch(f"y{n}", condition("tags", "index-of-true", [f"t{n}"])), f"a{n}")
        parts += if_else(f"if{n}", asked, none=f"b{n}")
        parts += [step(f"a{n}", "sms", f"w{n}", body="Hello"), wait(f"w{n}", after, "hours", 2)]
        parts += [step(f"b{n}", "email", after, subject="Hello", html="Hello")]
    return flow(parts, triggers=[HOOK])


def meshed(count: int) -> JSON:
    """The same with ways back, so that everything is one loop."""
    document = diamonds(count)
    back = [goto(f"g{n}", f"if{n}") for n in range(0, count, 3)]
    steps = document["workflowData"]["templates"]
    ends = [one for one in steps if one["id"].startswith("w")][1::3]
    for one, jump in zip(ends, back, strict=False):
        one["next"] = jump["id"]
    return {**document, "workflowData": {"templates": [*steps, *back]}}


def n8n_diamonds(count: int) -> JSON:
    """Forks that meet in merges; every step reads one of the fork before."""
    nodes: dict[str, JSON] = {"Go": node("scheduleTrigger", 1.2)}
    wires = []
    for n in range(count):
        nodes |= {
            f"If{n}": if_(),
            f"A{n}": node("set", 3.4, value=f"={{{{ $('A{max(0, n - 1)}').item.json.x }}}}"),
            f"B{n}": node("httpRequest", 4.2, url=f"http://host{n}.acme.io"),
            f"M{n}": node("merge", 3),
        }
        wires += [f"{f'M{n - 1}' if n else 'Go'} > If{n}", f"If{n}.0 > A{n}", f"If{n}.1 > B{n}"]
        wires += [f"A{n} > M{n}.0", f"B{n} > M{n}.1"]
    return drawn(nodes, *wires)


def chain(kind: str, **attributes: Any) -> Made:
    """Steps of one type one behind the other, in each of which something is wrong."""

    def made(count: int) -> JSON:
        parts = [step(f"s{n:05}", kind, f"s{n + 1:05}", **attributes) for n in range(count)]
        return flow(parts, triggers=[HOOK])

    return made


def n8n_chain(kind: str, version: float, **parameters: Any) -> Made:
    def made(count: int) -> JSON:
        nodes = {f"N{n}": node(kind, version, **parameters) for n in range(count)}
        wires = [f"N{n} > N{n + 1}" for n in range(count - 1)]
        return drawn({"Go": node("manualTrigger"), **nodes}, "Go > N0", *wires)

    return made


def make_chain(count: int) -> JSON:
    call = "http:ActionSendData"
    modules = [module(n, call, mapper={"url": "http://acme.io"}) for n in range(2, count)]
    return scenario(module(1, "gateway:CustomWebHook"), *modules)


def node_red_chain(count: int) -> list[JSON]:
    nodes = [
        {"id": f"n{n}", "type": "http request" if n else "inject", "z": "t", "x": 1, "y": 1,
         "name": f"N{n}", "url": f"http://host{n}.acme.io/?token=8fK2pQ9zaA7{n}",
         "wires": [[f"n{n + 1}"]] if n + 1 < count else []}
        for n in range(count)
    ]  # fmt: skip
    return [{"id": "t", "type": "tab", "label": "Tab"}, *nodes]


VISIT = {"type": "hours", "value": 1, "when": "after"}
MADE: dict[str, Made] = {
    "diamonds": diamonds,
    "diamonds with ways back": meshed,
    "n8n diamonds": n8n_diamonds,
    "empty texts": chain("sms", body=""),
    "texts with everything wrong": chain("sms", body="See {{foo.bar}} tomorrow [NAME] bit.ly/a"),
    "empty mails": chain("email", subject="", html=""),
    "waits that wait for nothing": chain("wait", type="time", startAfter={}),
    "waits for a reply": chain("wait", type="reply"),
    "waits after a visit": chain("wait", type="appointment", appointmentStartAfter=VISIT),
    "webhooks": chain("webhook", url="http://u:pw9K2x@crm.acme.io/?api_key=8fK2pQ9zaA7"),
    "goals": chain("workflow_goal", action="wait"),
    "calls": n8n_chain("httpRequest", 4.2, url="http://api.acme.io", method="POST"),
    "unknown reads": n8n_chain("set", 3.4, value="={{ $('Nobody').item.json.x }}"),
    "late reads": n8n_chain("set", 3.4, value="={{ $('N9').item.json.x }}"),
    "queries": n8n_chain("postgres", 2.5, operation="executeQuery", query="=SELECT {{ $json.a }}"),
    "loops over nothing": n8n_chain("splitInBatches", 3),
    "Make calls": make_chain,
    "Node-RED calls": node_red_chain,
}


def inspected(document: Any) -> list[str]:
    """The rules that found something; every rule has run."""
    [item] = inspect_document(document)
    assert item.analysis is not None
    assert [each for each in item.analysis.not_checked if "failed" in each.reason] == []
    return [each.rule_id for each in item.analysis.findings]


@cache
def calls() -> dict[str, list[int]]:
    """By name how many functions are called for 150 and for 600 steps.

    Counted in an interpreter of its own: in one that has run other tests, Python 3.11 may never
    come back from a profiled call.
    """
    command = [sys.executable, "-m", "tests.workflows.analysis.counting"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found: dict[str, list[int]] = json.loads(ended.stdout)
    return found


@pytest.mark.parametrize("name", MADE)
def test_four_times_the_steps_are_about_four_times_the_work(name):
    few, many = calls()[name]
    assert 0 < many < 5 * few


@pytest.mark.parametrize("made", [diamonds, meshed, n8n_diamonds])
def test_two_thousand_forks_are_analysed_although_nobody_could_list_their_paths(made):
    assert inspected(made(2_000))


@pytest.mark.parametrize("name", ["empty texts", "unknown reads", "Node-RED calls"])
def test_twenty_thousand_steps_with_a_fault_each_are_analysed(name):
    assert len(inspected(MADE[name](20_000))) > 1
