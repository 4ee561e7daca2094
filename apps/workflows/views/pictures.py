"""The workflow as a picture inside a page."""

from __future__ import annotations

from apps.workflows.analysis.engine import Analysis as Result


def picture_of(result: Result) -> str:
    """SVG of ours, ready for the page."""
    return ""
