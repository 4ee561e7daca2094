"""Flow nodes to steps: what each is, what it is set to, whether it runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from apps.workflows.analysis.graph import UNKNOWN_TYPE, Kind, Step, StepType, Trait, Wait
from apps.workflows.platforms.node_red.document import canonical
from apps.workflows.platforms.node_red.fields import count, items, number, text, words
from apps.workflows.platforms.node_red.types import TYPES

_CONFIG = StepType(Kind.CONFIG)
_RESPOND = StepType(Kind.RESPOND)
_MANUAL = StepType(Kind.TRIGGER, traits=frozenset({Trait.MANUAL}))
#: What places and draws a node or ties it to others; ids in it would read like settings.
_STRUCTURE = words(
    "id type z g d x y w h l wires name links scope nodes in out style color icon category "
    "inputLabels outputLabels"
)
_SUBFLOW = "subflow:"
#: Code with one of these can send to no output or to several.
_BRANCHING_CODE = ("return null", "return;", "return undefined", "node.send(", "return []")
_MINUTES = {
    "milliseconds": 1 / 60_000,
    "ms": 1 / 60_000,
    "seconds": 1 / 60,
    "s": 1 / 60,
    "minutes": 1.0,
    "min": 1.0,
    "hours": 60.0,
    "hr": 60.0,
    "days": 1_440.0,
}


@dataclass(slots=True)
class Building:
    """The steps of a file while its graph is built; all indexes are places in ``steps``."""

    steps: list[Step]
    by_id: dict[str, int] = field(default_factory=dict)
    duplicates: dict[str, list[int]] = field(default_factory=dict)
    #: subflow definition -> its instances
    instances: dict[int, list[int]] = field(default_factory=dict)

    def container(self, step: Step) -> int | None:
        """The tab or subflow a node stands on, where the file holds it."""
        return self.by_id.get(text(step.raw.get("z")))

    def definition(self, step: Step) -> int | None:
        """The subflow a node is an instance of, where the file holds it."""
        return self.by_id.get(subflow_id(step)) if step.type.startswith(_SUBFLOW) else None


def subflow_id(step: Step) -> str:
    """The id of the subflow a node is an instance of; empty for other nodes."""
    return step.type.removeprefix(_SUBFLOW) if step.type.startswith(_SUBFLOW) else ""


def build(nodes: list[dict[str, Any]]) -> Building:
    """One step per node, sorted by id; copies of one id are told apart by their content."""
    off = {
        text(node.get("id"))
        for node in nodes
        if node.get("type") == "tab" and node.get("disabled") is True
    }
    off.discard("")
    building = Building([])
    for step_id, node in _named(nodes):
        step = _step(len(building.steps), step_id, node, off)
        building.steps.append(step)
        _register(building, step)
    for step in building.steps:
        _join_subflow(building, step)
    return building


def _named(nodes: list[dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    """Every node with an id of its own, sorted by it, whatever the order in the file."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for node in nodes:
        groups.setdefault(text(node.get("id")), []).append(node)
    named: dict[str, dict[str, Any]] = {}
    others: list[tuple[str, dict[str, Any]]] = []
    for node_id, copies in groups.items():
        ordered = sorted(copies, key=canonical) if len(copies) > 1 else copies
        if node_id:
            named[node_id] = ordered[0]
            others += [(f"{node_id}#{n}", node) for n, node in enumerate(ordered[1:], 2)]
        else:
            others += [(f"(no id) {n}", node) for n, node in enumerate(ordered, 1)]
    for free, node in sorted(others, key=lambda pair: pair[0]):
        while free in named:  # another node may really be called so
            free += "'"
        named[free] = node
    return sorted(named.items())


def _register(building: Building, step: Step) -> None:
    node_id = text(step.raw.get("id"))
    if not node_id:
        return
    first = building.by_id.setdefault(node_id, step.index)
    if first != step.index:
        building.duplicates.setdefault(node_id, [first]).append(step.index)


def _join_subflow(building: Building, step: Step) -> None:
    """An instance without a name of its own shows the subflow's."""
    definition = building.definition(step)
    if definition is None or building.steps[definition].type != "subflow":
        return
    building.instances.setdefault(definition, []).append(step.index)
    step.spec = StepType(Kind.STEP, label=building.steps[definition].name)


