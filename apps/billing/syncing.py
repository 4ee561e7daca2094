"""What Stripe says becomes what an account may do: older words never replace newer ones."""

from __future__ import annotations

import datetime
import logging
import uuid

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import Account
from apps.billing import lifecycle
from apps.billing.letters import letter_of_change, letter_of_end_planned
from apps.billing.lifecycle import ENDED, Snapshot
from apps.billing.models import StripeSubscription, Subscription, SubscriptionChange
from apps.billing.plans import GRACE

logger = logging.getLogger(__name__)

State = Subscription.State


def subscription_of(account: Account) -> Subscription:
    """The account's row, locked until the transaction ends; made when there is none."""
    Subscription.objects.bulk_create([Subscription(account=account)], ignore_conflicts=True)
    return Subscription.objects.select_for_update().get(account=account)


def subscription_find(
    *, customer_id: str, stripe_id: str = "", account_id: str = ""
) -> Subscription | None:
    """The row that Stripe's words are about, locked: by subscription, customer or our own id."""
    known = Subscription.objects.select_for_update()
    if stripe_id:
        row = StripeSubscription.objects.filter(stripe_id=stripe_id).only("subscription_id").first()
        if row:
            return known.get(pk=row.subscription_id)
    if customer_id and (found := known.filter(customer_id=customer_id).first()):
        return found
    account = _account(account_id)
    return subscription_of(account) if account else None


def _account(account_id: str) -> Account | None:
    try:
        return Account.objects.filter(pk=uuid.UUID(account_id)).first()
    except ValueError:
        return None


def customer_link(subscription: Subscription, customer_id: str) -> bool:
    """Whether the account took this customer as its own: only one without another does."""
    if not customer_id or subscription.customer_id:
        return False
    subscription.customer_id = customer_id
    subscription.save(update_fields=["customer_id"])
    return True


@transaction.atomic
def snapshot_apply(
    subscription: Subscription, said: Snapshot, *, at: datetime.datetime, cause: str
) -> bool:
    """Takes what Stripe said at that time about a subscription; False when we know better.

    The row must be locked by the caller, as `subscription_of` and `subscription_find` do.
    """
    known = _known(subscription, said.stripe_id)
    if known.status_at and at < known.status_at:
        return False
    if known.status in ENDED and said.status not in ENDED:
        # The end is the end: what contradicts it was said before it.
        return False
    was_ending = _ends(known)
    for name, value in said.fields().items():
        setattr(known, name, value)
    known.status_at = at
    _save(known, at)
    _refresh(subscription, cause)
    if _ends(known) and not was_ending and subscription.state not in {State.CANCELLED, State.FREE}:
        letter_of_end_planned(subscription, ends_at=known.cancel_at or known.current_period_end)
    return True


@transaction.atomic
def payment_apply(
    subscription: Subscription, stripe_id: str, *, paid: bool, at: datetime.datetime, cause: str
) -> bool:
    """Takes that an invoice was paid or not; False when newer payments are known."""
    known = _known(subscription, stripe_id)
    newest = max((each for each in (known.paid_at, known.failed_at) if each), default=None)
    is_news = newest is None or at >= newest
    if paid:
        known.paid_at = max(known.paid_at or at, at)
    else:
        known.failed_at = max(known.failed_at or at, at)
        unpaid_since = known.paid_at is None or at > known.paid_at
        if known.past_due_since and unpaid_since:
            # An earlier failure of the same row of them may come late: the grace began with it.
            known.past_due_since = min(known.past_due_since, at)
    _save(known, at)
    _refresh(subscription, cause)
    return is_news


@transaction.atomic
def checkout_apply(subscription: Subscription, stripe_id: str, *, paid: bool, cause: str) -> None:
    """A finished checkout: the weakest word, which any about the subscription itself replaces."""
    known = _known(subscription, stripe_id)
    if paid and not known.status:
        known.status = "active"
        _save(known, None)
    _refresh(subscription, cause)


@transaction.atomic
def customer_unlink(subscription: Subscription, *, at: datetime.datetime, cause: str) -> None:
    """The customer is deleted at Stripe, and all its subscriptions ended with it."""
    subscription.customer_id = ""
    subscription.customer_number += 1
    subscription.save(update_fields=["customer_id", "customer_number"])
    for known in subscription.stripe_subscriptions.exclude(status__in=ENDED):
        known.status, known.status_at = "canceled", at
        _save(known, at)
    _refresh(subscription, cause)


def _known(subscription: Subscription, stripe_id: str) -> StripeSubscription:
    known, _ = StripeSubscription.objects.get_or_create(
        stripe_id=stripe_id, defaults={"subscription": subscription}
    )
    return known


def _save(known: StripeSubscription, at: datetime.datetime | None) -> None:
    if lifecycle.state_of(known) != State.PAST_DUE:
        known.past_due_since = None
    elif known.past_due_since is None:
        known.past_due_since = at
    known.save()


def _ends(known: StripeSubscription) -> bool:
    return known.cancel_at_period_end or known.cancel_at is not None


def _refresh(subscription: Subscription, cause: str) -> None:
    """Writes down what follows for the account, keeps a line of it, and tells the owner."""
    now = timezone.now()
    old_plan, old_state = subscription.plan_in_force(now), subscription.state
    current = lifecycle.best(list(subscription.stripe_subscriptions.all()))
    state = lifecycle.state_of(current) if current else State.FREE
    subscription.state, subscription.plan = state, lifecycle.plan_of(state)
    subscription.past_due_since = current.past_due_since if current else None
    lapsed = subscription.has_lapsed(now)
    subscription.lapsed_at = (subscription.lapsed_at or now) if lapsed else None
    subscription.save(update_fields=["state", "plan", "past_due_since", "lapsed_at"])
    if (old_plan, old_state) == (subscription.plan_in_force(now), state):
        return
    _note(subscription, before=f"{old_plan}, {old_state}", cause=cause)
    letter_of_change(subscription, old_plan=old_plan, old_state=old_state)


def graces_end(*, now: datetime.datetime | None = None) -> int:
    """Tells the owners whose days of grace are over; the plan itself ends by the clock."""
    now = now or timezone.now()
    over = Subscription.objects.filter(
        state=State.PAST_DUE, lapsed_at=None, past_due_since__lte=now - GRACE
    )
    count = 0
    for row in over.select_related("account"):
        with transaction.atomic():
            mine = Subscription.objects.filter(pk=row.pk, state=State.PAST_DUE, lapsed_at=None)
            if mine.update(lapsed_at=now):
                count += 1
                _note(row, before=f"{row.plan}, {row.state}", cause="end of grace")
                letter_of_change(row, old_plan=row.plan, old_state=row.state)
    return count


def _note(subscription: Subscription, *, before: str, cause: str) -> None:
    after = f"{subscription.plan_in_force()}, {subscription.state}"
    SubscriptionChange.objects.create(
        subscription=subscription, cause=cause, before=before, after=after
    )
    logger.info("subscription of %s: %s to %s", subscription.account_id, before, after)
