"""Make: one blueprint, one scenario, translated into the canonical graph."""

from __future__ import annotations

from typing import Any

from apps.workflows.analysis.graph import MAKE, Edge, Graph, Need, Settings
from apps.workflows.platforms.base import MAX_STEPS, Bundle, Source, UnsupportedDefinition
from apps.workflows.platforms.make.document import blueprint_of, looks_like_blueprint, main_flows
from apps.workflows.platforms.make.fields import mapping, text
from apps.workflows.platforms.make.layout import Layout, lay_out
from apps.workflows.platforms.make.steps import Naming, name_modules, to_step
from apps.workflows.platforms.make.types import as_trigger

ID = MAKE

__all__ = ["ID", "recognise", "split", "translate"]


def recognise(document: Any) -> bool:
    """Whether the document looks like a blueprint or an answer of the API that holds one."""
    return looks_like_blueprint(document)


def split(document: Any) -> Bundle:
    """The one scenario of a blueprint."""
    blueprint = blueprint_of(document)
    if blueprint is None or not looks_like_blueprint(document):
        raise UnsupportedDefinition("A Make blueprint holds a list of modules in “flow”.")
    return Bundle(ID, [Source(blueprint, text(blueprint.get("name")).strip())])


def translate(source: Source) -> Graph:
    """The canonical graph of a blueprint."""
    blueprint = blueprint_of(source.definition)
    if blueprint is None:
        raise UnsupportedDefinition("The definition holds no list of Make modules in “flow”.")
    layout = lay_out(blueprint, main_flows(blueprint))
    if len(layout.placed) > MAX_STEPS:
        raise UnsupportedDefinition(
            f"The blueprint holds {len(layout.placed):,} modules; "
            f"at most {MAX_STEPS:,} can be analysed."
        )
    return _graph(source, blueprint, layout, name_modules(layout))


def _graph(source: Source, blueprint: dict[str, Any], layout: Layout, naming: Naming) -> Graph:
    metadata = mapping(blueprint.get("metadata"))
    index = {place: position for position, place in enumerate(naming.order)}
    steps = [to_step(layout, place, index[place], naming.ids[place]) for place in naming.order]
    entries = sorted(index[place] for place in layout.starts)
    for entry in entries:
        step = steps[entry]
        step.spec = as_trigger(step.spec, instant=metadata.get("instant") is True)
    return Graph(
        platform=ID,
        name=source.name or text(blueprint.get("name")).strip() or "Make scenario",
        steps=steps,
        edges=_edges(layout, index),
        entries=entries,
        id=source.external_id,
        settings=Settings(raw=mapping(metadata.get("scenario"))),
        duplicate_ids={
            name: sorted(index[place] for place in places)
            for name, places in naming.duplicates.items()
        },
        connections=len(layout.links),
        missing={} if entries else {Need.TRIGGERS: "the scenario holds no module to start with"},
        raw=blueprint,
    )


def _edges(layout: Layout, index: dict[int, int]) -> list[Edge]:
    edges = [
        Edge(index[end.place], index[target], end.kind, end.label, end.port)
        for end, target in layout.links
    ]
    return sorted(edges, key=lambda edge: (edge.source, edge.port, edge.target, edge.kind))
