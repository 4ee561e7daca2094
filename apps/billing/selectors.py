"""What an account pays for, as its members see it."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from apps.accounts.models import Account
from apps.billing import lifecycle, usage
from apps.billing.models import StripeSubscription, Subscription
from apps.billing.plans import FREE, PLANS, Plan

State = Subscription.State


def live_subscription(account: Account) -> StripeSubscription | None:
    """What the account pays at Stripe for now, if anything; a payment may be due."""
    theirs = StripeSubscription.objects.filter(subscription__account=account)
    current = lifecycle.best(list(theirs))
    live = current and lifecycle.state_of(current) not in {State.FREE, State.CANCELLED}
    return current if live else None


def subscription_status(account: Account) -> dict[str, Any]:
    """As on the wire: plan, state, renewal, what the plan allows and what is used."""
    subscription = Subscription.objects.filter(account=account).first() or Subscription()
    name = subscription.plan_in_force()
    current = live_subscription(account)
    ends_at = _end(current)
    return {
        "plan": name,
        "state": _state(subscription, name),
        "renewsAt": current.current_period_end if current and ends_at is None else None,
        "cancelAt": ends_at,
        "limits": _limits(PLANS[name]),
        "usage": usage.used(account),
    }


def _state(subscription: Subscription, plan: str) -> str:
    """What staff granted is active, whatever Stripe says."""
    granted = subscription.is_overridden(timezone.now()) and plan != FREE
    return State.ACTIVE.value if granted else subscription.state


def _end(current: StripeSubscription | None) -> datetime.datetime | None:
    if current is None:
        return None
    if current.cancel_at is not None:
        return current.cancel_at
    return current.current_period_end if current.cancel_at_period_end else None


def _limits(plan: Plan) -> dict[str, Any]:
    return {
        "issuesShown": plan.issues_shown,
        "workflows": plan.workflows,
        "members": plan.members,
        "historyDays": plan.history_days,
        "features": sorted(plan.features),
    }
