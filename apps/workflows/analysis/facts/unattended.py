"""Which steps a run comes to without any person doing something on the way."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from apps.workflows.analysis.graph import Edge, EdgeKind, Graph, Kind, Step, Trait

_REPLIES = frozenset({"reply", "user_reply"})
#: Steps that hold the contact until a user has called or texted by hand.
_BY_HAND = frozenset({"manual-call", "manual-sms"})


def unattended(graph: Graph) -> frozenset[int]:
    """The indexes of these steps; ask with ``graph.shared(unattended)``."""
    return frozenset(_spread(graph, graph.entries))


def unattended_path(graph: Graph, starts: Iterable[int], goal: Step) -> list[Step]:
    """A shortest walk to ``goal`` on which nobody has to act; empty where there is none."""
    came = _spread(graph, starts)
    if goal.index not in came:
        return []
    walk = []
    index: int | None = goal.index
    while index is not None:
        walk.append(graph.steps[index])
        index = came[index]
    return walk[::-1]


def _spread(graph: Graph, starts: Iterable[int]) -> dict[int, int | None]:
    came: dict[int, int | None] = dict.fromkeys(starts)
    queue = deque(came)
    while queue:
        index = queue.popleft()
        for edge in _ways_on(graph, graph.steps[index]):
            if edge.target not in came:
                came[edge.target] = index
                queue.append(edge.target)
    return came


def _ways_on(graph: Graph, step: Step) -> list[Edge]:
    """The ways out of a step that are taken without an answer or a hand."""
    edges = graph.out[step.index]
    if not step.enabled:
        return edges
    if step.type in _BY_HAND:
        return []
    if not _awaits_reply(step):
        return edges
    late = [edge for edge in edges if edge.kind is EdgeKind.TIMEOUT]
    if not late and step.wait is not None and step.wait.has_timeout:
        return edges  # where it goes when time is up is not drawn: it may be any of them
    return late


def _awaits_reply(step: Step) -> bool:
    if step.spec.kind is Kind.WAIT:
        return step.wait is not None and step.wait.type in _REPLIES
    return Trait.WAITS_FOR_REPLY in step.spec.traits
