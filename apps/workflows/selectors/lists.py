"""The account's reference lists, and when they may judge a definition."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from apps.accounts.models import Account
from apps.workflows.analysis.graph import HIGHLEVEL
from apps.workflows.models import ReferenceList
from apps.workflows.platforms.base import Bundle


def account_lists_of(account: Account) -> dict[str, Sequence[Any]]:
    """The account's reference lists by kind, as ``analysis.facts.account.Account`` takes them."""
    rows = ReferenceList.objects.filter(account=account)
    return {row.kind: row.data for row in rows}


def add_lists(
    bundle: Bundle, account: Account, rows: Iterable[ReferenceList] | None = None
) -> None:
    """Give a document that brings no lists of its own those of the account.

    A definition that says it is from another location is judged without them: everything that it
    names would seem to be missing. ``rows`` are the account's lists where they are read already.
    """
    if bundle.platform != HIGHLEVEL or bundle.lists:
        return
    if rows is None:
        rows = ReferenceList.objects.filter(account=account)
    stated = {source.definition.get("locationId") for source in bundle.sources} - {None, ""}
    for row in rows:
        own = row.location_id or account.location_id
        if not own or stated <= {own}:
            bundle.lists[row.kind] = list(row.data)
