"""What staff find of people and accounts, and see of them today."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q
from django.urls import reverse

from apps.accounts.models import Account, Connection, User
from apps.ops.staff.dashboard import Card, card
from apps.ops.staff.search import as_uuid, searcher


@searcher("Accounts", permission="accounts.view_account")
def accounts(query: str) -> Iterable[Account]:
    found = Q(name__icontains=query) | Q(location_id=query) | Q(users__email__iexact=query)
    if as_uuid(query):
        found |= Q(pk=query)
    return Account.objects.filter(found).distinct().order_by("name", "pk")


@searcher("People", permission="accounts.view_user")
def people(query: str) -> Iterable[User]:
    found = Q(email__icontains=query) | Q(name__icontains=query)
    if as_uuid(query):
        found |= Q(pk=query)
    return User.objects.filter(found).order_by("email")


@card("Connections", permission="accounts.view_connection", order=50)
def connections() -> Card:
    states = Connection.State
    connected = Connection.objects.filter(state=states.CONNECTED).count()
    broken = Connection.objects.filter(state=states.NEEDS_ATTENTION).count()
    return Card(
        str(connected),
        f"{broken} need attention" if broken else "none needs attention",
        url=reverse("admin:accounts_connection_changelist"),
        bad=bool(broken),
    )
