"""The main job without Django: a document in, one analysis per workflow out."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from apps.workflows.analysis.account import Account
from apps.workflows.analysis.config import DEFAULT, Config
from apps.workflows.analysis.engine import Analysis, analyse
from apps.workflows.analysis.graph import Graph
from apps.workflows.platforms import REGISTRY, open_document
from apps.workflows.platforms.base import Bundle, DefinitionError, Source


@dataclass(slots=True)
class Inspected:
    """One workflow of a document: its analysis, or why there is none."""

    source: Source
    analysis: Analysis | None = None
    error: DefinitionError | None = None


def inspect_document(
    document: Any, *, platform: str | None = None, config: Config = DEFAULT
) -> list[Inspected]:
    """Analyse every workflow in a parsed document.

    Raises ``DefinitionError`` when the document as a whole cannot be understood; a single
    workflow that cannot be is returned with its error, and the others go on.
    """
    return list(inspect_bundle(open_document(document, platform), config))


def inspect_bundle(bundle: Bundle, config: Config = DEFAULT) -> Iterator[Inspected]:
    """Analyse a bundle's workflows; those of one account are looked at together."""
    items = [_translate(bundle, source) for source in bundle.sources]
    graphs = [graph for _, graph, _ in items if graph is not None]
    together = bundle.whole_account or bool(bundle.lists)
    account = Account(graphs, bundle.lists, bundle.whole_account) if together else None
    for item, graph, seconds in items:
        if graph is not None:
            graph.account = account
            item.analysis = analyse(graph, config)
            item.analysis.duration_ms += seconds * 1000
        yield item


def _translate(bundle: Bundle, source: Source) -> tuple[Inspected, Graph | None, float]:
    started = time.perf_counter()
    try:
        graph = REGISTRY[bundle.platform].translate(source)
    except DefinitionError as error:
        return Inspected(source, error=error), None, 0.0
    return Inspected(source), graph, time.perf_counter() - started
