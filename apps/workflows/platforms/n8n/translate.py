"""Translate one n8n workflow into the canonical graph."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apps.workflows.analysis.graph import N8N, UNKNOWN_TYPE, Graph, Kind, Need, Settings, Step
from apps.workflows.platforms.base import Source, UnsupportedDefinition
from apps.workflows.platforms.n8n.documents import node_list, text_id
from apps.workflows.platforms.n8n.identity import in_order, repeated
from apps.workflows.platforms.n8n.steps import make_steps
from apps.workflows.platforms.n8n.wiring import Wiring

#: n8n's word for “as the instance is set”.
_UNSET = ("", "DEFAULT")


def translate(source: Source) -> Graph:
    """The canonical graph; raises only ``UnsupportedDefinition``, whatever the JSON."""
    definition = source.definition
    if not isinstance(definition, dict):
        raise UnsupportedDefinition("An n8n workflow is an object with “nodes” and “connections”.")
    found = node_list(definition)
    nodes, ids, duplicate_ids = in_order(found or [])
    steps, ports = make_steps(nodes, ids)
    named = _named(steps)
    connections = definition.get("connections")
    wiring = Wiring(steps, ports, named)
    wiring.read(connections if isinstance(connections, dict) else {})
    name = definition.get("name")
    active = definition.get("active")
    graph = Graph(
        N8N,
        name if isinstance(name, str) and name else source.name,
        steps,
        wiring.edges,
        [],
        id=text_id(definition.get("id")) or source.external_id,
        # n8n imports a file that does not say so as a workflow that is switched off
        active=active if isinstance(active, bool) else False,
        settings=_settings(definition.get("settings")),
        dangling=wiring.dangling,
        unknown_sources=wiring.unknown_sources,
        bad_connections=wiring.bad,
        duplicate_ids=duplicate_ids,
        duplicate_names={} if len(named) == len(steps) else _shared_names(steps),
        connections=wiring.count,
        raw=definition,
    )
    if found is None:
        graph.missing[Need.CONTENT] = "the file holds no list of nodes"
    _enter(graph)
    return graph


def _named(steps: list[Step]) -> dict[str, int]:
    """Where each name leads: to its first step, and to a note only if nothing else has it."""
    found = {step.name: step.index for step in steps}
    if len(found) < len(steps):
        others = [step for step in steps if step.spec.kind is not Kind.NOTE]
        found.update((step.name, step.index) for step in reversed(others))
    found.pop("", None)
    return found


def _shared_names(steps: list[Step]) -> dict[str, list[int]]:
    return repeated([step.name if step.spec.kind is not Kind.NOTE else "" for step in steps])


def _settings(raw: Any) -> Settings:
    if not isinstance(raw, dict):
        return Settings()
    return Settings(
        timezone=_set(raw, "timezone"), error_workflow=_set(raw, "errorWorkflow"), raw=raw
    )


def _set(settings: Mapping[str, Any], key: str) -> str | None:
    value = settings.get(key)
    return value if isinstance(value, str) and value not in _UNSET else None


def _enter(graph: Graph) -> None:
    """Find where runs start: at the triggers, and where a type we do not know may be one."""
    triggers = [step.index for step in graph.steps if step.spec.kind is Kind.TRIGGER]
    unknown = {step.index for step in graph.steps if step.spec is UNKNOWN_TYPE}
    graph.entries = triggers
    if unknown:
        graph.entries = sorted([*triggers, *unknown.intersection(_heads(graph))])
    if triggers:
        return
    graph.missing.setdefault(Need.TRIGGERS, "the file holds no trigger")
    if not graph.entries:
        # In a workflow that is one circle every step is as good a start as any.
        graph.entries = _heads(graph) or [n for n, edges in enumerate(graph.out) if edges][:1]


def _heads(graph: Graph) -> list[int]:
    """The steps that lead on and that nothing leads to."""
    return [n for n, edges in enumerate(graph.out) if edges and not graph.into[n]]
