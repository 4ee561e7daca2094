"""What workers do besides in the proof: an effect that would be seen if it happened twice."""

from __future__ import annotations

import uuid

from django.db import connection

from apps.webhooks.registry import Event, on


@on("stripe", "customer.subscription.updated")
def effect(event: Event) -> uuid.UUID | None:
    """Slow, so that a kill is likely to strike in the middle."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO effects (n) VALUES (%s)", [event.data["n"]])
        cursor.execute("SELECT pg_sleep(0.02)")
    return None
