"""The one question others ask: what may this account do?

A plan hides and refuses; it never deletes. An account that falls back to the free plan keeps all
it has, and sees it again when it returns.
"""

from __future__ import annotations

from typing import Literal

from apps.accounts.models import Account
from apps.billing.models import Subscription
from apps.billing.plans import FEATURES, FREE, PLANS, Plan
from apps.ops.errors import ApplicationError

Counted = Literal["workflows", "members"]


def entitlements(account: Account) -> Plan:
    """The plan whose limits hold for the account now."""
    subscription = Subscription.objects.filter(account=account).first()
    return PLANS[subscription.plan_in_force() if subscription else FREE]


def require(account: Account, feature: str) -> None:
    """Raises ``plan_limit`` when the account's plan lacks the feature, one of ``FEATURES``."""
    if feature not in FEATURES:
        raise ValueError(f"no plan knows the feature {feature!r}")
    plan = entitlements(account)
    if feature not in plan.features:
        message = f"The {plan.name} plan does not include {FEATURES[feature]}; Pro does."
        raise _refusal(feature, "not_in_plan", message, allowed=0, used=0)


def require_room(account: Account, what: Counted, *, used: int, adding: int = 1) -> None:
    """Raises ``plan_limit`` when ``adding`` more would be more than the account's plan allows.

    Count and add in one transaction that holds the account's row, or two at once both find room.
    """
    plan = entitlements(account)
    allowed: int | None = getattr(plan, what)
    if allowed is None or used + adding <= allowed:
        return
    message = (
        f"The {plan.name} plan allows {allowed} {what[:-1] if allowed == 1 else what}; "
        f"{used} {'is' if used == 1 else 'are'} used and {adding} more would be too many."
    )
    raise _refusal(what, "limit_reached", message, allowed=allowed, used=used)


def _refusal(field: str, code: str, message: str, *, allowed: int, used: int) -> ApplicationError:
    detail = {"field": field, "code": code, "message": message, "allowed": allowed, "used": used}
    return ApplicationError("plan_limit", message, details=[detail])


class EntitledPlans:
    """The same questions for the app below, which cannot import them."""

    def name(self, account: Account) -> str:
        return entitlements(account).name

    def require(self, account: Account, feature: str) -> None:
        require(account, feature)

    def require_room(self, account: Account, what: Counted, *, used: int, adding: int = 1) -> None:
        require_room(account, what, used=used, adding=adding)
