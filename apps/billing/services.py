"""What an account's owner does about the plan: pay, manage, cancel."""

from __future__ import annotations

import dataclasses
import hashlib
import logging
import time
import uuid

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from apps.accounts.models import Account
from apps.billing import gateway
from apps.billing.lifecycle import snapshot
from apps.billing.models import Subscription
from apps.billing.selectors import live_subscription
from apps.billing.syncing import customer_link, snapshot_apply, subscription_of
from apps.ops.errors import ApplicationError

logger = logging.getLogger(__name__)

#: Without a key of the caller's, clicks within so many seconds are one.
CLICK_SECONDS = 60


def checkout_begin(
    *, account: Account, interval: str, email: str, return_url: str, click: str = ""
) -> str:
    """The address of the page where the owner pays. One click has one page, however often sent.

    Raises ``conflict`` when billing is not set up or the account pays already, and ``upstream_*``.
    """
    price_id = _price(interval)
    if live_subscription(account):
        raise ApplicationError(
            "conflict", "The account has a subscription; change it in the billing portal."
        )
    customer_id = customer_ensure(account=account, email=email)
    # What Stripe would answer differently is another click.
    click = click or f"{customer_id} {price_id} {return_url} {int(time.time()) // CLICK_SECONDS}"
    return gateway.checkout_url(
        customer_id=customer_id,
        account_id=account.pk,
        price_id=price_id,
        return_url=return_url,
        key=_key("checkout", account.pk, click),
    )


def portal_open(*, account: Account, email: str, return_url: str, click: str = "") -> str:
    """The address of the page where the owner changes cards, reads invoices and cancels."""
    customer_id = customer_ensure(account=account, email=email)
    return gateway.portal_url(
        customer_id=customer_id,
        return_url=return_url,
        key=_key("portal", account.pk, click or str(uuid.uuid4())),
    )


def subscription_cancel(*, account: Account, immediately: bool = False) -> None:
    """Ends the account's subscription, at the end of what is paid for unless ``immediately``.

    Raises ``conflict`` when there is none.
    """
    current = live_subscription(account)
    if current is None:
        raise ApplicationError("conflict", "The account has no subscription to cancel.")
    found = gateway.subscription_cancel(current.stripe_id, immediately=immediately)
    said = snapshot({**(found or {}), "id": current.stripe_id})
    if found is None or immediately:
        said = dataclasses.replace(said, status="canceled")
    with transaction.atomic():
        # As of what we knew: our clock is not Stripe's, and any event from now on is newer.
        at = current.status_at or timezone.now()
        snapshot_apply(subscription_of(account), said, at=at, cause="cancelled by the owner")


def customer_ensure(*, account: Account, email: str) -> str:
    """The id of the account's one customer at Stripe, made when there is none.

    The row is locked meanwhile: of clicks at once one asks Stripe and the others wait for it.
    """
    known = Subscription.objects.filter(account=account).exclude(customer_id="").first()
    if known:
        return known.customer_id
    with transaction.atomic():
        subscription = subscription_of(account)
        if subscription.customer_id:
            return subscription.customer_id
        customer_id = gateway.customer_create(
            account_id=account.pk, number=subscription.customer_number
        )
        customer_link(subscription, customer_id)
    try:
        gateway.customer_describe(customer_id, name=account.name, email=email)
    except ApplicationError as error:
        # Only for people who read Stripe's pages; Checkout asks for the address anyway.
        logger.warning("customer %s has no name yet: %s", customer_id, error)
    return customer_id


def _price(interval: str) -> str:
    environment = settings.ENVIRONMENT
    prices = {
        "monthly": environment.stripe_price_pro_monthly,
        "yearly": environment.stripe_price_pro_yearly,
    }
    if not gateway.is_configured() or not prices[interval]:
        raise ApplicationError("conflict", f"Billing is not set up here for {interval} payment.")
    return prices[interval]


def _key(what: str, account_id: uuid.UUID, click: str) -> str:
    """An idempotency key that no other account can hit on."""
    return f"{what}-{account_id}-{hashlib.sha256(click.encode()).hexdigest()[:32]}"
