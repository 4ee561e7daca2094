"""Which steps share a box: a picture of thousands of steps folds what nobody looks at first.

Straight runs are folded before whole branches; steps that were asked for and steps with findings
keep their own box as long as there is room, with the way that leads to them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from apps.workflows.analysis.graph import EdgeKind, Graph, Kind

#: Never drawn: they hang on nothing.
_ASIDE = frozenset({Kind.NOTE, Kind.CONFIG})
#: A run of fewer steps takes no less room when it is folded.
SHORTEST_RUN = 4

Links = dict[int, list[int]]


@dataclass(slots=True)
class Flow:
    """Who stands below whom in the picture; a sub-node hangs below the step it serves."""

    ahead: Links
    behind: Links
    starts: list[int]


def flow_of(graph: Graph) -> Flow:
    steps = [step.index for step in graph.steps if step.spec.kind not in _ASIDE]
    ahead: Links = {index: [] for index in steps}
    behind: Links = {index: [] for index in steps}
    for edge in graph.edges:
        above, below = edge.source, edge.target
        if edge.kind is EdgeKind.ATTACH:
            above, below = below, above
        if above in ahead and below in ahead:
            ahead[above].append(below)
            behind[below].append(above)
    return Flow(ahead, behind, [index for index in graph.entries if index in ahead])


def groups_of(
    flow: Flow, *, most: int, opened: Sequence[int] = (), wanted: Sequence[int] = ()
) -> list[list[int]]:
    """Steps (by index) per box, in the order of the flow; at most about ``most`` boxes.

    ``opened`` names steps whose fold is to be opened, ``wanted`` those that should not vanish in
    one, the most important first.
    """
    if len(flow.ahead) <= most:
        return [[index] for index in _breadth_first(flow.ahead, flow.starts)[0]]
    kept = {*flow.starts, *wanted[:most]}
    groups = _runs_opened(_runs_folded(flow, kept.difference(opened)), set(opened), most // 4)
    if len(groups) <= most:
        return groups
    return _Branches(flow, groups).folded(most, opened, wanted)


def _breadth_first(ahead: Links, starts: Iterable[int]) -> tuple[list[int], dict[int, int]]:
    """Everything in the order of the flow, and by whom each was found (starts by nobody)."""
    order: list[int] = []
    parent: dict[int, int] = {}
    seen: set[int] = set()
    for start in (*starts, *ahead):
        if start in seen:
            continue
        seen.add(start)
        place = len(order)
        order.append(start)
        while place < len(order):
            for other in ahead[order[place]]:
                if other not in seen:
                    seen.add(other)
                    parent[other] = order[place]
                    order.append(other)
            place += 1
    return order, parent


def _runs_folded(flow: Flow, kept: set[int]) -> list[list[int]]:
    """Every step, those of a straight run together."""

    def passes(index: int) -> bool:
        return index not in kept and len(flow.ahead[index]) == 1 == len(flow.behind[index])

    groups: list[list[int]] = []
    done: set[int] = set()
    for index in _breadth_first(flow.ahead, flow.starts)[0]:
        if index in done:
            continue
        run = [index]
        if passes(index):
            after = flow.ahead[index][0]
            while passes(after) and after not in done and after != index:
                run.append(after)
                after = flow.ahead[after][0]
        if len(run) < SHORTEST_RUN:
            run = run[:1]
        done.update(run)
        groups.append(run)
    return groups


def _runs_opened(groups: list[list[int]], opened: set[int], room: int) -> list[list[int]]:
    """The same with runs that were asked for taken apart, from that step on, as far as it fits."""
    found: list[list[int]] = []
    for group in groups:
        place = next((n for n, index in enumerate(group) if index in opened), None)
        if place is None or len(group) == 1:
            found.append(group)
            continue
        single = [[index] for index in group[place : place + room]]
        found += [part for part in (group[:place], *single, group[place + room :]) if part]
    return found


@dataclass(slots=True)
class _Branches:
    """Folds what lies deep: each branch that is left out becomes one box below its last step."""

    flow: Flow
    groups: list[list[int]]
    ahead: Links = field(init=False)
    order: list[int] = field(init=False)
    parent: dict[int, int] = field(init=False)
    at: dict[int, int] = field(init=False)

    def __post_init__(self) -> None:
        self.at = {index: n for n, group in enumerate(self.groups) for index in group}
        self.ahead = {
            n: [self.at[other] for index in group for other in self.flow.ahead[index]]
            for n, group in enumerate(self.groups)
        }
        starts = [self.at[index] for index in self.flow.starts]
        self.order, self.parent = _breadth_first(self.ahead, starts)

    def folded(self, most: int, opened: Sequence[int], wanted: Sequence[int]) -> list[list[int]]:
        shown = self._shown(most, opened, wanted)
        #: hidden group -> the first hidden one above it
        top: dict[int, int] = {}
        for group in self.order:
            if group not in shown:
                above = self.parent.get(group, -1)
                top[group] = top.get(above, group)
        tops = set(top.values())
        if (
            len(shown) + len(tops) > most
        ):  # one fold per shown box, and one for what nothing leads to
            top = {group: self.parent.get(first, -1) for group, first in top.items()}
            top = {group: -2 - below for group, below in top.items()}
        boxes: dict[int, list[int]] = {}
        for group in self.order:
            boxes.setdefault(top.get(group, group), []).extend(self.groups[group])
        return list(boxes.values())

    def _shown(self, most: int, opened: Sequence[int], wanted: Sequence[int]) -> set[int]:
        shown: set[int] = set()
        for index in opened:
            if self._lead_to(index, shown, most // 2):
                self._spread(self.at[index], shown, len(shown) + most // 4)
        self._spread_all(shown, max(len(shown), most // 3))
        for index in wanted:
            self._lead_to(index, shown, most // 2)
        return shown

    def _lead_to(self, index: int, shown: set[int], most: int) -> bool:
        """Show a step and all above it, if that fits."""
        way: list[int] = []
        group = self.at.get(index, -1)
        while group >= 0 and group not in shown and len(way) <= most:
            way.append(group)
            group = self.parent.get(group, -1)
        fits = len(shown) + len(way) <= most
        if fits:
            shown.update(way)
        return fits

    def _spread(self, start: int, shown: set[int], most: int) -> None:
        """Show what follows a shown box, nearest first."""
        queue = [start]
        for group in queue:
            for other in self.ahead[group]:
                if len(shown) >= most:
                    return
                if other not in shown and self.parent.get(other) == group:
                    shown.add(other)
                    queue.append(other)

    def _spread_all(self, shown: set[int], most: int) -> None:
        for group in self.order:
            if len(shown) >= most:
                return
            if self.parent.get(group, group) in shown or group not in self.parent:
                shown.add(group)
