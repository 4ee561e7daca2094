"""The shape of a blueprint: what wraps it, where its flows are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apps.workflows.platforms.make.fields import mapping, objects, text

_SIGNS = ("scenario", "designer", "instant", "zone")


def blueprint_of(document: Any) -> dict[str, Any] | None:
    """The blueprint itself, out of ``{"blueprint"}`` or ``{"response": {"blueprint"}}``."""
    for _ in range(3):
        if not isinstance(document, Mapping):
            return None
        if isinstance(document.get("flow"), list) or _subflows(document):
            return dict(document)
        document = document.get("blueprint", document.get("response"))
    return None


def looks_like_blueprint(document: Any) -> bool:
    """Whether there are modules, or a blueprint's settings around an empty flow."""
    blueprint = blueprint_of(document)
    if blueprint is None:
        return False
    modules = [module for flow in main_flows(blueprint) for module in flow]
    if modules:
        return any(isinstance(item, dict) and text(item.get("module")) for item in modules)
    metadata = mapping(blueprint.get("metadata"))
    return any(sign in metadata for sign in _SIGNS)


def main_flows(blueprint: Mapping[str, Any]) -> list[list[Any]]:
    """The flow; an export from the editor may carry it one level down, in ``subflows``."""
    flow = blueprint.get("flow")
    return [flow] if isinstance(flow, list) else _subflows(blueprint)


def _subflows(blueprint: Mapping[str, Any]) -> list[list[Any]]:
    flows = (part.get("flow") for part in objects(blueprint.get("subflows")))
    return [flow for flow in flows if isinstance(flow, list)]
