"""The picture as SVG: classes and data attributes for whoever styles it and brings it to life.

There is neither a ``style`` attribute nor a ``<style>``: a page with a strict content policy brings
``static/workflows/picture.css`` along, a file that stands alone puts ``styles()`` in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from apps.workflows.analysis.findings import SEVERITIES
from apps.workflows.analysis.graph import EdgeKind, Kind
from apps.workflows.reports.picture import icons
from apps.workflows.reports.picture.coordinates import MARGIN, WIDTH, Box, Line
from apps.workflows.reports.picture.layout import Picture
from apps.workflows.reports.picture.marks import Mark, joined
from apps.workflows.reports.picture.words import (
    LISTED,
    attribute,
    fitted,
    fold_words,
    subtitle,
    text,
    wait_words,
)
from apps.workflows.reports.wording import clean, count

STYLES = Path(__file__).resolve().parents[2] / "static/workflows/picture.css"
#: Letters that fit into a box, on a line's label and into an id that scripts look for.
NAME, KIND, LABEL, ID = 24, 30, 16, 200
LEGEND_ROW, LEGEND_CELL = 24, 136


@cache
def styles() -> str:
    return STYLES.read_text(encoding="utf-8")


class Drawn(NamedTuple):
    """An ``<svg>`` element and its size in pixels."""

    svg: str
    width: int
    height: int


def draw(
    picture: Picture,
    marks: Mapping[str, Mark] | None = None,
    *,
    trail: Sequence[str] = (),
    legend: bool = True,
) -> Drawn:
    """The picture as an ``<svg>`` element without styles; ``trail`` is a walk to be lit."""
    drawing = _Drawing(picture, marks or {}, trail, legend)
    return Drawn("\n".join(drawing.pieces()) + "\n", drawing.width, drawing.height)


class _Drawing:
    def __init__(
        self, picture: Picture, marks: Mapping[str, Mark], trail: Sequence[str], legend: bool
    ) -> None:
        self.picture = picture
        self.graph = picture.graph
        self.marks = marks
        index_of = {step.id: step.index for step in self.graph.steps}
        boxes = [picture.box_of.get(index_of.get(step, -1), -1) for step in trail]
        self.lit_boxes = set(boxes) - {-1}
        self.lit_lines = set(pairwise(boxes))
        self.found = [joined(marks, self._ids(box)) for box in picture.boxes]
        self.rows = list(self._legend()) if legend else []
        self.width = max(round(picture.width), LEGEND_CELL + 2 * MARGIN)
        self.per_row = (self.width - 2 * MARGIN) // LEGEND_CELL
        rows = -(-len(self.rows) // self.per_row)
        self.height = round(picture.height) + rows * LEGEND_ROW + (MARGIN if rows else 0)

    def _ids(self, box: Box) -> list[str]:
        return [self.graph.steps[index].id for index in box.members]

    def pieces(self) -> Iterator[str]:
        name = attribute(f"Workflow {self.graph.name or 'without a name'}", 200)
        lit = " wd-has-trail" if self.lit_boxes else ""
        yield (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="wd-picture{lit}" role="group"'
            f' aria-label={name} viewBox="0 0 {self.width} {self.height}"'
            f' width="{self.width}" height="{self.height}"'
            ' font-family="system-ui, sans-serif" font-size="13">'
        )
        yield '<g class="wd-lines">'
        for line in self.picture.lines:
            yield from self._line(line)
        yield '</g><g class="wd-boxes">'
        for number, box in enumerate(self.picture.boxes):
            yield from self._box(number, box)
        yield '</g><g class="wd-legend">'
        for n, row in enumerate(self.rows):
            x = MARGIN + n % self.per_row * LEGEND_CELL
            y = self.picture.height + n // self.per_row * LEGEND_ROW
            yield f'<g transform="translate({x} {y:.0f})">{row}</g>'
        yield "</g></svg>"

    # -- boxes -----------------------------------------------------------------------------

    def _box(self, number: int, box: Box) -> Iterator[str]:
        step = self.graph.steps[box.members[0]]
        mark = self.found[number]
        classes = ["wd-box", "wd-fold" if box.is_fold else f"wd-kind-{step.kind}"]
        classes += [f"wd-{mark.severity}"] if mark else []
        classes += [] if step.enabled or box.is_fold else ["wd-off"]
        classes += ["wd-lit"] if number in self.lit_boxes else []
        fold = f' data-count="{len(box.members)}"' if box.is_fold else ""
        found = f' data-findings="{mark.count}"' if mark else ""
        yield (
            f'<g class="{" ".join(classes)}" role="img" data-node={attribute(step.id, ID)}'
            f'{fold}{found} transform="translate({box.x:.1f} {box.y:.1f})">'
        )
        yield f"<title>{self._tooltip(box, mark)}</title>"
        if box.is_fold:
            yield _plate(box.height, 6)
        yield _plate(box.height, 0)
        yield from self._content(box)
        if mark:
            yield _badge(mark, WIDTH - 8, -8)
        yield "</g>"

    def _tooltip(self, box: Box, mark: Mark | None) -> str:
        step = self.graph.steps[box.members[0]]
        if box.is_fold:
            words = f"{count(len(box.members), 'step')}: {fold_words(self.graph, box.members)}"
        else:
            words = f"{clean(step.name or step.label)} ({clean(subtitle(step), 100)})"
        if mark:
            rules = ", ".join(list(dict.fromkeys(mark.rules))[:LISTED])
            words += f". {count(mark.count, 'finding')}, the gravest {mark.severity}: {rules}"
        return text(words, 1000)

    def _content(self, box: Box) -> Iterator[str]:
        step = self.graph.steps[box.members[0]]
        if box.is_fold:
            yield _words("wd-name", 14, 22, text(count(len(box.members), "step"), NAME))
            yield _words("wd-sort", 14, 40, text(fold_words(self.graph, box.members), KIND))
            return
        middle = box.height / 2
        yield f'<path class="wd-strip" d="M0 6a6 6 0 0 1 6-6h26v{box.height:g}H6a6 6 0 0 1-6-6z"/>'
        yield _icon(step.kind, 8, middle - 8)
        if step.kind is Kind.MARKER:
            yield _words("wd-name", 40, middle + 4.5, text(step.label, NAME))
            return
        yield _words("wd-name", 40, 22, text(step.name or step.label, NAME - 4))
        wait = wait_words(step)
        yield _words("wd-sort", 40, 40, text(wait if wait else subtitle(step), KIND - 4))

    # -- lines -----------------------------------------------------------------------------

    def _line(self, line: Line) -> Iterator[str]:
        edge = line.edges[0]
        steps = self.graph.steps
        classes = ["wd-line", f"wd-line-{line.kind}"]
        classes += ["wd-back"] if line.back else []
        classes += ["wd-lit"] if (line.source, line.target) in self.lit_lines else []
        number = f"{edge.source}-{edge.target}"
        yield (
            f'<g class="{" ".join(classes)}" data-edge="{number}"'
            f" data-source={attribute(steps[edge.source].id, ID)}"
            f" data-target={attribute(steps[edge.target].id, ID)}>"
        )
        yield f'<path class="wd-stroke" fill="none" d="{_course(line)}"/>'
        if line.kind is not EdgeKind.ATTACH:
            yield f'<path class="wd-head" d="{_head(line)}"/>'
        label = " / ".join(dict.fromkeys(edge.label for edge in line.edges if edge.label))
        if label or line.kind in (EdgeKind.ERROR, EdgeKind.TIMEOUT):
            yield _label(line, label or line.kind.value)
        yield "</g>"

    # -- legend ----------------------------------------------------------------------------

    def _legend(self) -> Iterator[str]:
        alone = [self.graph.steps[box.members[0]] for box in self.picture.boxes if not box.is_fold]
        kinds = {step.kind for step in alone}
        for kind in icons.WORDS:
            if kind in kinds:
                yield (
                    f'<g class="wd-kind-{kind}"><rect class="wd-strip"'
                    ' width="20" height="18" rx="3"/>'
                    f"{_icon(kind, 2, 1)}</g>{_words('wd-sort', 26, 13, icons.WORDS[kind])}"
                )
        severities = {mark.severity for mark in self.found if mark}
        for severity in SEVERITIES:
            if severity in severities:
                yield _badge(Mark(severity), 10, 9) + _words("wd-sort", 26, 13, severity.value)
        if any(line.back for line in self.picture.lines):
            yield '<g class="wd-line wd-back"><path class="wd-stroke" d="M0 9h20"/></g>' + _words(
                "wd-sort", 26, 13, "goes back"
            )


def _plate(height: float, behind: int) -> str:
    return (
        f'<rect class="wd-plate" x="{behind}" y="{behind}" width="{WIDTH:g}"'
        f' height="{height:g}" rx="6"/>'
    )


def _words(name: str, x: float, y: float, words: str) -> str:
    return f'<text class="{name}" x="{x:g}" y="{y:g}">{words}</text>'


def _icon(kind: Kind, x: float, y: float) -> str:
    course = icons.KINDS.get(kind, icons.KINDS[Kind.STEP])
    return f'<path class="wd-icon" fill="none" transform="translate({x:g} {y:g})" d="{course}"/>'


def _badge(mark: Mark, x: float, y: float) -> str:
    shape, letter = icons.SEVERITIES[mark.severity]
    many = _words("wd-many", 20, 13, str(mark.count)) if mark.count > 1 else ""
    return (
        f'<g class="wd-badge wd-{mark.severity}" transform="translate({x - 8:g} {y - 8:g})">'
        f'<path class="wd-sign" d="{shape}"/>'
        f'<text class="wd-letter" x="8" y="13" text-anchor="middle">{letter}</text>{many}</g>'
    )


def _course(line: Line) -> str:
    (x, y), *rest = line.points
    parts = [f"M{x:.1f} {y:.1f}"]
    for number, (to_x, to_y) in enumerate(rest):
        if line.back or (number % 2 and number < len(rest) - 1) or x == to_x:
            parts.append(f"L{to_x:.1f} {to_y:.1f}")
        else:
            half = (y + to_y) / 2
            parts.append(f"C{x:.1f} {half:.1f} {to_x:.1f} {half:.1f} {to_x:.1f} {to_y:.1f}")
        x, y = to_x, to_y
    return "".join(parts)


def _head(line: Line) -> str:
    x, y = line.points[-1]
    return f"M{x - 4.5:.1f} {y - 8:.1f}h9l-4.5 8z"


def _label(line: Line, words: str) -> str:
    (x, y), (to_x, to_y) = line.points[0], line.points[1]
    if line.back:
        to_y = y + 36
    middle_x, middle_y = (x + to_x) / 2, (y + to_y) / 2 + 4
    shown = text(fitted(clean(words), LABEL), LABEL)
    return (
        f'<text class="wd-label" text-anchor="middle" x="{middle_x:.1f}" y="{middle_y:.1f}"'
        f' paint-order="stroke"><title>{text(words, 300)}</title>{shown}</text>'
    )
