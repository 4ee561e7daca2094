"""What Stripe's words mean here: an object of its API as a snapshot, and the state that follows."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from apps.billing.models import StripeSubscription, Subscription
from apps.billing.plans import FREE, PRO

State = Subscription.State
_NEVER = datetime.datetime.min.replace(tzinfo=datetime.UTC)
_UNPAID = {"past_due", "unpaid"}
_INTERVALS = {"month": "monthly", "year": "yearly"}
#: Stripe's statuses after which a subscription never changes again.
ENDED = {"canceled", "incomplete_expired"}
#: Of an account's subscriptions the one with the best state counts.
_WORTH = (State.FREE, State.CANCELLED, State.PAST_DUE, State.TRIALING, State.ACTIVE)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A subscription object of Stripe's API, as far as we use it."""

    stripe_id: str
    customer_id: str
    status: str
    price_id: str
    interval: str
    current_period_end: datetime.datetime | None
    trial_end: datetime.datetime | None
    cancel_at_period_end: bool
    cancel_at: datetime.datetime | None

    def fields(self) -> dict[str, Any]:
        """What is stored of it, by column; an empty text or time mostly was just not said."""
        told = {name: getattr(self, name) for name in self.__slots__[2:]}
        return {
            name: value
            for name, value in told.items()
            if value not in {"", None} or name in {"trial_end", "cancel_at"}
        }


def snapshot(found: dict[str, Any]) -> Snapshot:
    """Reads defensively: of what is missing the empty value stands."""
    item = _first(_object(found, "items").get("data"))
    price = _object(item, "price")
    interval = _text(_object(price, "recurring").get("interval"))
    return Snapshot(
        stripe_id=_text(found.get("id")),
        customer_id=reference(found.get("customer")),
        status=_text(found.get("status")),
        price_id=_text(price.get("id")),
        interval=_INTERVALS.get(interval, ""),
        # Older versions of the API have it on the subscription itself.
        current_period_end=moment(item.get("current_period_end"))
        or moment(found.get("current_period_end")),
        trial_end=moment(found.get("trial_end")),
        cancel_at_period_end=found.get("cancel_at_period_end") is True,
        cancel_at=moment(found.get("cancel_at")),
    )


def state_of(known: StripeSubscription) -> Subscription.State:
    """What the subscription's own status says, corrected by payments that are newer."""
    told = known.status_at or _NEVER
    paid, failed = known.paid_at or _NEVER, known.failed_at or _NEVER
    if known.status in _UNPAID:
        return State.ACTIVE if paid > max(told, failed) else State.PAST_DUE
    if known.status in {"active", "trialing"}:
        if failed > max(told, paid):
            return State.PAST_DUE
        return State.ACTIVE if known.status == "active" else State.TRIALING
    return State.CANCELLED if known.status in ENDED else State.FREE


def plan_of(state: str) -> str:
    """There is one paid plan: whatever a customer of ours pays for, a special price too, is it."""
    return FREE if state in {State.FREE, State.CANCELLED} else PRO


def best(subscriptions: list[StripeSubscription]) -> StripeSubscription | None:
    """Of an account's subscriptions the one that its plan follows."""

    def worth(each: StripeSubscription) -> tuple[int, datetime.datetime]:
        return _WORTH.index(state_of(each)), each.status_at or _NEVER

    return max(subscriptions, key=worth, default=None)


def subscription_of_invoice(invoice: dict[str, Any]) -> str:
    """The id of the subscription an invoice is for; empty when it is for none."""
    parent = _object(_object(invoice, "parent"), "subscription_details")
    return reference(parent.get("subscription")) or reference(invoice.get("subscription"))


def reference(found: Any) -> str:
    """The id of an object that stands as an id or, expanded, as itself."""
    return _text(found.get("id")) if isinstance(found, dict) else _text(found)


def moment(seconds: Any) -> datetime.datetime | None:
    if not isinstance(seconds, int) or isinstance(seconds, bool):
        return None
    try:
        return datetime.datetime.fromtimestamp(seconds, datetime.UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _object(found: dict[str, Any], name: str) -> dict[str, Any]:
    inner = found.get(name)
    return inner if isinstance(inner, dict) else {}


def _first(found: Any) -> dict[str, Any]:
    first = found[0] if isinstance(found, list) and found else None
    return first if isinstance(first, dict) else {}


def _text(found: Any) -> str:
    # No column takes a NUL, which JSON can spell.
    return found[:255].replace("\0", "") if isinstance(found, str) else ""
