"""The real workflows that WORKFLOW_CORPUS names, analysed once per run."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from apps.workflows.analysis.engine import Analysis
from apps.workflows.analysis.findings import Severity
from apps.workflows.inspection import inspect_document
from apps.workflows.platforms.base import DefinitionError
from apps.workflows.platforms.loading import parse

FOLDERS = ("n8n", "node-red", "make", "highlevel")

#: Findings per step that people bear before they switch a linter off.
LIMITS = {"critical": 0.005, "high": 0.015, "medium": 0.05, "low and info": 0.12}


@dataclass(slots=True)
class Analysed:
    """One workflow of a corpus file, or why there is none."""

    file: str
    analysis: Analysis | None = None
    error: DefinitionError | None = None


def folder(name: str) -> Path | None:
    """A platform's part of the corpus; ``None`` where none is named."""
    root = os.environ.get("WORKFLOW_CORPUS", "")
    return Path(root, name) if root else None


@cache
def analysed(name: str) -> list[Analysed]:
    """Every workflow of a platform's files, in order."""
    place = folder(name)
    found: list[Analysed] = []
    for path in sorted(place.rglob("*.json")) if place else []:
        try:
            items = inspect_document(parse(path.read_bytes()))
        except DefinitionError as error:
            found.append(Analysed(path.name, error=error))
        else:
            found += [Analysed(path.name, item.analysis, item.error) for item in items]
    return found


def analyses(name: str) -> list[Analysis]:
    return [item.analysis for item in analysed(name) if item.analysis is not None]


def noise(found: Iterable[Analysis]) -> dict[str, int]:
    """Findings per level of ``LIMITS``."""
    counts = Counter(finding.severity for analysis in found for finding in analysis.findings)
    return {
        "critical": counts[Severity.CRITICAL],
        "high": counts[Severity.HIGH],
        "medium": counts[Severity.MEDIUM],
        "low and info": counts[Severity.LOW] + counts[Severity.INFO],
    }
