"""Where a run of a flow file can begin."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from apps.workflows.analysis.graph import Kind, Step, StepType, Trait
from apps.workflows.platforms.node_red.fields import items, text
from apps.workflows.platforms.node_red.steps import Building
from apps.workflows.platforms.node_red.types import SELF_STARTING, SOURCE, looks_like_input
from apps.workflows.platforms.node_red.wiring import Wiring

_CALLED = StepType(Kind.TRIGGER, traits=frozenset({Trait.CALLED}))


def find_entries(building: Building, wiring: Wiring) -> set[int]:
    """The steps that start a run; those that do so only where they stand become triggers.

    Disabled ones count: what lies behind a switched-off start is switched off with it, not lost.
    A piece of a flow, copied without what starts it, is entered where nothing leads in.
    """
    sources = {edge.source for edge in wiring.edges}
    by_name = _calls_by_name(building)
    for step in building.steps:
        _promote(step, wiring, sources, by_name)
    for step in _feeding_instances(building, wiring, sources):
        step.spec = replace(SOURCE, label=step.spec.label)
    if not has_trigger(building.steps):
        return sources - wiring.fed or set(sorted(sources)[:1])
    return {
        step.index
        for step in building.steps
        if (_starts(step) or _may_be_input(step, wiring, sources))
        and not _stands_in_unused_subflow(step, building)
    }


def has_trigger(steps: list[Step]) -> bool:
    return any(step.spec.kind is Kind.TRIGGER for step in steps)


def _starts(step: Step) -> bool:
    return step.spec.kind is Kind.TRIGGER or Trait.ON_ERROR in step.spec.traits


def _may_be_input(step: Step, wiring: Wiring, sources: set[int]) -> bool:
    """A type we do not know into which nothing leads: most likely an input of some package."""
    return step.spec.kind is Kind.UNKNOWN and step.index in sources and step.index not in wiring.fed


def _promote(step: Step, wiring: Wiring, sources: set[int], by_name: bool) -> None:
    """Some types are a trigger or not by what is wired to them."""
    fed = step.index in wiring.fed
    if step.type == "link in":
        # A tab left out of the file may link here, a function or a dynamic call name it.
        if by_name or not fed:
            step.spec = _CALLED
    elif not fed and step.index in sources and _may_start(step):
        step.spec = replace(SOURCE, label=step.spec.label)


def _may_start(step: Step) -> bool:
    if step.type in SELF_STARTING:
        return True
    return step.spec.kind is Kind.UNKNOWN and looks_like_input(step.type)


def _calls_by_name(building: Building) -> bool:
    """Whether a node picks the ``link in`` to call when it runs."""
    return any(
        (step.type == "link call" and step.raw.get("linkType") == "dynamic")
        or (step.type == "function" and "linkcall(" in text(step.raw.get("func")))
        for step in building.steps
    )


def _feeding_instances(building: Building, wiring: Wiring, sources: set[int]) -> Iterator[Step]:
    """Subflow instances that give messages without getting any: a trigger stands inside."""
    with_trigger = {
        building.container(step) for step in building.steps if step.spec.kind is Kind.TRIGGER
    }
    for definition, instances in building.instances.items():
        has_input = bool(items(building.steps[definition].raw.get("in")))
        if has_input and definition not in with_trigger:
            continue
        for index in instances:
            if index not in wiring.fed and index in sources:
                yield building.steps[index]


def _stands_in_unused_subflow(step: Step, building: Building) -> bool:
    container = building.container(step)
    if container is None or building.steps[container].type != "subflow":
        return False
    return container not in building.instances
