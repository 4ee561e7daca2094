"""The only file that calls Stripe: one client, pinned and bounded, its errors put into ours."""

from __future__ import annotations

import functools
import logging
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import stripe
from django.conf import settings

from apps.ops.errors import ApplicationError

logger = logging.getLogger(__name__)

#: What Stripe's answers look like; a newer library must not change it unasked.
API_VERSION = "2026-10-28.endive"
TIMEOUT_SECONDS = 10
RETRIES = 2

Object = dict[str, Any]
T = TypeVar("T")


def is_configured() -> bool:
    return bool(settings.ENVIRONMENT.stripe_secret_key)


def customer_create(*, account_id: uuid.UUID, number: int) -> str:
    """The id of the account's customer: the same for every call, however many come at once.

    Only what never changes is sent, since Stripe refuses a known key with other words.
    """
    with _translated():
        customer = _client().v1.customers.create(
            {"metadata": {"account_id": str(account_id)}},
            {"idempotency_key": f"customer-{account_id}-{number}"},
        )
        return customer.id


def customer_describe(customer_id: str, *, name: str, email: str) -> None:
    with _translated():
        _client().v1.customers.update(customer_id, {"name": name, "email": email})


def checkout_url(
    *, customer_id: str, account_id: uuid.UUID, price_id: str, return_url: str, key: str
) -> str:
    """Where the customer pays. The same ``key`` gives the same page."""
    ours = {"account_id": str(account_id)}
    with _translated():
        session = _client().v1.checkout.sessions.create(
            {
                "mode": "subscription",
                "customer": customer_id,
                "client_reference_id": str(account_id),
                "metadata": ours,
                "subscription_data": {"metadata": ours},
                "line_items": [{"price": price_id, "quantity": 1}],
                "success_url": f"{return_url}/?checkout=success",
                "cancel_url": f"{return_url}/?checkout=cancelled",
            },
            {"idempotency_key": key},
        )
        return _url(session.url)


def portal_url(*, customer_id: str, return_url: str, key: str) -> str:
    """Where the customer changes cards, reads invoices and cancels."""
    with _translated():
        session = _client().v1.billing_portal.sessions.create(
            {"customer": customer_id, "return_url": return_url}, {"idempotency_key": key}
        )
        return _url(session.url)


def subscription_cancel(stripe_id: str, *, immediately: bool) -> Object | None:
    """The subscription as it is afterwards; None when it had ended before."""

    def cancel() -> Object:
        subscriptions = _client().v1.subscriptions
        if immediately:
            return _plain(subscriptions.cancel(stripe_id))
        return _plain(subscriptions.update(stripe_id, {"cancel_at_period_end": True}))

    return _unless_absent(cancel)


def subscription_fetch(stripe_id: str) -> Object | None:
    """None when Stripe has no such subscription."""
    return _unless_absent(lambda: _plain(_client().v1.subscriptions.retrieve(stripe_id)))


def subscriptions_of(customer_id: str) -> list[Object] | None:
    """All of a customer's subscriptions, ended ones too; None when Stripe has no such customer."""

    def fetch() -> list[Object]:
        page = _client().v1.subscriptions.list(
            {"customer": customer_id, "status": "all", "limit": 100}
        )
        return [_plain(each) for each in page.auto_paging_iter()]

    return _unless_absent(fetch)


def customer_of_charge(charge_id: str) -> str | None:
    """None when Stripe has no such charge, or it was made without a customer."""
    charge = _unless_absent(lambda: _plain(_client().v1.charges.retrieve(charge_id)))
    customer = (charge or {}).get("customer")
    return customer if isinstance(customer, str) else None


def _client() -> stripe.StripeClient:
    environment = settings.ENVIRONMENT
    if not environment.stripe_secret_key:
        raise ApplicationError("conflict", "Billing is not set up here: there is no Stripe key.")
    return _client_of(environment.stripe_secret_key, environment.stripe_api_base)


@functools.lru_cache(maxsize=2)
def _client_of(key: str, base: str) -> stripe.StripeClient:
    return stripe.StripeClient(
        key,
        stripe_version=API_VERSION,
        # The library's own defaults for a client are no retry and 80 seconds.
        max_network_retries=RETRIES,
        http_client=stripe.RequestsClient(timeout=TIMEOUT_SECONDS),
        base_addresses={"api": base} if base else {},
    )


def _plain(found: stripe.StripeObject) -> Object:
    return found.to_dict()


def _url(found: str | None) -> str:
    if not found:
        raise ApplicationError("upstream_unavailable", "Stripe made a page without an address.")
    return found


def _unless_absent(call: Callable[[], T]) -> T | None:
    """What the call returns; None when Stripe does not know the object."""
    with _translated():
        try:
            return call()
        except stripe.InvalidRequestError as error:
            if error.http_status == 404 or error.code == "resource_missing":
                return None
            raise


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except stripe.StripeError as error:
        code, message, permanent = _told(error)
        logger.warning(
            "Stripe answered %s: %s",
            error.http_status or "nothing",
            error.user_message,
            extra={"stripeRequest": error.request_id, "stripeCode": error.code},
        )
        headers = {"Retry-After": "1"} if code == "upstream_rate_limited" else {}
        raise ApplicationError(code, message, permanent=permanent, headers=headers) from error


def _told(error: stripe.StripeError) -> tuple[str, str, bool]:
    """Code, message and whether trying again is useless; Stripe's own words only for cards."""
    if isinstance(error, stripe.RateLimitError):
        return "upstream_rate_limited", "Stripe asks us to slow down; try again in a moment.", False
    if isinstance(error, stripe.AuthenticationError | stripe.PermissionError):
        return "upstream_auth", "Stripe does not accept our key.", True
    if isinstance(error, stripe.IdempotencyError):
        return "conflict", "This Idempotency-Key came before with another request.", True
    if isinstance(error, stripe.CardError):
        return "conflict", f"Stripe refused the payment: {error.user_message}", True
    if isinstance(error, stripe.InvalidRequestError):
        return "upstream_unavailable", "Stripe did not understand our request.", True
    return "upstream_unavailable", "Stripe does not answer; try again in a moment.", False
