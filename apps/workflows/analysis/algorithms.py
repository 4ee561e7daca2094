"""Graph algorithms on adjacency lists: iterative, linear, free of recursion limits."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Protocol

#: Marks counted in one sweep: bounds the memory of a sweep to about 1 KB per step.
SWEEP = 8_192


class Arc(Protocol):
    @property
    def target(self) -> int: ...


def strong_components(out: Sequence[Sequence[Arc]]) -> list[list[int]]:
    """Strongly connected components of a graph, each after all components it leads to.

    Tarjan's algorithm with its call stack kept by hand, so depth costs memory, not recursion.
    """
    count = len(out)
    number = [0] * count  # 0: not visited; else order of discovery, from 1
    low = [0] * count
    on_stack = bytearray(count)
    stack: list[int] = []
    components: list[list[int]] = []
    clock = 0
    for root in range(count):
        if number[root]:
            continue
        clock += 1
        number[root] = low[root] = clock
        stack.append(root)
        on_stack[root] = 1
        work = [(root, iter(out[root]))]
        while work:
            node, arcs = work[-1]
            for arc in arcs:
                other = arc.target
                if not number[other]:
                    clock += 1
                    number[other] = low[other] = clock
                    stack.append(other)
                    on_stack[other] = 1
                    work.append((other, iter(out[other])))
                    break
                if on_stack[other] and number[other] < low[node]:
                    low[node] = number[other]
            else:
                work.pop()
                if work and low[node] < low[work[-1][0]]:
                    low[work[-1][0]] = low[node]
                if low[node] == number[node]:
                    components.append(_pop_component(stack, on_stack, node))
    return components


def _pop_component(stack: list[int], on_stack: bytearray, root: int) -> list[int]:
    component = []
    while True:
        node = stack.pop()
        on_stack[node] = 0
        component.append(node)
        if node == root:
            return component


def marks_behind(
    out: Sequence[Sequence[Arc]], components: Sequence[Sequence[int]], marks: Sequence[int]
) -> list[int]:
    """For every node, how many of ``marks`` it is or leads to.

    ``components`` come as ``strong_components`` gives them. One bit per mark travels backwards
    through the components; many marks are taken in sweeps, so memory stays bounded.
    """
    totals = [0] * len(out)
    for start in range(0, len(marks), SWEEP):
        bits = {node: 1 << n for n, node in enumerate(marks[start : start + SWEEP])}
        seen = [0] * len(out)
        for component in components:
            mask = 0
            for node in component:
                mask |= bits.get(node, 0)
                for arc in out[node]:
                    mask |= seen[arc.target]
            if mask:
                count = mask.bit_count()
                for node in component:
                    seen[node] = mask
                    totals[node] += count
    return totals


def reverse_postorder(out: Sequence[Sequence[Arc]], *starts: int) -> list[int]:
    """The nodes that ``starts`` lead to, each before what it leads to (loops aside)."""
    seen: set[int] = set()
    order: list[int] = []
    for start in reversed(starts):
        if start not in seen:
            seen.add(start)
            _add_postorder(out, start, seen, order)
    order.reverse()
    return order


def _add_postorder(
    out: Sequence[Sequence[Arc]], start: int, seen: set[int], order: list[int]
) -> None:
    work = [(start, iter(out[start]))]
    while work:
        node, arcs = work[-1]
        for arc in arcs:
            if arc.target not in seen:
                seen.add(arc.target)
                work.append((arc.target, iter(out[arc.target])))
                break
        else:
            work.pop()
            order.append(node)


def shortest_walk(out: Sequence[Sequence[Arc]], start: int, goal: int) -> list[int]:
    """A shortest walk of at least one arc, both ends included; empty when there is none."""
    came: dict[int, int] = {}
    queue = deque([start])
    while queue and goal not in came:
        node = queue.popleft()
        for arc in out[node]:
            if arc.target not in came:
                came[arc.target] = node
                queue.append(arc.target)
    if goal not in came:
        return []
    walk = [goal, came[goal]]
    while walk[-1] != start:
        walk.append(came[walk[-1]])
    walk.reverse()
    return walk
