"""Short ways to draw small flows in each platform's own format, for the tests of wiring rules."""

from __future__ import annotations

from typing import Any

from apps.workflows.inspection import inspect_document

JSON = dict[str, Any]

SET = "n8n-nodes-base.set"
IF = "n8n-nodes-base.if"
START = "n8n-nodes-base.manualTrigger"
NOTE = "n8n-nodes-base.stickyNote"
AGENT = "@n8n/n8n-nodes-langchain.agent"
MODEL = "@n8n/n8n-nodes-langchain.lmChatOpenAi"
TOOL = "@n8n/n8n-nodes-langchain.toolCalculator"

#: Values of every type, for places where something else is expected.
ODD: list[Any] = [None, 0, 7, 1.5, True, "", "x", [], {}, [None], [[None]], {"main": [{}]}]


def unchecked(document: Any, rule_id: str) -> list[str]:
    """Why a rule could not be checked on the one workflow of a document."""
    [item] = inspect_document(document)
    assert item.analysis is not None
    return [each.reason for each in item.analysis.not_checked if each.rule_id == rule_id]


# -- n8n ---------------------------------------------------------------------------------------


def node(name: str, kind: str = SET, **more: Any) -> JSON:
    """A node whose id is its name in lower case."""
    own = {"id": name.lower(), "name": name, "type": kind, "typeVersion": 2}
    return {**own, "position": [0, 0], "parameters": {}, **more}


def to(*names: str, kind: str = "main") -> list[JSON]:
    """What one output leads to."""
    return [{"node": name, "type": kind, "index": 0} for name in names]


def main(*outputs: Any) -> JSON:
    return {"main": list(outputs)}


def serves(name: str, kind: str = "ai_languageModel") -> JSON:
    """The connection of a sub-node to the step it serves."""
    return {kind: [to(name, kind=kind)]}


# -- HighLevel ---------------------------------------------------------------------------------


def sms(key: str, following: Any = None, **more: Any) -> JSON:
    attributes = {"body": "Hi"}
    raw = {"id": key, "type": "sms", "name": key.title(), "attributes": attributes, **more}
    return raw if following is None else {**raw, "next": following}


def goto(key: str, target: Any) -> JSON:
    attributes = {"type": "goto", "targetNodeId": target}
    return {"id": key, "type": "goto", "name": key.title(), "attributes": attributes}


def if_else(key: str, yes: str) -> list[JSON]:
    """A condition with its two markers, of which only the first leads on."""
    branches = [{"id": f"{key}-yes", "name": "Yes"}]
    own = {"type": "if_else", "parentKey": key}
    return [
        {
            "id": key,
            "type": "if_else",
            "name": key.title(),
            "nodeType": "condition-node",
            "next": [f"{key}-yes", f"{key}-no"],
            "attributes": {"if": True, "branches": branches},
        },
        {**own, "id": f"{key}-yes", "nodeType": "branch-yes", "next": yes, "attributes": {}},
        {**own, "id": f"{key}-no", "nodeType": "branch-no", "attributes": {"else": True}},
    ]


# -- Node-RED ----------------------------------------------------------------------------------


def flow_file(*nodes: JSON, tab: str = "tab", **more: Any) -> list[JSON]:
    """A file of one tab; ``more`` are settings of the tab."""
    placed = [{"z": tab, "x": 1, "y": 1, "wires": [], **each} for each in nodes]
    return [{"id": tab, "type": "tab", "label": tab, **more}, *placed]


# -- Make --------------------------------------------------------------------------------------


def module(number: int, kind: str = "json:ParseJSON", **more: Any) -> JSON:
    return {"id": number, "module": kind, "version": 1, "mapper": {}, **more}


HOOK = module(1, "gateway:CustomWebHook")


def router(number: int, *flows: list[JSON]) -> JSON:
    return module(number, "builtin:BasicRouter", routes=[{"flow": flow} for flow in flows])


def scenario(*flow: JSON, orphans: Any = ()) -> JSON:
    metadata = {"instant": True, "designer": {"orphans": list(orphans)}}
    return {"name": "Scenario", "flow": list(flow), "metadata": metadata}
