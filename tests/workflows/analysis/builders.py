"""Definitions in each platform's own format, and what one rule says about them."""

from __future__ import annotations

from typing import Any

from apps.workflows.analysis.findings import Finding
from apps.workflows.inspection import inspect_document

JSON = dict[str, Any]


def findings(document: Any, rule_id: str) -> list[Finding]:
    """What one rule finds in all workflows of a document; fails if the rule itself failed."""
    found = []
    for item in inspect_document(document):
        assert item.analysis is not None
        failed = [each for each in item.analysis.not_checked if "failed" in each.reason]
        assert failed == []
        found += [each for each in item.analysis.findings if each.rule_id == rule_id]
    return found


# -- HighLevel -----------------------------------------------------------------------------


def highlevel(steps: list[JSON], triggers: list[JSON] | None = None, **doc: Any) -> JSON:
    """A workflow document of these steps, with its triggers when they are given."""
    document = {"name": "Flow", "status": "published", "workflowData": {"templates": steps}, **doc}
    return document if triggers is None else {**document, "triggers": triggers}


# -- n8n -----------------------------------------------------------------------------------


def n8n(nodes: list[JSON], connections: JSON, **doc: Any) -> JSON:
    return {"name": "Flow", "active": True, "nodes": nodes, "connections": connections, **doc}
