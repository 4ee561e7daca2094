"""The one question others ask: what may this account do?"""

from __future__ import annotations

from apps.accounts.models import Account
from apps.billing.models import Subscription
from apps.billing.plans import FREE, PLANS, Plan

_GRANTING = (Subscription.State.TRIALING, Subscription.State.ACTIVE, Subscription.State.PAST_DUE)


def entitlements(account: Account) -> Plan:
    """The plan whose limits hold for the account now."""
    subscription = Subscription.objects.filter(account=account, state__in=_GRANTING).first()
    return PLANS[subscription.plan if subscription else FREE]
