"""The workflow as a picture: folding, ranks, coordinates, drawing; no Django, no styles inline."""

from apps.workflows.reports.picture.draw import Drawn, draw, styles
from apps.workflows.reports.picture.layout import Picture, lay_out
from apps.workflows.reports.picture.marks import Mark, marks_of, marks_of_issues

__all__ = ["Drawn", "Mark", "Picture", "draw", "lay_out", "marks_of", "marks_of_issues", "styles"]
