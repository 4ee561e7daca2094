"""Words for reports that people read: names, walks, counts; nothing that acts on a terminal."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Sequence
from typing import Any

from apps.workflows.analysis.engine import Analysis
from apps.workflows.analysis.graph import Graph, Kind
from apps.workflows.platforms import LABELS

#: Control characters and marks that turn the writing direction: in a name they are an attack on
#: the reader's terminal or eyes.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
LONGEST = 300


def clean(text: str, most: int = LONGEST) -> str:
    """Text from a file as it may be shown: one line, no control characters, not endless."""
    line = _UNSAFE.sub("\ufffd", text.replace("\r", " ").replace("\n", " ").replace("\t", " "))
    return line if len(line) <= most else line[: most - 1] + "…"


def count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def headline(analysis: Analysis) -> str:
    """``24 steps, 27 connections``"""
    graph = analysis.graph
    steps = sum(1 for step in graph.steps if step.spec.kind is not Kind.NOTE)
    return f"{count(steps, 'step')}, {count(len(graph.edges), 'connection')}"


def title(analysis: Analysis) -> str:
    name = clean(analysis.graph.name, 100) or "Unnamed workflow"
    return f"{name} ({LABELS[analysis.graph.platform]})"


def verdict(analysis: Analysis) -> str:
    """``22/100 High Risk``"""
    score = analysis.score
    return (
        f"{score.value}/100 {score.grade}" if score else "no score: its steps are not in the file"
    )


def withheld(analysis: Analysis) -> str:
    """What is said of findings that the reader is not shown; empty when there are none."""
    hidden = len(analysis.withheld)
    more = "1 more issue is" if hidden == 1 else f"{hidden:,} more issues are"
    return f"{more} counted in the score; the Pro plan shows them." if hidden else ""


def labels(graph: Graph) -> dict[str, str]:
    """What a person calls each step, by its id; ask for it with ``graph.shared``."""
    return {step.id: step.label for step in graph.steps}


def step_names(analysis: Analysis, ids: Sequence[str], most: int = 8) -> list[str]:
    """Names for step ids; a long list keeps its beginning and its end."""
    known = analysis.graph.shared(labels)
    shown = list(ids) if len(ids) <= most else [*ids[: most - 2], ids[-1]]
    names = [clean(known.get(step_id, step_id), 60) for step_id in shown]
    if len(ids) > most:
        names.insert(-1, f"… {len(ids) - most + 1} more …")
    return names


def reasons(analysis: Analysis) -> list[tuple[str, list[str]]]:
    """What was not checked, as (reason, rule ids)."""
    by_reason: dict[str, list[str]] = {}
    for skipped in analysis.not_checked:
        by_reason.setdefault(skipped.reason, []).append(skipped.rule_id)
    return sorted(by_reason.items())


def written(document: Any) -> str:
    """A document as JSON, in ASCII: whatever a name holds, any encoding can write it.

    Piece by piece: ``json.dumps`` would hold millions of pieces before it joins them.
    """
    out = io.StringIO()
    for piece in json.JSONEncoder(indent=2).iterencode(document):
        out.write(piece)
    out.write("\n")
    return out.getvalue()
