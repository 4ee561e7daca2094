"""An account's channels, changed by one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from apps.accounts.models import Account


@contextmanager
def channels_held(account: Account) -> Iterator[None]:
    """Of two who replace them at once the last one's hold, rather than both.

    The account is what is locked: where there are no channels yet, there is no row to lock.
    """
    with transaction.atomic():
        Account.objects.select_for_update(no_key=True).get(pk=account.pk)
        yield
