"""Where boxes and lines lie: layers from top to bottom, lines that close a loop at the side.

Lengths are in pixels of an unscaled picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from apps.workflows.analysis.graph import Edge, EdgeKind
from apps.workflows.reports.picture.ranks import Arrow, Places, backward, ranked, spread

WIDTH, HEIGHT, FLAT = 200.0, 52.0, 28.0
GAP, RANK_GAP, MARGIN = 28.0, 58.0, 24
#: Between lines that start at one box, that pass side by side, and that go back side by side.
PORT, BEND, LANE = 22.0, 20.0, 10.0
#: How often places are drawn towards their neighbours, and how much stiffer bends are than boxes.
PULLS, STIFF = 8, 4.0
#: Boxes per row among those that no line touches.
ROW = 4

Point = tuple[float, float]


@dataclass(slots=True, eq=False)
class Box:
    """One step, or several in a fold; ``x`` and ``y`` are its upper left corner."""

    members: tuple[int, ...]
    height: float = HEIGHT
    x: float = 0.0
    y: float = 0.0

    @property
    def is_fold(self) -> bool:
        return len(self.members) > 1


@dataclass(slots=True, eq=False)
class Line:
    """All connections from one box to another.

    ``points`` come in the direction of the connection. A ``back`` line closes a loop and has
    corners; any other runs down its points, upright at each.
    """

    source: int
    target: int
    edges: list[Edge] = field(default_factory=list)
    points: list[Point] = field(default_factory=list)
    back: bool = False

    @property
    def kind(self) -> EdgeKind:
        return self.edges[0].kind

    @property
    def downward(self) -> Arrow:
        """From the upper box to the lower; a sub-node hangs below the step it serves."""
        if self.kind is EdgeKind.ATTACH:
            return self.target, self.source
        return self.source, self.target


def place(boxes: list[Box], lines: list[Line], starts: Sequence[int]) -> Point:
    """Give every box and line its coordinates; returns width and height of the whole."""
    linked = sorted({end for line in lines for end in line.downward})
    height = width = float(MARGIN)
    if linked:
        height = _Layers(boxes, lines, linked, starts).bottom
        width = _to_the_left([boxes[box] for box in linked], lines)
    loose = sorted(set(range(len(boxes))).difference(linked))
    for n, box in enumerate(loose):
        boxes[box].x = MARGIN + (n % ROW) * (WIDTH + GAP)
        boxes[box].y = height + (n // ROW) * (HEIGHT + GAP)
    rows, row = -(-len(loose) // ROW), min(len(loose), ROW)
    return max(width, MARGIN + row * (WIDTH + GAP)), height + rows * (HEIGHT + GAP)


def _to_the_left(boxes: list[Box], lines: list[Line]) -> float:
    """Move all so that it begins at the margin; returns the width with both margins."""
    bends = [x for line in lines for x, _ in line.points]
    by = MARGIN - min([*(box.x for box in boxes), *bends])
    for box in boxes:
        box.x += by
    for line in lines:
        line.points = [(x + by, y) for x, y in line.points]
    return max([*(box.x + WIDTH for box in boxes), *(x + by for x in bends)]) + MARGIN


class _Layers:
    """Lays out the boxes that lines touch (``linked``); places are counted within these."""

    def __init__(
        self, boxes: list[Box], lines: list[Line], linked: list[int], starts: Sequence[int]
    ) -> None:
        self.boxes = [boxes[box] for box in linked]
        self.at = {box: n for n, box in enumerate(linked)}
        ahead: list[list[int]] = [[] for _ in linked]
        for line in lines:
            above, below = (self.at[end] for end in line.downward)
            ahead[above].append(below)
        self.ahead = ahead
        self.starts = [self.at[box] for box in starts if box in self.at]
        back = backward(ahead, self.starts)
        arrows = [
            (above, below)
            for above, row in enumerate(ahead)
            for below in dict.fromkeys(row)
            if (above, below) not in back
        ]
        self.rank = ranked(len(linked), arrows)
        self.places = Places(self.rank, arrows, self._seats())
        self._across()
        self._down()
        self._join(lines, back)

    def _seats(self) -> list[float]:
        """The order in which the flow is told: a branch to its end, then the next."""
        seats = [0.0] * len(self.ahead)
        seen = bytearray(len(self.ahead))
        stack = [*reversed(range(len(self.ahead))), *reversed(self.starts)]
        clock = 0
        while stack:
            box = stack.pop()
            if not seen[box]:
                seen[box] = 1
                seats[box] = clock = clock + 1
                stack.extend(reversed(self.ahead[box]))
        return seats

    def _across(self) -> None:
        """The middle of every place, between its neighbours and with room to the next."""
        places = self.places
        self.x = [0.0] * len(places.rank)
        for layer in places.layers:
            for n, here in enumerate(layer):
                self.x[here] = n * (WIDTH + GAP)
        for pull in range(PULLS):
            upwards = bool(pull % 2)
            near = places.down if upwards else places.up
            for layer in reversed(places.layers) if upwards else places.layers:
                wish = [
                    sum(self.x[other] for other in near[here]) / len(near[here])
                    if near[here]
                    else self.x[here]
                    for here in layer
                ]
                apart = [
                    0.0,
                    *(self._apart(one, two) for one, two in pairwise(layer)),
                ]
                weight = [STIFF if here >= places.count else 1.0 for here in layer]
                for here, x in zip(layer, spread(wish, apart, weight), strict=True):
                    self.x[here] = x
        for box, x in zip(self.boxes, self.x, strict=False):
            box.x = x - WIDTH / 2

    def _apart(self, one: int, other: int) -> float:
        boxes = (one < self.places.count) + (other < self.places.count)
        return BEND + boxes * (WIDTH + GAP - BEND) / 2

    def _down(self) -> None:
        """The top and bottom of every rank."""
        self.tops: list[float] = []
        self.bottoms: list[float] = []
        y = float(MARGIN)
        for layer in self.places.layers:
            boxes = [self.boxes[here] for here in layer if here < self.places.count]
            for box in boxes:
                box.y = y
            self.tops.append(y)
            self.bottoms.append(y + max((box.height for box in boxes), default=HEIGHT))
            y = self.bottoms[-1] + RANK_GAP

    @property
    def bottom(self) -> float:
        return self.bottoms[-1] + MARGIN * 2

    # -- lines -----------------------------------------------------------------------------

    def _join(self, lines: list[Line], back: set[Arrow]) -> None:
        leaving: dict[int, list[Line]] = {}
        arriving: dict[int, list[Line]] = {}
        lanes: dict[bool, int] = {False: 0, True: 0}
        for line in lines:
            above, below = (self.at[end] for end in line.downward)
            line.back = (above, below) in back
            if not line.back:
                leaving.setdefault(above, []).append(line)
                arriving.setdefault(below, []).append(line)
        exits = self._ports(leaving, 1)
        entries = self._ports(arriving, 0)
        for line in lines:
            above, below = (self.at[end] for end in line.downward)
            if line.back:
                line.points = self._round(above, below, lanes)
                continue
            points = [(exits[id(line)], self._foot(above))]
            for bend in self.places.bends[above, below]:
                rank, x = self.places.rank[bend], self.x[bend]
                points += [(x, self.tops[rank]), (x, self.bottoms[rank])]
            points.append((entries[id(line)], self.boxes[below].y))
            line.points = points[::-1] if line.kind is EdgeKind.ATTACH else points

    def _foot(self, box: int) -> float:
        return self.boxes[box].y + self.boxes[box].height

    def _ports(self, at_box: dict[int, list[Line]], end: int) -> dict[int, float]:
        """Where along a box its lines start (or end), in the order of their other ends."""
        ports: dict[int, float] = {}
        for box, lines in at_box.items():
            lines.sort(key=lambda line: self.x[self._next(line, end)])
            room = min(PORT, WIDTH * 0.8 / len(lines))
            for n, line in enumerate(lines):
                ports[id(line)] = self.x[box] + (n - (len(lines) - 1) / 2) * room
        return ports

    def _next(self, line: Line, end: int) -> int:
        """The place a line goes to first (or comes from last)."""
        above, below = (self.at[each] for each in line.downward)
        bends = self.places.bends[above, below]
        if end:
            return bends[0] if bends else below
        return bends[-1] if bends else above

    def _round(self, source: int, target: int, lanes: dict[bool, int]) -> list[Point]:
        """Out below, up at the nearer side and in from above."""
        middle = (min(self.x) + max(self.x)) / 2
        right = self.x[source] + self.x[target] >= 2 * middle
        lane = lanes[right] = lanes[right] + 1
        ranks = range(self.rank[target], self.rank[source] + 1)
        side = [self.x[here] for rank in ranks for here in self.places.layers[rank]]
        far = WIDTH / 2 + GAP / 2 + lane % 8 * LANE
        x = max(side) + far if right else min(side) - far
        shift = WIDTH * 0.38 * (1 if right else -1)
        start, end = self.x[source] + shift, self.x[target] + shift
        out = self.bottoms[self.rank[source]] + 10 + lane % 3 * 4
        into = self.tops[self.rank[target]] - 14 - lane % 3 * 4
        foot, head = (start, self._foot(source)), (end, self.boxes[target].y)
        return [foot, (start, out), (x, out), (x, into), (end, into), head]
