"""HighLevel's OAuth 2 endpoints. No function here touches the database."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from apps.accounts.models import Connection
from apps.accounts.oauth.grants import Grant, read_grant, refusal
from apps.ops.errors import ApplicationError
from apps.ops.http import Answer, Provider, Reach, send

#: The deployment's own settings say where it is, hence it may be loopback.
HIGHLEVEL = Provider(
    "highlevel",
    "HighLevel",
    reach=Reach.LOOPBACK,
    read_seconds=10,
    calls_per_window=100,
    window_seconds=10,
)
#: For what a sign-in can do without: not repeated, and no reason to think HighLevel down.
NAMES = dataclasses.replace(HIGHLEVEL, name="highlevel-names", attempts=1)
VERSION = "2021-07-28"
TIMEOUT_SECONDS = 10
#: Statuses by which the token endpoint says no.
_REFUSALS = (400, 401, 403, 422)
_PAGE = 100


def is_configured() -> bool:
    return bool(settings.ENVIRONMENT.highlevel_client_id)


def authorize_url(state: str, *, redirect_uri: str) -> str:
    environment = settings.ENVIRONMENT
    query = urlencode(
        {
            "response_type": "code",
            "client_id": environment.highlevel_client_id,
            "redirect_uri": redirect_uri,
            "scope": " ".join(environment.highlevel_scopes),
            "state": state,
        }
    )
    separator = "&" if "?" in environment.highlevel_authorize_url else "?"
    return f"{environment.highlevel_authorize_url}{separator}{query}"


def code_exchange(code: str, *, redirect_uri: str = "", deadline: float = TIMEOUT_SECONDS) -> Grant:
    """Raises ``upstream_auth`` when the code is refused."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri or settings.ENVIRONMENT.highlevel_redirect_uri,
    }
    # Not repeatable: a code that arrived is spent.
    return _token(form, deadline=deadline, repeatable=False)


def token_refresh(connection: Connection, *, deadline: float = TIMEOUT_SECONDS) -> Grant:
    """Raises ``upstream_auth`` when the refresh token is refused."""
    # Repeatable: for 30 s HighLevel answers the same refresh token with the same new one.
    return _token(
        {
            "grant_type": "refresh_token",
            "refresh_token": connection.refresh_token,
            "user_type": connection.user_type,
        },
        deadline=deadline,
        repeatable=True,
        of=connection,
    )


def reconnect(connection: Connection, *, deadline: float = TIMEOUT_SECONDS) -> Grant:
    """Tokens without the person, for an installation whose refresh token was lost.

    Raises ``upstream_auth`` when HighLevel no longer has the installation.
    """
    environment = settings.ENVIRONMENT
    is_location = connection.user_type == Connection.UserType.LOCATION
    whom = (
        {"locationId": connection.location_id}
        if is_location
        else {"companyId": connection.company_id}
    )
    keys = {
        "clientKey": environment.highlevel_client_id,
        "clientSecret": environment.highlevel_client_secret,
    }
    answer = call("POST", "/oauth/reconnect", json=keys | whom, expect=_REFUSALS, deadline=deadline)
    code = _object(answer).get("authorizationCode") if answer.status < 300 else None
    if not isinstance(code, str) or not code:
        raise refusal(answer)
    return code_exchange(code, deadline=deadline)


def location_token(
    token: str, *, company_id: str, location_id: str, deadline: float = TIMEOUT_SECONDS
) -> Grant:
    """A location's token, minted from its agency's; it comes without a refresh token."""
    answer = call(
        "POST",
        "/oauth/locationToken",
        token=token,
        data={"companyId": company_id, "locationId": location_id},
        expect=_REFUSALS,
        # A second one harms nobody.
        repeatable=True,
        resource=company_id,
        deadline=deadline,
    )
    if answer.status >= 300:
        raise refusal(answer)
    return read_grant(answer, location_id=location_id, company_id=company_id)


def installed_locations(token: str, *, company_id: str) -> Iterator[tuple[str, str]]:
    """Id and name of every location of an agency where the app is installed."""
    app_id = settings.ENVIRONMENT.highlevel_client_id.split("-")[0]
    skip = 0
    while True:
        query = {"companyId": company_id, "appId": app_id, "isInstalled": "true"}
        answer = call(
            "GET",
            "/oauth/installedLocations",
            token=token,
            params={**query, "skip": skip, "limit": _PAGE},
            resource=company_id,
        )
        rows = _object(answer).get("locations")
        rows = rows if isinstance(rows, list) else []
        for row in rows:
            if isinstance(row, dict) and isinstance(row.get("_id"), str) and row["_id"]:
                yield row["_id"][:100], str(row.get("name") or "")[:200]
        skip += _PAGE
        if len(rows) < _PAGE:
            return


def name_of(path: str, kind: str, token: str) -> dict[str, Any]:
    """What HighLevel tells of a user, location or company; empty when it does not.

    For names only: a sign-in must not fail because a scope is missing.
    """
    try:
        found = _object(call("GET", f"/{path}", token=token, provider=NAMES, deadline=3))
    except ApplicationError:
        return {}
    inner = found.get(kind, found)
    return inner if isinstance(inner, dict) else {}


def call(
    method: str,
    path: str,
    *,
    token: str = "",
    version: str = VERSION,
    provider: Provider = HIGHLEVEL,
    **options: Any,
) -> Answer:
    """A call to HighLevel's API; ``options`` as ``apps.ops.http.send`` takes them."""
    headers = {"Version": version} | ({"Authorization": f"Bearer {token}"} if token else {})
    url = f"{settings.ENVIRONMENT.highlevel_api_base_url}{path}"
    return send(provider, method, url, headers=headers, **options)


def _token(form: dict[str, str], *, of: Connection | None = None, **options: Any) -> Grant:
    environment = settings.ENVIRONMENT
    client = {
        "client_id": environment.highlevel_client_id,
        "client_secret": environment.highlevel_client_secret,
    }
    location_id, company_id = (of.location_id, of.company_id) if of else ("", "")
    answer = call(
        "POST",
        "/oauth/token",
        data=client | form,
        expect=_REFUSALS,
        resource=location_id or company_id,
        **options,
    )
    if answer.status >= 300:
        raise refusal(answer)
    return read_grant(answer, location_id=location_id, company_id=company_id)


def _object(answer: Answer) -> dict[str, Any]:
    found = answer.json()
    return found if isinstance(found, dict) else {}