def _step(index: int, step_id: str, node: dict[str, Any], off: set[str]) -> Step:
    kind = text(node.get("type"))
    x, y = number(node.get("x")), number(node.get("y"))
    spec = _spec(node, kind)
    return Step(
        index=index,
        id=step_id,
        name=text(node.get("name")).strip() or (text(node.get("label")) if kind == "tab" else ""),
        type=kind,
        spec=spec,
        params=_params(node, spec),
        raw=node,
        enabled=not (node.get("d") is True or text(node.get("z")) in off),
        position=(x, y) if x is not None and y is not None else None,
        wait=_wait(node, kind),
        outputs=_outputs(node, kind),
    )


def _params(node: Mapping[str, Any], spec: StepType) -> dict[str, Any]:
    """A node's settings; its description is none, save where describing is all it does."""
    hidden = _STRUCTURE if spec.kind is Kind.NOTE else _STRUCTURE | {"info"}
    return {key: value for key, value in node.items() if key not in hidden}


# -- what a node is ------------------------------------------------------------------------


def _spec(node: Mapping[str, Any], kind: str) -> StepType:
    known = TYPES.get(kind)
    if known is None:
        return _CONFIG if _is_config(node) else UNKNOWN_TYPE
    if kind == "inject":
        return known if _starts_itself(node) else _MANUAL
    if kind == "function":
        return replace(known, traits=known.traits | _function_traits(node))
    if kind in ("tab", "group"):
        # Variables set on a tab or group are settings of all nodes in it, not remarks.
        return _CONFIG if items(node.get("env")) else known
    if _answers_caller(node, kind):
        return _RESPOND
    return known


def _is_config(node: Mapping[str, Any]) -> bool:
    """The runtime's own test: what has no place on the canvas is configuration."""
    placed = number(node.get("x")) is not None or number(node.get("y")) is not None
    return not placed and not isinstance(node.get("wires"), list)


def _starts_itself(node: Mapping[str, Any]) -> bool:
    if node.get("once") is True or text(node.get("crontab")).strip():
        return True
    repeat = node.get("repeat")
    every = number(repeat)
    # A repeat that is no number is a variable such as ${EVERY}.
    return every > 0 if every is not None else bool(text(repeat).strip())


def _function_traits(node: Mapping[str, Any]) -> frozenset[Trait]:
    code = text(node.get("func"))
    several = count(node.get("outputs")) != 1
    branches = several or any(mark in code for mark in _BRANCHING_CODE) or "return" not in code
    return frozenset({Trait.MULTIPATH}) if branches else frozenset()


def _answers_caller(node: Mapping[str, Any], kind: str) -> bool:
    """Socket outputs that reply to whoever connected to us."""
    if kind == "tcp out":
        return node.get("beserver") in ("reply", "server")
    return kind == "websocket out" and bool(text(node.get("server")))


def _outputs(node: Mapping[str, Any], kind: str) -> int | None:
    if kind == "switch" and isinstance(node.get("rules"), list):
        return len(node["rules"])
    declared = count(node.get("outputs"))
    if declared is not None:
        return declared
    return len(node["wires"]) if isinstance(node.get("wires"), list) else None


# -- waits ---------------------------------------------------------------------------------


def _wait(node: Mapping[str, Any], kind: str) -> Wait | None:
    if kind == "delay":
        pause = text(node.get("pauseType")) or "delay"
        fixed = pause == "delay"
        return Wait(pause, _delay_minutes(node) if fixed else None)
    if kind == "trigger":
        return Wait("trigger", _trigger_minutes(node))
    return None


def _delay_minutes(node: Mapping[str, Any]) -> float | None:
    timeout = node.get("timeout")
    if timeout is None or timeout == "":
        return 0.0
    length = number(timeout)
    unit = _MINUTES.get(text(node.get("timeoutUnits")), _MINUTES["seconds"])
    return max(length, 0.0) * unit if length is not None else None


def _trigger_minutes(node: Mapping[str, Any]) -> float | None:
    """Zero waits for a reset; below zero sends again and again until then."""
    duration = number(node.get("duration"))
    if duration is None or duration <= 0:
        return None
    return duration * _MINUTES.get(text(node.get("units")), _MINUTES["ms"])
