"""What the tables cannot say about who owns what, and who is forgotten with an account."""

from __future__ import annotations

import contextlib
import uuid

from django.db.models import Q

from apps.accounts.models import Account, User
from apps.ops.errors import ApplicationError
from apps.ops.portability.erasing import before_erasing
from apps.ops.portability.ownership import own_through
from apps.webhooks.services import deliveries_erase

own_through("accounts.User", "memberships__account_id")


@before_erasing
def forget_people_and_messages(account_id: uuid.UUID) -> dict[str, int]:
    """People who are in no other account, and what HighLevel wrote about the location."""
    others = User.objects.filter(memberships__account_id=account_id, is_staff=False)
    _, gone = others.exclude(Q(memberships__in=_memberships_elsewhere(account_id))).delete()
    location = Account.objects.values_list("location_id", flat=True).get(pk=account_id)
    deliveries = deliveries_erase(account_id=account_id, subjects=[location])
    return {**gone, "webhooks.Delivery": deliveries}


def _memberships_elsewhere(account_id: uuid.UUID) -> object:
    return User.accounts.through.objects.exclude(account_id=account_id)


def account_named(name: str) -> Account:
    """By its id, its HighLevel location or the e-mail address of one of its people."""
    found = Q(users__email__iexact=name)
    if name:
        found |= Q(location_id=name)
    with contextlib.suppress(ValueError):
        found |= Q(pk=uuid.UUID(name))
    accounts = list(Account.objects.filter(found).distinct()[:2])
    if not accounts:
        raise ApplicationError("not_found", f"No account is called {name!r}.")
    if len(accounts) > 1:
        raise ApplicationError("conflict", f"{name!r} is in several accounts: give the id of one.")
    return accounts[0]
