"""Forgets an account: every row it owns, in one transaction, with an entry in the trail."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Mapping

from django.db import transaction
from django.db.models import Model

from apps.ops.audit import audit_record
from apps.ops.portability.ownership import owned

#: Answers how many rows of each table it deleted.
Hook = Callable[[uuid.UUID], Mapping[str, int]]
_before: list[Hook] = []


def before_erasing(hook: Hook) -> Hook:
    """Called first, in the transaction; raises ApplicationError when it must not go on."""
    if hook not in _before:
        _before.append(hook)
    return hook


@transaction.atomic
def account_erase(*, account: Model, actor: Model | str, reason: str) -> dict[str, int]:
    """How many rows of each table are gone. What a foreign key ties to the account goes with it."""
    locked = type(account)._default_manager.select_for_update().get(pk=account.pk)
    audit_record(actor=actor, action="account-erase", target=locked, reason=reason)
    gone: Counter[str] = Counter()
    for hook in _before:
        gone.update(hook(locked.pk))
    for each in owned(type(account)):
        if not each.goes_along:
            gone.update(each.rows(locked.pk).delete()[1])
    gone.update(type(account)._default_manager.filter(pk=locked.pk).delete()[1])
    return {label: count for label, count in gone.items() if count}
