"""What we write to an account's owners about their subscription."""

from __future__ import annotations

import datetime
import logging
from typing import Any

from django.conf import settings

from apps.accounts.models import Membership
from apps.billing.models import Subscription
from apps.billing.plans import GRACE

logger = logging.getLogger(__name__)

State = Subscription.State


def letter_of_change(subscription: Subscription, *, old_plan: str, old_state: str) -> None:
    """After the plan changed or the subscription ended; other changes of state are quiet."""
    if subscription.state == State.CANCELLED and old_state != State.CANCELLED:
        _write(subscription, "subscription_cancelled", ended=True, ends_at=None)
    elif subscription.plan != old_plan:
        _write(subscription, "plan_changed", old_plan=old_plan, plan=subscription.plan)


def letter_of_end_planned(subscription: Subscription, *, ends_at: datetime.datetime | None) -> None:
    _write(subscription, "subscription_cancelled", ended=False, ends_at=ends_at)


def letter_of_failed_payment(subscription: Subscription, *, invoice_url: str) -> None:
    since = subscription.past_due_since
    until = since + GRACE if since else None
    _write(subscription, "payment_failed", invoice_url=invoice_url, grace_ends_at=until)


def letter_of_needed_action(subscription: Subscription, *, invoice_url: str) -> None:
    _write(subscription, "payment_action_required", invoice_url=invoice_url)


def _write(subscription: Subscription, template: str, **context: Any) -> None:
    account = subscription.account
    context |= {"account": account.name, "app_url": settings.FRONTEND_URL}
    owners = Membership.objects.filter(
        account=account, role=Membership.Role.OWNER, user__is_active=True
    )
    for email in owners.values_list("user__email", flat=True):
        logger.info("letter %s to %s", template, email, extra={"context": context})
