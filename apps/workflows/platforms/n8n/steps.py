"""The nodes of a file as the steps of a graph."""

from __future__ import annotations

from typing import Any

from apps.workflows.analysis.graph import Kind, Step
from apps.workflows.platforms.n8n.details import started_workflow, wait_of
from apps.workflows.platforms.n8n.types import SETTLED, NodeFacts, Port, node_facts, with_ports

_ON_ERROR = {"continueRegularOutput": "continue", "continueErrorOutput": "output"}
_NOTHING: dict[str, Any] = {}

Ports = tuple[Port, ...]


def make_steps(nodes: list[dict[str, Any]], ids: list[str]) -> tuple[list[Step], list[Ports]]:
    """The steps of these nodes, and the edges that leave each one's outputs."""
    steps: list[Step] = []
    ports: list[Ports] = []
    for index, node in enumerate(nodes):
        get = node.get
        name, params = get("name"), get("parameters")
        node_type: Any = get("type")
        version: Any = get("typeVersion")
        if type(name) is not str:
            name = ""
        if type(params) is not dict:
            params = _NOTHING
        try:
            facts = SETTLED.get((node_type, version))
        except TypeError:  # lists and objects can be no key
            facts = None
        if type(facts) is not NodeFacts or version is True:
            node_type = node_type if type(node_type) is str else ""
            version = _version(version)
            facts = node_facts(node_type, version, params)
        # By position: this runs for every node, and keywords would cost a quarter of it.
        step = Step(
            index, ids[index], name, node_type, facts.spec, params, node,
            get("disabled") is not True, version, _position(get("position")),
            None, (), (), "", get("retryOnFail") is True,
            facts.outputs, facts.credentials, facts.newest,
        )  # fmt: skip
        steps.append(step)
        if "onError" in node or "continueOnFail" in node:
            step.on_error = _on_error(node)
        ports.append(_specialise(step, facts) if facts.special else facts.ports)
    return steps, ports


def _specialise(step: Step, facts: NodeFacts) -> Ports:
    """Fill in what hangs on the node's own parameters."""
    step.outputs, ports = with_ports(facts, step.params, step.version)
    if step.spec.kind is Kind.WAIT:
        step.wait = wait_of(step.params, facts.wait)
    else:
        step.effects = started_workflow(step.params)
    return ports


def _version(value: Any) -> float:
    """The type version; 0 where the file has none that could be one."""
    if type(value) is float or type(value) is int:
        return value if 0 < value < 1e6 else 0.0
    return 0.0


def _position(value: Any) -> tuple[float, float] | None:
    try:
        x, y = value
        # Leaves out what is not finite, and whole numbers beyond any float.
        return (x, y) if -1e12 < x < 1e12 and -1e12 < y < 1e12 else None
    except (TypeError, ValueError):
        return None


def _on_error(node: dict[str, Any]) -> str:
    chosen = node.get("onError")
    if isinstance(chosen, str):
        return _ON_ERROR.get(chosen, "")
    return "continue" if node.get("continueOnFail") is True else ""
