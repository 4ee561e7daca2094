"""How the inbox stands."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Max

from apps.webhooks.models import Delivery


def inbox_health() -> dict[str, dict[str, Any]]:
    """Per sender: the newest arrival and end, how many wait, how many failed or are parked.

    A delivery whose last try failed waits too: it counts as both.
    """
    return {source: _health(source) for source in Delivery.Source.values}


def _health(source: str) -> dict[str, Any]:
    theirs = Delivery.objects.filter(source=source)
    failed = [Delivery.State.FAILED, Delivery.State.PARKED]
    return {
        "lastReceivedAt": theirs.aggregate(at=Max("received_at"))["at"],
        "lastProcessedAt": theirs.aggregate(at=Max("processed_at"))["at"],
        "backlog": theirs.filter(state__in=Delivery.OPEN).count(),
        "failed": theirs.filter(state__in=failed).count(),
    }


def parked_counts() -> dict[str, int]:
    """How many deliveries of each sender wait for a person; senders without any are left out."""
    parked = Delivery.objects.filter(state=Delivery.State.PARKED)
    return dict(parked.values_list("source").annotate(Count("pk")).order_by("source"))
