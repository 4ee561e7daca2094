"""How much of a plan is used. What lies above this app brings its own counts when it starts."""

from __future__ import annotations

from collections.abc import Callable

from apps.accounts.models import Account

Count = Callable[[Account], int]
_COUNTS: dict[str, Count] = {
    "members": lambda account: account.memberships.count(),
}


def count_by(what: str, count: Count) -> None:
    """Says how to count what a plan limits, such as ``workflows``."""
    _COUNTS[what] = count


def used(account: Account) -> dict[str, int]:
    return {what: count(account) for what, count in _COUNTS.items()}
