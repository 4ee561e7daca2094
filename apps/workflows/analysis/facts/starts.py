"""Which triggers start on the same event with the same filters, in one workflow or in several."""

from __future__ import annotations

import json

from apps.workflows.analysis.facts.account import Account
from apps.workflows.analysis.facts.triggers import filters_of, live_triggers
from apps.workflows.analysis.graph import Graph, Step

#: Every webhook trigger has an address of its own, which is not among its filters.
_ONE_OF_A_KIND = frozenset({"inbound_webhook"})
#: Where else than in its filters a trigger says when it fires.
_SETTINGS = ("schedule", "config", "extra", "attribute", "custom", "interval", "target")
#: What most kinds of filter are called in one dataVersion or another.
_SAME = dict.fromkeys(
    ("eq", "=", "===", "equals", "equal", "is", "in", "is-any-of", "any-of", "is-one-of"), "=="
)


def starting_alike(graph: Graph) -> dict[str, list[Step]]:
    """The live triggers of a workflow by what they start on; ask with ``graph.shared``."""
    alike: dict[str, list[Step]] = {}
    for trigger in live_triggers(graph):
        if trigger.type and trigger.type not in _ONE_OF_A_KIND:
            alike.setdefault(_signature(trigger), []).append(trigger)
    return alike


def workflows_starting_alike(account: Account) -> dict[str, list[int]]:
    """The workflows that are not switched off by what starts them, if it starts several."""
    alike: dict[str, list[int]] = {}
    for number in account.live:
        for signature in account.graphs[number].shared(starting_alike):
            alike.setdefault(signature, []).append(number)
    return {signature: group for signature, group in alike.items() if len(group) > 1}


def _signature(trigger: Step) -> str:
    """Everything that decides when the trigger fires, whatever the order in the file."""
    filters = sorted(
        [each.field, _operator(each.operator), *sorted({value.strip() for value in each.values})]
        for each in filters_of(trigger)
    )
    settings = {
        key: value
        for key, value in trigger.raw.items()
        if value and any(word in key.lower() for word in _SETTINGS)
    }
    return json.dumps([trigger.type, filters, settings], sort_keys=True, default=str)


def _operator(written: str) -> str:
    operator = written.strip().lower().replace("_", "-")
    return _SAME.get(operator, operator)
