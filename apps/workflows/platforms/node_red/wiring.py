"""The connections of a flow file: wires, links between tabs, ways into subflows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from apps.workflows.analysis.graph import Dangling, Edge, EdgeKind, Kind, Step
from apps.workflows.platforms.node_red.fields import items, objects, text
from apps.workflows.platforms.node_red.steps import Building, subflow_id

_EXEC_OUTPUTS = ("stdout", "stderr", "return code")
_OPERATORS = {
    "eq": "==",
    "neq": "!=",
    "lt": "<",
    "lte": "<=",
    "gt": ">",
    "gte": ">=",
    "btwn": "between",
    "cont": "contains",
    "regex": "matches",
    "true": "is true",
    "false": "is false",
    "null": "is null",
    "nnull": "is not null",
    "empty": "is empty",
    "nempty": "is not empty",
    "istype": "is of type",
    "hask": "has key",
    "jsonata_exp": "expression",
    "else": "else",
}
_LONGEST_LABEL = 60


@dataclass(slots=True)
class Wiring:
    """The edges of a file. Every connection counts once, however often it is written."""

    building: Building
    edges: list[Edge] = field(default_factory=list)
    dangling: list[Dangling] = field(default_factory=list)
    count: int = 0
    #: indexes of steps that something is connected to
    fed: set[int] = field(default_factory=set)
    _seen: set[tuple[int, str, EdgeKind, int]] = field(default_factory=set)

    def connect(
        self,
        source: int,
        target: Any,
        kind: EdgeKind = EdgeKind.NEXT,
        label: str = "",
        port: int = 0,
    ) -> None:
        """An edge to the node with this id, or a dangling one."""
        key = (source, text(target), kind, port)
        if not key[1] or key in self._seen:
            return
        self._seen.add(key)
        self.count += 1
        found = self.building.by_id.get(key[1])
        if found is None:
            self.dangling.append(Dangling(source, key[1], kind, label))
        else:
            self.edges.append(Edge(source, found, kind, label, port))
            self.fed.add(found)


def wire(building: Building) -> Wiring:
    """All connections, in an order that depends on the steps' ids alone."""
    wiring = Wiring(building)
    for step in building.steps:
        _wires(wiring, step)
        _links(wiring, step)
        _subflow(wiring, step)
    wiring.edges.sort(key=lambda edge: (edge.source, edge.port, edge.target, edge.kind))
    wiring.dangling.sort(key=lambda lost: (lost.source, lost.target, lost.kind, lost.label))
    return wiring


def _wires(wiring: Wiring, step: Step) -> None:
    kind = EdgeKind.BRANCH if step.spec.kind is Kind.BRANCH else EdgeKind.NEXT
    for port, targets in enumerate(items(step.raw.get("wires"))):
        label = _label(step, port)
        for target in items(targets):
            wiring.connect(step.index, target, kind, label, port)


def _links(wiring: Wiring, step: Step) -> None:
    """Links between tabs. Like the runtime, join what either end of a pair says."""
    links = items(step.raw.get("links"))
    if step.type == "link in":
        for source in _link_sources(wiring.building, links):
            wiring.connect(source, step.raw.get("id"), EdgeKind.GOTO)
    elif _links_ahead(step):
        for target in links:
            wiring.connect(step.index, target, EdgeKind.GOTO)


def _links_ahead(step: Step) -> bool:
    """Whether a step's list of links is where its messages go."""
    if step.type == "link out":
        return step.raw.get("mode") != "return"
    # A dynamic call keeps the list of its earlier, fixed life.
    return step.type == "link call" and step.raw.get("linkType") != "dynamic"


def _link_sources(building: Building, links: list[Any]) -> Iterator[int]:
    """What a ``link in`` names that is not in the file stands on a tab left out of it."""
    for link in links:
        index = building.by_id.get(text(link))
        if index is not None:
            source = building.steps[index]
            if source.type == "link out" and _links_ahead(source):
                yield index


def _subflow(wiring: Wiring, step: Step) -> None:
    """A run enters a subflow through its definition, which all instances share.

    There is no edge back: what follows an instance is wired to the instance, and a way back to
    every instance would draw loops that no message takes.
    """
    wanted = subflow_id(step)
    if wanted:
        wiring.connect(step.index, wanted, label="subflow")
    if step.type != "subflow":
        return
    for entrance in objects(step.raw.get("in")):
        for target in objects(entrance.get("wires")):
            wiring.connect(step.index, target.get("id"))
    status = step.raw.get("status")
    exits = [*objects(step.raw.get("out")), *([status] if isinstance(status, dict) else [])]
    for way_out in exits:
        for source in objects(way_out.get("wires")):
            _check_exit(wiring, step, source.get("id"))


def _check_exit(wiring: Wiring, step: Step, source: Any) -> None:
    """An exit names the node inside it is wired to (or the subflow's own input)."""
    if text(source) and text(source) not in wiring.building.by_id:
        wiring.connect(step.index, source, label="out")


def _label(step: Step, port: int) -> str:
    own = items(step.raw.get("outputLabels"))
    if port < len(own) and text(own[port]).strip():
        return text(own[port]).strip()[:_LONGEST_LABEL]
    if step.type == "exec" and port < len(_EXEC_OUTPUTS):
        return _EXEC_OUTPUTS[port]
    rules = items(step.raw.get("rules"))
    if step.type == "switch" and port < len(rules) and isinstance(rules[port], dict):
        return _rule_label(rules[port])
    return ""


def _rule_label(rule: dict[str, Any]) -> str:
    operator = text(rule.get("t"))
    words = [_OPERATORS.get(operator, operator)]
    if operator not in ("true", "false", "null", "nnull", "empty", "nempty", "else"):
        words += [_value(rule.get("v")), _value(rule.get("v2"))]
    return " ".join(word for word in words if word)[:_LONGEST_LABEL]


def _value(value: Any) -> str:
    if isinstance(value, float) or (isinstance(value, int) and abs(value) < 10**18):
        return str(value)
    return text(value)[:_LONGEST_LABEL]
