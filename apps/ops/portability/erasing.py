"""Forgets an account: every row it owns, in one transaction, with an entry in the trail."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.db import transaction
from django.db.models import Model

from apps.ops.audit import audit_record
from apps.ops.portability.ownership import owned

Hook = Callable[[uuid.UUID], None]
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
    for hook in _before:
        hook(locked.pk)
    audit_record(actor=actor, action="account-erase", target=locked, reason=reason)
    gone: dict[str, int] = {}
    # The deepest first, people after their memberships: none may be counted twice or be missed.
    for each in owned(type(account)):
        if not each.goes_along:
            gone |= _deleted(each.model._default_manager.filter(**{each.lookup: locked.pk}))
    return gone | _deleted(type(account)._default_manager.filter(pk=locked.pk))


def _deleted(rows: object) -> dict[str, int]:
    _, by_label = rows.delete()  # type: ignore[attr-defined]
    return {label: count for label, count in by_label.items() if count}
