"""What rules ask about a loop: who gets out, what is left of it without some steps, a way round."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from apps.workflows.analysis.algorithms import strong_components
from apps.workflows.analysis.graph import NODE_RED, Graph, Kind, Step, Trait

#: Kinds that let some runs through and others not, or whose doings we do not know.
_DECIDING = frozenset({Kind.BRANCH, Kind.GOAL, Kind.LOOP, Kind.UNKNOWN})
#: In Node-RED a join keeps messages until a group is whole, a widget speaks when it is touched.
_DECIDING_NODE_RED = _DECIDING | {Kind.MERGE, Kind.TRIGGER}
#: Code that may hand on nothing, which ends the run there.
_STOPPING_CODE = ("return []", "return [[]]", "return null", "return;", "throw ", "return none")
_STOP = ("workflow", "stop")


def is_endless(loop: Sequence[Step], graph: Graph) -> bool:
    """Whether nothing leads out of the loop and nothing in it could end a run."""
    inside = {step.index for step in loop}
    if any(edge.target not in inside for step in loop for edge in graph.out[step.index]):
        return False
    if any(lost.source in inside for lost in graph.dangling):
        return False  # the way out is there, and broken
    return not any(_may_end(step, graph) for step in loop if step.enabled)


def _may_end(step: Step, graph: Graph) -> bool:
    kinds = _DECIDING_NODE_RED if graph.platform == NODE_RED else _DECIDING
    if step.spec.kind in kinds or Trait.MULTIPATH in step.spec.traits:
        return True
    if step.outputs is not None and step.outputs > 1:
        return True
    if step.spec.kind is Kind.CODE:
        return any(mark in step.lower_text for mark in _STOPPING_CODE)
    if step.wait is not None and step.wait.type == "condition":
        return True
    return _takes_out(step, graph)


def _takes_out(step: Step, graph: Graph) -> bool:
    """Whether the step removes the contact from this very workflow."""
    stopped = [each.value for each in step.effects if (each.kind, each.action) == _STOP]
    own = {"*", graph.id} if graph.id else {"*"}
    return not own.isdisjoint(stopped) or (
        step.spec.kind is Kind.ENROL and step.params.get("includeCurrent") is True
    )


def holds(step: Step) -> bool:
    """Whether a run stays at this step for some time, or until somebody acts."""
    if not step.enabled:
        return False
    if step.wait is not None:
        return step.wait.holds
    return Trait.WAITS_FOR_REPLY in step.spec.traits


@dataclass(slots=True)
class _Arc:
    target: int


def loops_without(loop: Sequence[Step], graph: Graph, removed: Iterable[Step]) -> list[list[Step]]:
    """The cycle regions that are left of a loop when some of its steps are taken out."""
    gone = {step.index for step in removed}
    if not gone:
        return [list(loop)]
    kept = [step for step in loop if step.index not in gone]
    place = {step.index: n for n, step in enumerate(kept)}
    out = [
        [_Arc(place[edge.target]) for edge in graph.out[step.index] if edge.target in place]
        for step in kept
    ]
    found = [
        [kept[n] for n in sorted(component)]
        for component in strong_components(out)
        if len(component) > 1 or any(arc.target == component[0] for arc in out[component[0]])
    ]
    return sorted(found, key=lambda steps: steps[0].index)


def walk_round(loop: Sequence[Step], graph: Graph) -> list[Step]:
    """From an entry to where the loop is entered, then the shortest way round within it."""
    head = graph.loop_head(loop)
    inside = {step.index for step in loop}
    came: dict[int, int] = {}
    queue = deque([head.index])
    while queue and head.index not in came:
        index = queue.popleft()
        for edge in graph.out[index]:
            if edge.target in inside and edge.target not in came:
                came[edge.target] = index
                queue.append(edge.target)
    back = [head]
    index = came.get(head.index, head.index)
    while index != head.index:
        back.append(graph.steps[index])
        index = came[index]
    return [*graph.path_to(head), *reversed(back)]


def along(walk: Sequence[Step], loop: Sequence[Step]) -> list[Step]:
    """The steps of a loop in the order in which the walk comes to them, the others after."""
    met = {step.index: n for n, step in reversed(list(enumerate(walk)))}
    return sorted(loop, key=lambda step: (met.get(step.index, len(walk)), step.index))


def loop_numbers(graph: Graph) -> dict[int, int]:
    """Which cycle region a step stands in, by its index; steps outside of any are left out."""
    return {step.index: n for n, loop in enumerate(graph.loops) for step in loop}
