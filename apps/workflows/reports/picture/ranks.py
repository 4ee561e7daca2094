"""Layers of a drawing: which box stands on which rank, and in which order on it."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterable, Sequence
from itertools import pairwise

#: Sweeps over the ranks until the order is taken as it is.
SWEEPS = 8
#: Places that long lines hold on the ranks they pass; beyond them lines pass freely.
MOST_PLACES = 6_000

Arrow = tuple[int, int]


def backward(ahead: Sequence[Sequence[int]], starts: Iterable[int]) -> set[Arrow]:
    """The arrows that close a loop, seen from the starts: without them nothing goes round."""
    found: set[Arrow] = set()
    state = bytearray(len(ahead))  # 0 new, 1 on the way here, 2 done
    for start in (*starts, *range(len(ahead))):
        if state[start]:
            continue
        state[start] = 1
        work = [(start, iter(ahead[start]))]
        while work:
            node, others = work[-1]
            for other in others:
                if state[other] == 1:
                    found.add((node, other))
                elif not state[other]:
                    state[other] = 1
                    work.append((other, iter(ahead[other])))
                    break
            else:
                state[node] = 2
                work.pop()
    return found


def ranked(count: int, arrows: Iterable[Arrow]) -> list[int]:
    """The rank of every node: below all that lead to it, by the longest way (no loops)."""
    below: list[list[int]] = [[] for _ in range(count)]
    waiting = [0] * count
    for above, under in arrows:
        below[above].append(under)
        waiting[under] += 1
    roots = [node for node in range(count) if not waiting[node]]
    rank = [0] * count
    queue = list(roots)
    for node in queue:
        for other in below[node]:
            rank[other] = max(rank[other], rank[node] + 1)
            waiting[other] -= 1
            if not waiting[other]:
                queue.append(other)
    for node in roots:  # what nothing leads to stands right above what it leads to
        rank[node] = min((rank[other] for other in below[node]), default=1) - 1
    return rank


class Places:
    """The places on each rank: nodes, and the bends of lines that pass (numbered after them).

    ``seats`` says where nodes would like to stand from left to right, before anything is crossed.
    """

    def __init__(
        self, rank: Sequence[int], arrows: Sequence[Arrow], seats: Sequence[float]
    ) -> None:
        self.count = len(rank)
        self.rank = list(rank)
        self.up: list[list[int]] = [[] for _ in rank]
        self.down: list[list[int]] = [[] for _ in rank]
        #: arrow -> the bends it passes, from above
        self.bends: dict[Arrow, list[int]] = {}
        self._seats = list(seats)
        spans = sum(max(0, rank[under] - rank[above] - 1) for above, under in arrows)
        for arrow in arrows:
            self._lay(arrow, spans <= MOST_PLACES)
        self.layers: list[list[int]] = [[] for _ in range(max(self.rank, default=-1) + 1)]
        for place in sorted(range(len(self.rank)), key=self._seats.__getitem__):
            self.layers[self.rank[place]].append(place)
        self._order()

    def _lay(self, arrow: Arrow, bent: bool) -> None:
        above, under = arrow
        passed = range(self.rank[above] + 1, self.rank[under])
        if passed and not bent:
            self.bends[arrow] = []
            return
        chain = [above]
        for rank in passed:
            chain.append(len(self.rank))
            self.rank.append(rank)
            self.up.append([])
            self.down.append([])
            self._seats.append((self._seats[above] + self._seats[under]) / 2)
        self.bends[arrow] = chain[1:]
        chain.append(under)
        for one, other in pairwise(chain):
            self.down[one].append(other)
            self.up[other].append(one)

    def _order(self) -> None:
        """Sweep down and up, each place to the middle of its neighbours; keep the best order."""
        best, fewest = self.layers, self._crossings()
        for sweep in range(SWEEPS):
            if not fewest:
                break
            upwards = bool(sweep % 2)
            self.layers = self._swept(upwards)
            crossings = self._crossings()
            if crossings < fewest:
                best, fewest = self.layers, crossings
        self.layers = best

    def _swept(self, upwards: bool) -> list[list[int]]:
        near = self.down if upwards else self.up
        layers = [list(layer) for layer in self.layers]
        at = {place: float(n) for layer in layers for n, place in enumerate(layer)}
        for layer in reversed(layers) if upwards else layers:
            middle = {
                place: sum(at[other] for other in near[place]) / len(near[place])
                if near[place]
                else at[place]
                for place in layer
            }
            layer.sort(key=middle.__getitem__)
            at.update((place, float(n)) for n, place in enumerate(layer))
        return layers

    def _crossings(self) -> int:
        return sum(map(self._crossings_below, self.layers, self.layers[1:]))

    def _crossings_below(self, layer: Sequence[int], below: Sequence[int]) -> int:
        at = {place: n for n, place in enumerate(below)}
        passed: list[int] = []
        found = 0
        for place in layer:
            ends = sorted(at[other] for other in self.down[place])
            found += sum(len(passed) - bisect_right(passed, end) for end in ends)
            for end in ends:
                insort(passed, end)
        return found


def spread(wish: Sequence[float], apart: Sequence[float], weight: Sequence[float]) -> list[float]:
    """Where to stand, as near to the wishes as it goes (least squares) with room between.

    ``apart[n]`` is the least distance from the place before. Neighbours that would overlap are
    pooled until none do.
    """
    offset = 0.0
    moved: list[tuple[float, float]] = []
    for place, room in zip(wish, apart, strict=True):
        offset += room if moved else 0.0
        moved.append((place - offset, offset))
    pools: list[tuple[float, float, int]] = []  # (sum of weighted wishes, weight, how many)
    for (place, _), heavy in zip(moved, weight, strict=True):
        total, mass, many = place * heavy, heavy, 1
        while pools and pools[-1][0] / pools[-1][1] > total / mass:
            before = pools.pop()
            total, mass, many = total + before[0], mass + before[1], many + before[2]
        pools.append((total, mass, many))
    stands = (total / mass for total, mass, many in pools for _ in range(many))
    return [stand + offset for stand, (_, offset) in zip(stands, moved, strict=True)]
