"""Events that only the tests know, and what their handlers do."""

from __future__ import annotations

import uuid

from apps.ops.errors import ApplicationError
from apps.webhooks.models import DeliveryCount
from apps.webhooks.registry import Event, on, unclaimed

ACCOUNT = uuid.UUID(int=7)
#: What handlers did in this process, in order.
done: list[object] = []
#: Names that `test.about` knows.
known: set[str] = set()


@on("stripe", "test.note")
def note(event: Event) -> uuid.UUID | None:
    done.append(event.data.get("n"))
    return ACCOUNT


@on("stripe", "test.fails", "test.half")
def fail(event: Event) -> uuid.UUID | None:
    done.append("tried")
    DeliveryCount.objects.create(
        day="2026-01-01", source="stripe", type="half", state="parked", count=1
    )
    raise RuntimeError("sk_live_abcdefgh12345678 did not work")


@on("stripe", "test.refuses")
def refuse(event: Event) -> uuid.UUID | None:
    raise ApplicationError("validation_error", "It cannot be meant.")


@on("stripe", "test.away")
def away(event: Event) -> uuid.UUID | None:
    raise ApplicationError("upstream_unavailable", "It is away.")


@on("stripe", "test.asks")
def ask(event: Event) -> uuid.UUID | None:
    from django.db import connection

    done.append("begins")
    done.append(event.ask("depth", lambda: connection.in_atomic_block))
    done.append(event.ask("colour", lambda: "blue"))
    return None


@on("stripe", "test.asks_on")
def ask_on(event: Event) -> uuid.UUID | None:
    done.append("asks")
    event.ask(f"question {len(done)}", lambda: None)
    return None


@on("stripe", "test.about")
def about(event: Event) -> uuid.UUID | None:
    if event.data["n"] not in known:
        unclaimed(event.data["n"])
    done.append(event.data["n"])
    return None
