"""The platforms: a folder each; a document is recognised, split into workflows and translated."""

from __future__ import annotations

from typing import Any, cast

from apps.workflows.analysis.graph import PLATFORMS
from apps.workflows.platforms import highlevel, make, n8n, node_red
from apps.workflows.platforms.base import Bundle, Platform, UnsupportedDefinition

#: In the order they are asked whether a document is theirs.
REGISTRY: dict[str, Platform] = {
    module.ID: cast(Platform, module) for module in (n8n, make, node_red, highlevel)
}
LABELS = {"highlevel": "HighLevel", "n8n": "n8n", "node-red": "Node-RED", "make": "Make"}
ALIASES = {"ghl": "highlevel", "nodered": "node-red", "make.com": "make"}


def platform_id(name: str) -> str | None:
    """The platform's id for a name a person may use; ``None`` when there is no such platform."""
    lower = name.strip().lower()
    lower = ALIASES.get(lower, lower)
    return lower if lower in REGISTRY else None


def detect(document: Any) -> str | None:
    """Which platform a document comes from."""
    return next((key for key, module in REGISTRY.items() if module.recognise(document)), None)


def open_document(document: Any, platform: str | None = None) -> Bundle:
    """The workflows in a parsed document. Raises ``UnsupportedDefinition`` with the reason."""
    found = detect(document)
    if platform is not None and found != platform and not REGISTRY[platform].recognise(document):
        seen = f"it looks like {LABELS[found]}" if found else _shape(document)
        raise UnsupportedDefinition(f"This is no {LABELS[platform]} definition: {seen}.")
    chosen = platform or found
    if chosen is None:
        known = ", ".join(LABELS[key] for key in PLATFORMS)
        raise UnsupportedDefinition(
            f"No workflow of a known platform ({known}): {_shape(document)}."
        )
    return REGISTRY[chosen].split(document)


def _shape(document: Any) -> str:
    if isinstance(document, dict):
        keys = ", ".join(repr(str(key)[:30]) for key in list(document)[:6])
        more = ", …" if len(document) > 6 else ""
        return f"it is an object with {keys}{more}" if keys else "it is an empty object"
    if isinstance(document, list):
        inner = type(document[0]).__name__ if document else "nothing"
        return f"it is a list of {len(document)} ({inner} first)" if document else "an empty list"
    return f"it is a single {type(document).__name__}"
