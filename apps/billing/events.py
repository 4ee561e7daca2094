"""Stripe's events, one function each; registered when the app is ready.

Stripe's clock counts seconds. Two events about one subscription in the same second leave in doubt
which came last: Stripe is asked, and only where it cannot tell does the order of arrival decide.
"""

from __future__ import annotations

import logging
import uuid
from typing import Any

from apps.billing import gateway
from apps.billing.letters import (
    letter_of_failed_payment,
    letter_of_needed_action,
    letter_of_payment,
)
from apps.billing.lifecycle import Snapshot, reference, snapshot, subscription_of_invoice
from apps.billing.models import StripeSubscription, Subscription
from apps.billing.syncing import (
    checkout_apply,
    customer_link,
    customer_unlink,
    payment_apply,
    snapshot_apply,
    subscription_find,
)
from apps.ops.errors import ApplicationError
from apps.webhooks.registry import Event, on, unclaimed
from apps.webhooks.services import deliveries_claim

logger = logging.getLogger(__name__)

STRIPE = "stripe"


@on(STRIPE, "checkout.session.completed")
def checkout_completed(event: Event) -> uuid.UUID | None:
    session = _object(event)
    subscription = _concerned(
        reference(session.get("customer")),
        account_id=_text(session.get("client_reference_id")) or _account_named(session),
    )
    stripe_id = reference(session.get("subscription"))
    if stripe_id:
        # Some ways to pay take days; then the session is complete and not paid for.
        paid = session.get("payment_status") != "unpaid"
        checkout_apply(subscription, stripe_id, paid=paid, cause=event.id)
    return subscription.account_id


@on(
    STRIPE,
    "customer.subscription.created",
    "customer.subscription.updated",
    "customer.subscription.deleted",
    "customer.subscription.paused",
    "customer.subscription.resumed",
)
def subscription_changed(event: Event) -> uuid.UUID | None:
    found = _object(event)
    if event.type.endswith(".deleted"):
        found = {**found, "status": "canceled"}
    said = snapshot(found)
    if not said.stripe_id:
        raise ApplicationError("validation_error", "The subscription has no id.")
    if said.status not in {"canceled", "incomplete_expired"}:
        said = _in_doubt(event, said)
    subscription = _concerned(said.customer_id, said.stripe_id, _account_named(found))
    snapshot_apply(subscription, said, at=event.created, cause=event.id)
    return subscription.account_id


@on(STRIPE, "invoice.paid")
def invoice_paid(event: Event) -> uuid.UUID | None:
    invoice = _object(event)
    subscription = _payer(invoice)
    if stripe_id := subscription_of_invoice(invoice):
        payment_apply(subscription, stripe_id, paid=True, at=event.created, cause=event.id)
    letter_of_payment(subscription, invoice)
    return subscription.account_id


@on(STRIPE, "invoice.payment_failed")
def invoice_failed(event: Event) -> uuid.UUID | None:
    invoice = _object(event)
    subscription = _payer(invoice)
    stripe_id = subscription_of_invoice(invoice)
    if stripe_id and payment_apply(
        subscription, stripe_id, paid=False, at=event.created, cause=event.id
    ):
        letter_of_failed_payment(subscription, invoice)
    return subscription.account_id


@on(STRIPE, "invoice.payment_action_required")
def invoice_needs_action(event: Event) -> uuid.UUID | None:
    invoice = _object(event)
    subscription = _payer(invoice)
    letter_of_needed_action(subscription, invoice)
    return subscription.account_id


@on(STRIPE, "customer.deleted")
def customer_deleted(event: Event) -> uuid.UUID | None:
    customer_id = _text(_object(event).get("id"))
    subscription = _concerned(customer_id)
    customer_unlink(subscription, at=event.created, cause=event.id)
    return subscription.account_id


@on(STRIPE, "charge.dispute.created")
def charge_disputed(event: Event) -> uuid.UUID | None:
    """Noted for staff, who answer it at Stripe; the plan stays until they decide."""
    dispute = _object(event)
    charge = dispute.get("charge")
    customer_id = reference(charge.get("customer")) if isinstance(charge, dict) else ""
    charge_id = reference(charge)
    if not customer_id and charge_id and gateway.is_configured():
        customer_id = event.ask(charge_id, lambda: gateway.customer_of_charge(charge_id)) or ""
    subscription = _concerned(customer_id)
    subscription.disputed_at = event.created
    subscription.save(update_fields=["disputed_at"])
    logger.error(
        "account %s disputes charge %s (%s)",
        subscription.account_id,
        charge_id,
        _text(dispute.get("reason")),
    )
    return subscription.account_id


def _in_doubt(event: Event, said: Snapshot) -> Snapshot:
    """What Stripe says now, when what we know is of the very second of this event."""
    known = StripeSubscription.objects.filter(stripe_id=said.stripe_id).first()
    if known is None or known.status_at is None or not gateway.is_configured():
        return said
    if known.status_at.replace(microsecond=0) != event.created.replace(microsecond=0):
        return said
    found = event.ask(said.stripe_id, lambda: _fetched(said.stripe_id))
    now = snapshot(found) if found else said
    return now if now.status and now.stripe_id == said.stripe_id else said


def _fetched(stripe_id: str) -> dict[str, Any] | None:
    try:
        return gateway.subscription_fetch(stripe_id)
    except ApplicationError as error:
        logger.warning("%s stays in doubt: %s", stripe_id, error)
        return None


def _payer(invoice: dict[str, Any]) -> Subscription:
    parent = invoice.get("parent")
    details = parent.get("subscription_details") if isinstance(parent, dict) else None
    named = _account_named(details if isinstance(details, dict) else {})
    return _concerned(reference(invoice.get("customer")), subscription_of_invoice(invoice), named)


def _concerned(customer_id: str, stripe_id: str = "", account_id: str = "") -> Subscription:
    """The account's row, locked; an event about nobody we know is left for later."""
    subscription = subscription_find(
        customer_id=customer_id, stripe_id=stripe_id, account_id=account_id
    )
    if subscription is None:
        unclaimed(customer_id)
    if customer_link(subscription, customer_id):
        deliveries_claim(source=STRIPE, subject=customer_id)
    return subscription


def _object(event: Event) -> dict[str, Any]:
    data = event.data.get("data")
    found = data.get("object") if isinstance(data, dict) else None
    if not isinstance(found, dict):
        raise ApplicationError("validation_error", "The event holds no object.")
    return found


def _account_named(found: dict[str, Any]) -> str:
    """Our own id of the account, which we wrote into what we had Stripe make."""
    metadata = found.get("metadata")
    return _text(metadata.get("account_id")) if isinstance(metadata, dict) else ""


def _text(found: Any) -> str:
    return found if isinstance(found, str) else ""
