"""Words for reports that people read: names, walks, counts; nothing that acts on a terminal."""

from __future__ import annotations

import re
from collections.abc import Sequence

from apps.workflows.analysis.engine import Analysis
from apps.workflows.analysis.graph import Kind
from apps.workflows.platforms import LABELS

#: Control characters and marks that turn the writing direction: in a name they are an attack on
#: the reader's terminal or eyes.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
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


def step_names(analysis: Analysis, ids: Sequence[str], most: int = 8) -> list[str]:
    """Names for step ids; a long list keeps its beginning and its end."""
    labels = {step.id: step.label for step in analysis.graph.steps}
    shown = [clean(labels.get(step_id, step_id), 60) for step_id in ids]
    if len(shown) > most:
        shown = [*shown[: most - 2], f"… {len(shown) - most + 1} more …", shown[-1]]
    return shown


def reasons(analysis: Analysis) -> list[tuple[str, list[str]]]:
    """What was not checked, as (reason, rule ids)."""
    by_reason: dict[str, list[str]] = {}
    for skipped in analysis.not_checked:
        by_reason.setdefault(skipped.reason, []).append(skipped.rule_id)
    return sorted(by_reason.items())
