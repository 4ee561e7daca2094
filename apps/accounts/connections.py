"""Connections in use: tokens are renewed in time, and by one at a time."""

from __future__ import annotations

import datetime
import logging
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from apps.accounts.letters import tell_of_trouble
from apps.accounts.models import Account, Connection
from apps.accounts.oauth import highlevel
from apps.accounts.oauth.grants import Grant
from apps.accounts.oauth.sign_in import grant_take
from apps.ops.errors import ApplicationError
from apps.ops.http import Answer, bad_answer

logger = logging.getLogger(__name__)

#: A refresh that finished so long ago answers for those that start now.
FRESH = datetime.timedelta(seconds=5)
#: How long before its end a token is renewed by whoever uses it.
AHEAD = datetime.timedelta(minutes=5)


def connections_for(account: Account) -> QuerySet[Connection]:
    return Connection.objects.filter(account=account).order_by("created_at", "pk")


def highlevel_connection(account: Account) -> Connection | None:
    return connections_for(account).filter(provider=Connection.Provider.HIGHLEVEL).first()


def connection_refresh(connection_id: UUID) -> Connection:
    """Rotate the tokens and return the row. Ten at once make one call, and all ten succeed.

    The row stays locked during the call: HighLevel takes a refresh token once, so nobody else may
    try it meanwhile, and what comes back is stored before anybody reads it.

    Raises ``upstream_auth`` when it is refused for good (the connection then needs attention), and
    other ``upstream_*`` codes when HighLevel does not answer (then nothing has changed).
    """
    started = timezone.now()
    with transaction.atomic():
        row = Connection.objects.select_for_update().get(pk=connection_id)
        if row.refreshed_at and row.refreshed_at > started - FRESH:
            return row
        just_failed = row.failed_at is not None and row.failed_at > started - FRESH
        refused = _refused(row) if just_failed else _rotate(row)
    if refused is not None:
        raise refused
    return row


def connection_call(
    connection: Connection,
    method: str,
    path: str,
    *,
    version: str = highlevel.VERSION,
    **options: Any,
) -> Answer:
    """A call to HighLevel as this connection; a token that has ended is renewed, once.

    Raises ``upstream_auth`` when the connection needs attention.
    """
    if connection.state != Connection.State.CONNECTED:
        raise _refused(connection)
    if _ends_soon(connection) or not connection.is_readable:
        connection = connection_refresh(connection.pk)
    expect = {401, *options.pop("expect", ())}
    options["resource"] = connection.location_id or connection.company_id

    def call(token: str) -> Answer:
        return highlevel.call(method, path, token=token, version=version, expect=expect, **options)

    answer = call(connection.token)
    if answer.status == 401:
        connection = connection_refresh(connection.pk)
        answer = call(connection.token)
    if answer.status == 401:
        if b"scope" in answer.body:
            # The token is good, but not for this: the app was given fewer rights.
            message = "HighLevel did not give the app the right to read this."
            raise ApplicationError("upstream_auth", message, permanent=True)
        message = "HighLevel does not accept its own new token; sign in with HighLevel again."
        connection_trouble(connection=connection, message=message)
        raise ApplicationError("upstream_auth", message, permanent=True)
    return answer


def agency_token(agency: Connection) -> str:
    """The agency's access token, renewed when it ends soon."""
    if _ends_soon(agency):
        agency = connection_refresh(agency.pk)
    return agency.token


@transaction.atomic
def connection_trouble(*, connection: Connection, message: str) -> None:
    """Mark a connection as needing attention; its data stays, and its people are told once."""
    connection.state = Connection.State.NEEDS_ATTENTION
    connection.last_error, connection.failed_at = message[:500], timezone.now()
    changed = Connection.objects.filter(pk=connection.pk, state=Connection.State.CONNECTED).update(
        state=connection.state, last_error=connection.last_error, failed_at=connection.failed_at
    )
    if changed:
        logger.warning("connection %s needs attention: %s", connection.pk, message)
        tell_of_trouble(connection)
    else:
        Connection.objects.filter(pk=connection.pk).update(
            last_error=connection.last_error, failed_at=connection.failed_at
        )


def connection_synced(*, connection: Connection) -> None:
    Connection.objects.filter(pk=connection.pk).update(synced_at=timezone.now())


def connections_due(within: datetime.timedelta) -> QuerySet[Connection]:
    """Live HighLevel connections of their own whose token ends soon."""
    return Connection.objects.filter(
        provider=Connection.Provider.HIGHLEVEL,
        state=Connection.State.CONNECTED,
        expires_at__lt=timezone.now() + within,
    ).exclude(sealed_refresh_token="")


def _ends_soon(connection: Connection) -> bool:
    return connection.expires_at is None or connection.expires_at < timezone.now() + AHEAD


def _rotate(row: Connection) -> ApplicationError | None:
    """Put new tokens into the locked row; returns the refusal when it stays without."""
    try:
        grant = _new_grant(row)
        if (grant.user_type, grant.location_id) != (row.user_type, row.location_id):
            raise bad_answer(highlevel.HIGHLEVEL, "these tokens are another location's")
    except ApplicationError as refused:
        if refused.code != "upstream_auth":
            raise
        connection_trouble(connection=row, message=refused.message)
        return refused
    keep = row.refresh_token if row.sealed_refresh_token and not grant.refresh_token else ""
    grant_take(row, grant)
    if keep:
        row.seal(token=grant.token, refresh_token=keep)
    row.refreshed_at = row.granted_at
    row.save()
    return None


def _new_grant(row: Connection) -> Grant:
    if not row.sealed_refresh_token:
        return _minted(row)
    try:
        return highlevel.token_refresh(row)
    except ApplicationError as refused:
        if refused.code != "upstream_auth":
            raise
        # Perhaps its successor was answered and never stored: a crash at the wrong moment.
        logger.info("connection %s: refresh refused, asking for a reconnect", row.pk)
        return highlevel.reconnect(row, deadline=4)


def _minted(row: Connection) -> Grant:
    """A token of an agency's location, from the agency's own."""
    agency = Connection.objects.filter(
        company_id=row.company_id,
        user_type=Connection.UserType.COMPANY,
        state=Connection.State.CONNECTED,
    ).first()
    if not row.company_id or agency is None:
        raise _refused(row)
    return highlevel.location_token(
        agency_token(agency), company_id=row.company_id, location_id=row.location_id
    )


def _refused(connection: Connection) -> ApplicationError:
    message = connection.last_error or "HighLevel is not connected; sign in with HighLevel again."
    return ApplicationError("upstream_auth", message, permanent=True)
