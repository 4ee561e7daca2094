"""Which steps create a record that a second run would create again, and which look first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from apps.workflows.analysis.facts.reach import reached_from
from apps.workflows.analysis.facts.values import text
from apps.workflows.analysis.graph import HIGHLEVEL, Graph, Kind, Step, Trait

_HIGHLEVEL = {
    # Of one contact it updates the opportunity there is, but only while duplicates are off.
    "create_opportunity": "opportunity",
    "internal_create_opportunity": "opportunity",
    "payments_create_invoice": "invoice",
    "create_recurring_invoice": "invoice",
    "payments_create_estimate": "estimate",
    "create_custom_object": "record",
    "create_and_associate_company": "company",
    "stripe_one_time_charge": "charge",
}
#: n8n: the resources of business tools that hurt when they exist twice.
_RESOURCES = {
    "deal": "deal",
    "opportunity": "opportunity",
    "order": "order",
    "invoice": "invoice",
    "salesinvoice": "invoice",
    "charge": "charge",
    "payment": "payment",
    "paymentintent": "charge",
    "estimate": "estimate",
    "bill": "bill",
}
#: n8n: tools whose only resource is a record, by the last part of the type.
_RECORD_TOOLS = frozenset({"airtable", "nocodb", "baserow", "seatable", "stackby"})
_CREATING = frozenset({"create", "append", "charge"})
_READING = ("get", "search", "select", "read", "find", "lookup", "list", "exist")
_DEDUPING = ("removeduplicates", "comparedatasets")
_WORDS = ("dedup", "duplicate", "idempot", "already", "exist", "processed", "seen")
#: What tables and addresses of such records are called.
_PLURALS = {
    "orders": "order",
    "invoices": "invoice",
    "charges": "charge",
    "payment_intents": "charge",
    "payments": "payment",
    "deals": "deal",
    "opportunities": "opportunity",
}


def created_by(step: Step, graph: Graph) -> str:
    """What a step creates anew, in a word; empty when it creates nothing of the kind."""
    if graph.platform == HIGHLEVEL:
        return _HIGHLEVEL.get(step.type, "")
    if step.spec.kind is Kind.TRIGGER:
        return ""
    if not step.spec.traits & {Trait.WRITES, Trait.CHARGES} or "url" in step.params:
        return _called(step)
    operation = text(step.params.get("operation")).lower()
    if operation == "insert":
        return _named(_chosen(step.params.get("table")))
    if operation not in _CREATING:
        return ""
    tool = step.type.rpartition(".")[2].lower()
    if tool in _RECORD_TOOLS:
        return "record"
    return _RESOURCES.get(text(step.params.get("resource")).lower(), "")


def _called(step: Step) -> str:
    """An HTTP request that posts to where such records are kept."""
    method = text(step.params.get("method") or step.params.get("requestMethod")).upper()
    if method != "POST" or Trait.CALLS not in step.spec.traits:
        return ""
    return _named(text(step.params.get("url")).split("?", 1)[0].rstrip("/").rpartition("/")[2])


def _chosen(value: Any) -> str:
    """What a selector holds: a name, or an object with the name as its value."""
    return text(value.get("value")) if isinstance(value, dict) else text(value)


def _named(name: str) -> str:
    name = name.lower()
    return _PLURALS.get(name, name if name in _PLURALS.values() else "")


def looks_first(step: Step) -> bool:
    """Whether a step finds out if the record is there already."""
    name = step.type.rpartition(".")[2].lower()
    if step.spec.kind in (Kind.BRANCH, Kind.CODE):
        return any(word in step.lower_text for word in (*_WORDS, "opportunit", "invoice", "order"))
    if name.startswith("find_") and name not in ("find_contact", "find_or_create_contact"):
        return True
    return name in _DEDUPING or text(step.params.get("operation")).lower().startswith(_READING)


def reached_unchecked(graph: Graph, starts: Iterable[int]) -> set[int]:
    """Indexes of the steps that a run comes to without having looked."""
    looking = [step.index for step in graph.steps if step.enabled and looks_first(step)]
    return reached_from(graph, starts, stop=looking)
