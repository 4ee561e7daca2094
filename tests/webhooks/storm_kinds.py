"""What workers do besides in the proof: an effect that would be seen if it happened twice."""

from __future__ import annotations

import os
import signal
import uuid

from django.db import connection, transaction

from apps.webhooks.models import Delivery
from apps.webhooks.registry import Event, on


@on("stripe", "customer.subscription.updated")
def effect(event: Event) -> uuid.UUID | None:
    """Slow, so that a kill is likely to strike in the middle; some events bring their own."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO effects (n) VALUES (%s)", [event.data["n"]])
        cursor.execute("SELECT pg_sleep(0.02)")
    if event.data.get("dies") == "before the commit" and is_first_attempt(event):
        die()
    if event.data.get("dies") == "after the commit":
        # Were "processed" a commit of its own, it would be missing now.
        transaction.on_commit(die)
    return None


def is_first_attempt(event: Event) -> bool:
    return Delivery.objects.filter(event_id=event.id, attempts=1).exists()


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
