"""Short ways to draw flows for tests: wires as text, branches with their marker steps."""

from __future__ import annotations

from typing import Any

from tests.workflows.analysis.builders import highlevel, n8n

JSON = dict[str, Any]

# -- n8n -----------------------------------------------------------------------------------


_APART = ("onError", "disabled", "webhookId")


def node(kind: str, version: float = 1, **more: Any) -> JSON:
    """A node without its name; ``options`` and the like are parameters, the rest stands apart."""
    apart: JSON = {key: more.pop(key) for key in _APART if key in more}
    full = kind if "." in kind else f"n8n-nodes-base.{kind}"
    return {"type": full, "typeVersion": version, "parameters": more, **apart}


def drawn(nodes: dict[str, JSON], *wires: str, **doc: Any) -> JSON:
    """An n8n workflow; a wire is ``"A > B"`` or ``"A.1 > B.0"`` with output and input."""
    listed = [
        {"id": name, "name": name, "position": [0, 0], **made} for name, made in nodes.items()
    ]
    connections: JSON = {}
    for wire in wires:
        (source, output), (target, place) = (_end(end) for end in wire.split(" > "))
        outputs = connections.setdefault(source, {"main": []})["main"]
        outputs += [[] for _ in range(output + 1 - len(outputs))]
        outputs[output].append({"node": target, "type": "main", "index": place})
    return n8n(listed, connections, **doc)


def _end(text: str) -> tuple[str, int]:
    name, _, port = text.partition(".")
    return name, int(port or 0)


def is_(left: Any, right: Any = "yes", operation: str = "equals", kind: str = "string") -> JSON:
    """One condition of an if, filter or switch of the present versions."""
    operator = {"type": kind, "operation": operation}
    return {"leftValue": left, "rightValue": right, "operator": operator}


def all_of(*conditions: JSON, combinator: str = "and") -> JSON:
    return {"combinator": combinator, "conditions": list(conditions)}


def if_(*conditions: JSON, combinator: str = "and", **more: Any) -> JSON:
    return node("if", 2.2, conditions=all_of(*conditions, combinator=combinator), **more)


def switch(*rules: JSON, version: float = 3.2, **more: Any) -> JSON:
    values = [{"outputKey": f"r{n}", "conditions": rule} for n, rule in enumerate(rules)]
    return node("switch", version, rules={"values": values}, **more)


# -- HighLevel -----------------------------------------------------------------------------


def step(key: str, kind: str, after: str | None = None, **attributes: Any) -> JSON:
    made = {"id": key, "type": kind, "name": key, "attributes": attributes}
    return made if after is None else {**made, "next": after}


def goto(key: str, target: str) -> JSON:
    return step(key, "goto", targetNodeId=target)


def wait(key: str, after: str | None, unit: str = "days", value: Any = 1) -> JSON:
    return step(key, "wait", after, type="time", startAfter={"type": unit, "value": value})


def condition(
    about: str, operator: str = "==", value: Any = "x", kind: str = "contact_detail"
) -> JSON:
    return {
        "conditionType": kind,
        "conditionSubType": about,
        "conditionOperator": operator,
        "conditionValue": value,
    }


def branch(name: str, *conditions: JSON, operator: str = "and") -> JSON:
    segment = {"operator": operator, "conditions": list(conditions)}
    return {"id": name, "name": name, "operator": "and", "segments": [segment]}


def if_else(key: str, *branches: tuple[JSON, str | None], none: str | None = None) -> list[JSON]:
    """The condition step and a marker step per branch, each with what follows it."""
    none_id = f"{key}-none"
    ids = [made["id"] for made, _ in branches]
    head = {
        **step(key, "if_else", branches=[made for made, _ in branches], noneBranchName="None"),
        "nodeType": "condition-node",
        "next": [*ids, none_id],
    }
    marks = [_mark(made["id"], key, after, "branch-yes") for made, after in branches]
    return [head, *marks, _mark(none_id, key, none, "branch-no")]


def _mark(key: str, parent: str, after: str | None, kind: str) -> JSON:
    attributes = {"else": True} if kind == "branch-no" else {"if": False}
    mark = {**step(key, "if_else", after), "attributes": attributes}
    return {**mark, "nodeType": kind, "parent": parent, "parentKey": parent}


def flow(*parts: JSON | list[JSON], **doc: Any) -> JSON:
    """A HighLevel workflow of these steps in this order."""
    steps = [each for part in parts for each in (part if isinstance(part, list) else [part])]
    return highlevel([{**made, "order": n} for n, made in enumerate(steps)], **doc)


# -- Make ----------------------------------------------------------------------------------


def module(number: int, kind: str, **more: Any) -> JSON:
    return {"id": number, "module": kind, "version": 1, "mapper": {}, **more}


def scenario(*modules: JSON, instant: bool = True, **settings: Any) -> JSON:
    metadata = {"instant": instant, "version": 1, "scenario": settings}
    return {"name": "Scenario", "flow": list(modules), "metadata": metadata}
