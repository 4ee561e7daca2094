"""Who may be told of an account's events."""

from __future__ import annotations

import uuid

from apps.accounts.models import Account
from apps.billing.entitlements import entitlements


def may_be_notified(account_id: uuid.UUID) -> bool:
    """Whether the account's plan has notifications now; its channels stay when it has not."""
    account = Account.objects.filter(pk=account_id).first()
    return account is not None and "notifications" in entitlements(account).features


def addresses_of(account: Account) -> list[str]:
    """The mail addresses of everyone in the account."""
    people = account.users.filter(is_active=True)
    return list(people.order_by("email").values_list("email", flat=True))
