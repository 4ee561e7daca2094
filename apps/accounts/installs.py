"""The app put into and taken out of a HighLevel location or agency, and what follows from it."""

from __future__ import annotations

import datetime
import logging

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from apps.accounts.letters import tell_of_trouble
from apps.accounts.models import Account, Connection
from apps.ops.errors import ApplicationError
from apps.ops.portability.erasing import account_erase

logger = logging.getLogger(__name__)

#: How long the data of an account is kept after the app was taken out.
KEEP = datetime.timedelta(days=30)
#: By so much HighLevel's clock may be ahead of ours.
SKEW = datetime.timedelta(minutes=5)
UNINSTALLED = "The app was uninstalled at HighLevel."
State = Connection.State


def connections_of(*, location_id: str, company_id: str) -> QuerySet[Connection]:
    """A location's connection, or an agency's with those of all its locations; locked."""
    known = Connection.objects.select_for_update(of=("self",)).select_related("account")
    known = known.filter(provider=Connection.Provider.HIGHLEVEL).order_by("pk")
    if location_id:
        return known.filter(location_id=location_id)
    return known.filter(company_id=company_id) if company_id else known.none()


@transaction.atomic
def connection_installed(connection: Connection, *, at: datetime.datetime, plan_id: str) -> None:
    """The app is back, or new: nothing is erased. Tokens come with the next sign-in."""
    if not _is_news(connection, "install", at):
        return
    connection.uninstalled_at = None
    if connection.state == State.REVOKED:
        connection.state = State.NEEDS_ATTENTION
        connection.last_error = "The app is installed again; sign in once to connect."
    if plan_id and _is_news(connection, "plan", at):
        connection.marketplace_plan_id = plan_id
    connection.save()


@transaction.atomic
def connection_uninstalled(connection: Connection, *, at: datetime.datetime) -> None:
    """Revoked at once: the tokens are forgotten, the data is kept for `KEEP`."""
    since = connection.granted_at
    came_back = connection.state == State.CONNECTED and since and since > at + SKEW
    if came_back or not _is_news(connection, "install", at):
        # Tokens that were given later say that it has been installed again.
        return
    was_revoked = connection.state == State.REVOKED
    connection.state, connection.last_error = State.REVOKED, UNINSTALLED
    connection.uninstalled_at = at
    connection.sealed_token = connection.sealed_refresh_token = ""
    connection.expires_at = None
    connection.save()
    if not was_revoked:
        until = at + KEEP
        kept = f"What was brought in is kept until {until.day} {until:%B %Y} and erased then."
        tell_of_trouble(connection, f"{UNINSTALLED} {kept}")


@transaction.atomic
def connection_plan_changed(connection: Connection, *, at: datetime.datetime, plan_id: str) -> None:
    """Noted only: what an account may do is paid for at Stripe."""
    if _is_news(connection, "plan", at):
        connection.marketplace_plan_id = plan_id
        connection.save()


@transaction.atomic
def location_renamed(connection: Connection, *, at: datetime.datetime, name: str) -> None:
    if _is_news(connection, "location", at) and name:
        Account.objects.filter(pk=connection.account_id).update(name=name)
        connection.save()


def uninstalled_erase(*, now: datetime.datetime | None = None) -> int:
    """Erases the accounts whose time is over; returns how many.

    One that has come back, or has another platform connected, stays; so does one that still pays,
    until somebody has ended that.
    """
    over = (now or timezone.now()) - KEEP
    due = Connection.objects.filter(state=State.REVOKED, uninstalled_at__lte=over)
    count = 0
    for connection in due.select_related("account").order_by("uninstalled_at"):
        account = connection.account
        others = account.connections.exclude(pk=connection.pk).exclude(state=State.REVOKED)
        if others.exists():
            continue
        try:
            account_erase(account=account, actor="uninstall", reason=UNINSTALLED)
        except ApplicationError as refused:
            logger.error("account %s is not erased: %s", account.pk, refused)
        else:
            count += 1
    return count


def _is_news(connection: Connection, subject: str, at: datetime.datetime) -> bool:
    """Whether nothing newer was told of it; remembers it then, for the caller to save."""
    known = connection.told_at or {}
    if subject in known and at < datetime.datetime.fromisoformat(known[subject]):
        return False
    connection.told_at = {**known, subject: at.isoformat()}
    return True
