"""The main job without Django: a document in, one analysis per workflow out."""

from __future__ import annotations

import time
from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import Any

from apps.workflows.analysis.config import DEFAULT, Config
from apps.workflows.analysis.engine import NO_ACCOUNT, Analysis, analyse
from apps.workflows.analysis.facts.account import Account
from apps.workflows.analysis.graph import Graph, Need
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


def inspect_bundle(
    bundle: Bundle, config: Config = DEFAULT, skip: Container[int] = ()
) -> Iterator[Inspected]:
    """Analyse a bundle's workflows; those of one account are looked at together.

    The workflows at the places in ``skip`` are only there for the others to be looked at with.
    """
    items = [_translate(bundle, source) for source in bundle.sources]
    accounts = _accounts(bundle, [graph for _, graph, _ in items if graph is not None])
    for place, (item, graph, seconds) in enumerate(items):
        if graph is not None and place not in skip:
            graph.account = accounts.get(id(graph))
            item.analysis = analyse(graph, config)
            item.analysis.duration_ms += seconds * 1000
        yield item


def _accounts(bundle: Bundle, graphs: list[Graph]) -> dict[int, Account]:
    """Graph (by ``id()``) -> the account it is looked at with; one that stands alone has none."""
    if bundle.whole_account or bundle.lists:
        # What could not be translated is missing from the whole.
        whole = bundle.whole_account and len(graphs) == len(bundle.sources)
        account = Account(graphs, bundle.lists, whole)
        if len(graphs) == 1 and not bundle.whole_account:
            graphs[0].missing.setdefault(Need.ACCOUNT, NO_ACCOUNT)
        return {id(graph): account for graph in graphs}
    # A selection belongs together as far as its workflows name the same account.
    by_location: dict[str, list[Graph]] = {}
    for graph in graphs:
        by_location.setdefault(str(graph.raw.get("locationId") or ""), []).append(graph)
    accounts: dict[int, Account] = {}
    for group in by_location.values():
        if len(group) > 1:
            accounts |= dict.fromkeys(map(id, group), Account(group))
    return accounts


def _translate(bundle: Bundle, source: Source) -> tuple[Inspected, Graph | None, float]:
    started = time.perf_counter()
    try:
        graph = REGISTRY[bundle.platform].translate(source)
    except DefinitionError as error:
        return Inspected(source, error=error), None, 0.0
    return Inspected(source), graph, time.perf_counter() - started
