"""Which steps have their errors caught, by the scopes of the catch nodes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from apps.workflows.analysis.graph import OFF_FLOW, Step
from apps.workflows.platforms.node_red.fields import items, text
from apps.workflows.platforms.node_red.steps import Building


@dataclass(slots=True)
class _Scopes:
    """What the enabled catch nodes of a file listen to."""

    whole: set[str] = field(default_factory=set)  # tabs and subflows
    groups: set[str] = field(default_factory=set)
    #: (tab or subflow, node): a catch hears only nodes on its own canvas
    nodes: set[tuple[str, str]] = field(default_factory=set)


def mark_caught(building: Building) -> None:
    """Set ``on_error`` on every step whose error reaches a catch node.

    An error in a subflow that nothing inside catches is raised again at the instance.
    """
    scopes = _scopes(building.steps)
    scopes.groups = _with_inner_groups(scopes.groups, building.steps)
    caught = {step.index for step in building.steps if _hears(scopes, step)}
    caught |= _inside_subflows(caught, building)
    for step in building.steps:
        if step.index in caught and step.spec.kind not in OFF_FLOW:
            step.on_error = "output"


def _scopes(steps: Iterable[Step]) -> _Scopes:
    scopes = _Scopes()
    for step in steps:
        if step.type != "catch" or not step.enabled:
            continue
        canvas, group = text(step.raw.get("z")), text(step.raw.get("g"))
        scope = step.raw.get("scope")
        if isinstance(scope, list):
            scopes.nodes.update((canvas, node) for node in map(text, items(scope)) if node)
        elif scope == "group" and group:
            scopes.groups.add(group)
        else:
            scopes.whole.add(canvas)
    return scopes


def _with_inner_groups(groups: set[str], steps: Iterable[Step]) -> set[str]:
    inner: dict[str, list[str]] = {}
    for step in steps:
        if step.type == "group" and text(step.raw.get("id")):
            inner.setdefault(text(step.raw.get("g")), []).append(text(step.raw.get("id")))
    found, waiting = set(groups), list(groups)
    while waiting:
        for group in inner.get(waiting.pop(), ()):
            if group not in found:
                found.add(group)
                waiting.append(group)
    return found


def _hears(scopes: _Scopes, step: Step) -> bool:
    canvas = text(step.raw.get("z"))
    if canvas in scopes.whole or text(step.raw.get("g")) in scopes.groups:
        return True
    return (canvas, text(step.raw.get("id"))) in scopes.nodes


def _inside_subflows(caught: set[int], building: Building) -> set[int]:
    """The steps of subflows all of whose instances are caught, to any depth."""
    inside: dict[int, list[Step]] = {}
    for step in building.steps:
        container = building.container(step)
        if container in building.instances:
            inside.setdefault(container, []).append(step)
    left = {definition: len(set(all_)) for definition, all_ in building.instances.items()}
    found: set[int] = set()
    waiting = [building.steps[index] for index in sorted(caught)]
    while waiting:
        definition = building.definition(waiting.pop())
        if definition is None or definition not in left:
            continue
        left[definition] -= 1
        if left[definition]:
            continue
        fresh = [step for step in inside.get(definition, ()) if step.index not in caught | found]
        found.update(step.index for step in fresh)
        waiting += fresh
    return found
