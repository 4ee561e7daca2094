"""The workflows of a run as pictures with their findings marked, in one SVG document."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape

from apps.workflows.reports.picture import Drawn, draw, lay_out, marks_of, styles
from apps.workflows.reports.policy import policy
from apps.workflows.reports.run import Run
from apps.workflows.reports.wording import clean, title, verdict, withheld

CONTENT_TYPE = "image/svg+xml"
#: Room for the line above a picture, and the least width of the document.
HEADING, LEAST = 40, 480


def content_policy() -> str:
    """The content security policy of the document: its own styles and nothing else."""
    return policy(styles())


def render(run: Run) -> str:
    y = width = 0
    pieces: list[str] = []
    for heading, drawn in _parts(run):
        pieces.append(f'<text class="wd-name" x="24" y="{y + 26}">{escape(heading)}</text>')
        y += HEADING
        if drawn is not None:
            pieces.append(drawn.svg.replace("<svg ", f'<svg y="{y}" ', 1))
            width, y = max(width, drawn.width), y + drawn.height
    return document("".join(pieces), max(width, LEAST), max(y, HEADING))


def document(content: str, width: int, height: int) -> str:
    """An SVG file: its styles, the ground and the content."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
        f' width="{width}" height="{height}" font-family="system-ui, sans-serif" font-size="13">\n'
        f'<style>{styles()}</style>\n<rect class="wd-ground" width="100%" height="100%"/>\n'
        f"{content}</svg>\n"
    )


def _parts(run: Run) -> Iterator[tuple[str, Drawn | None]]:
    """Each workflow's heading and picture; a heading alone for what could not be analysed."""
    for entry in run.entries:
        if entry.analysis is not None:
            marks = marks_of(entry.analysis.findings)
            picture = lay_out(entry.analysis.graph, wanted=list(marks))
            heading = f"{title(entry.analysis)}: {verdict(entry.analysis)}"
            if entry.analysis.withheld:
                heading += f". {withheld(entry.analysis)}"
            yield heading, draw(picture, marks)
        elif entry.error is not None:
            yield f"{clean(entry.file)}: not analysed. {clean(entry.error.message)}", None
