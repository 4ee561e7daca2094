"""An n8n instance as a connection: its address, its key, and asking it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import transaction

from apps.accounts.models import Account, Connection
from apps.ops.errors import ApplicationError
from apps.ops.http import (
    AddressRefusedError,
    Provider,
    Reach,
    bad_answer,
    refuse_address,
    send,
)

API = "/api/v1"
LONGEST_KEY = 4096


def instance_address(sent: str) -> str:
    """The instance's address as it is stored. Raises ``validation_error`` with the field."""
    try:
        parts = urlsplit(sent.strip())
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in ("http", "https"):
        raise _invalid("Give the instance's full address, such as https://n8n.example.com.")
    if parts.username or parts.query or parts.fragment:
        raise _invalid("Give the address alone, without a user, a query or a fragment.")
    if parts.scheme == "http" and not settings.ALLOW_PRIVATE_ADDRESSES:
        raise _invalid("The address must begin with https://, as the API key is sent along.")
    path = parts.path.rstrip("/").removesuffix(API)
    address = urlunsplit((parts.scheme, parts.netloc.lower(), path.rstrip("/"), "", ""))
    try:
        refuse_address(address, Reach.PRIVATE if settings.ALLOW_PRIVATE_ADDRESSES else Reach.PUBLIC)
    except AddressRefusedError as refused:
        raise _invalid(f"{host} is not on the public internet.") from refused
    return address


def instance_connect(*, account: Account, address: str, key: str) -> tuple[Connection, bool]:
    """Keep an instance once it let us in, or its new key; and whether it is new here.

    ``address`` comes from ``instance_address``. Raises ``upstream_*`` as the instance answers.
    """
    workflows_page(address, key, limit=1, deadline=10)
    with transaction.atomic():
        Account.objects.select_for_update(no_key=True).get(pk=account.pk)
        connection, created = Connection.objects.get_or_create(
            account=account, provider=Connection.Provider.N8N, base_url=address
        )
        connection.state, connection.last_error = Connection.State.CONNECTED, ""
        connection.seal(token=key)
        connection.save()
    return connection, created


def workflows_page(
    address: str, key: str, *, cursor: str = "", limit: int = 100, deadline: float = 30
) -> tuple[list[dict[str, Any]], str]:
    """A page of the instance's workflows, whole, and the cursor of the next or nothing."""
    provider = Provider(
        f"n8n:{urlsplit(address).netloc}", "The n8n instance", most_bytes=50 * 1024 * 1024
    )
    answer = send(
        provider,
        "GET",
        f"{address}{API}/workflows",
        params={"limit": limit} | ({"cursor": cursor} if cursor else {}),
        headers={"X-N8N-API-KEY": key},
        deadline=deadline,
    )
    found = answer.json()
    rows = found.get("data") if isinstance(found, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise bad_answer(provider, "it holds no list of workflows", permanent=True)
    following = found.get("nextCursor")
    return rows, following if isinstance(following, str) else ""


def _invalid(message: str) -> ApplicationError:
    detail = {"field": "baseUrl", "code": "invalid", "message": message}
    return ApplicationError("validation_error", f"baseUrl: {message}", details=[detail])
