"""Rows of accounts as the API answers them; nothing secret is among it."""

from __future__ import annotations

from typing import Any

from apps.accounts.connections import connections_for
from apps.accounts.models import Account, ApiToken, Connection, Membership, User
from apps.accounts.plans import plans

_NOBODY: dict[str, Any] = {"authenticated": False, "user": None, "account": None, "plan": None}


def status_row(user: User | None, membership: Membership | None) -> dict[str, Any]:
    """Who is signed in, where, on which plan and how connected."""
    if user is None:
        return {**_NOBODY, "connection": _connection_status(None)}
    account = membership.account if membership else None
    return {
        "authenticated": True,
        "user": {
            "id": user.pk,
            "email": user.email,
            "role": membership.role if membership else None,
        },
        "account": account
        and {"id": account.pk, "name": account.name, "locationId": account.location_id or None},
        "plan": account and plans().name(account),
        "connection": _connection_status(account),
    }


def token_row(token: ApiToken) -> dict[str, Any]:
    return {
        "id": token.pk,
        "name": token.name,
        "scopes": token.scopes,
        "createdAt": token.created_at,
        "expiresAt": token.expires_at,
        "lastUsedAt": token.last_used_at,
    }


def connection_row(connection: Connection) -> dict[str, Any]:
    return {
        "id": connection.pk,
        "provider": connection.provider,
        "state": _state(connection),
        "baseUrl": connection.base_url or None,
        "locationId": connection.location_id or None,
        "companyId": connection.company_id or None,
        "scopes": connection.scopes,
        "expiresAt": connection.expires_at,
        "syncedAt": connection.synced_at,
        "lastError": connection.last_error or None,
        "createdAt": connection.created_at,
    }


def _connection_status(account: Account | None) -> dict[str, Any]:
    """HighLevel's, or else the first; an account may have several n8n instances."""
    found = list(connections_for(account)) if account else []
    ours = [each for each in found if each.provider == Connection.Provider.HIGHLEVEL] or found
    if not ours:
        return {"provider": None, "state": "none", "scopes": [], "expiresAt": None}
    return {
        "provider": ours[0].provider,
        "state": _state(ours[0]),
        "scopes": ours[0].scopes,
        "expiresAt": ours[0].expires_at,
    }


def _state(connection: Connection) -> str:
    is_gone = connection.state == Connection.State.REVOKED
    return "none" if is_gone else connection.state
