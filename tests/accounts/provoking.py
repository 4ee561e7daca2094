"""How to get each documented answer out of signing in, tokens and connections."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable
from http.server import ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from django.utils import timezone

from apps.accounts.models import Connection
from apps.accounts.tokens import api_token_create
from apps.billing.models import Subscription
from tests.cast import Person
from tests.players.n8n import KEY, N8n
from tests.players.server import serve

Sent = dict[str, Any]
_SIGN_IN = {"email": "alice@example.org", "password": "correct horse battery"}

BODIES: dict[str, Any] = {
    "auth_password": _SIGN_IN,
    "token_create": {"name": "laptop", "scopes": ["read"]},
}


@functools.cache
def _instance() -> str:
    """The address of one n8n for the whole run."""
    player = N8n()
    _servers.append(serve(player))
    return player.url


_servers: list[ThreadingHTTPServer] = []


def _callback(**query: str) -> Callable[[Person], Sent]:
    def prepare(alice: Person) -> Sent:
        login = alice.client.get("/auth/login")
        state = parse_qs(urlsplit(login["Location"]).query)["state"][0]
        return {"query": f"?{urlencode({'state': state, **query})}"}

    return prepare


def _without_csrf_token(alice: Person) -> Sent:
    alice.client.credentials()
    alice.client.login(username=_SIGN_IN["email"], password=_SIGN_IN["password"])
    alice.client.handler.enforce_csrf_checks = True
    return {}


def _wrong_password(alice: Person) -> Sent:
    return {"body": {**_SIGN_IN, "password": "wrong"}}


def _connected(ago: datetime.timedelta) -> Callable[[Person], Sent]:
    def prepare(alice: Person) -> Sent:
        connection = Connection(
            account=alice.account,
            provider="highlevel",
            user_type="Location",
            location_id="a",
            refreshed_at=timezone.now() - ago,
        )
        connection.seal(token="access", refresh_token="refresh")
        connection.save()
        return {}

    return prepare


def _on_pro(alice: Person) -> Sent:
    Subscription.objects.create(account=alice.account, plan="pro", state="active")
    return {}


def _token(alice: Person) -> Sent:
    token, _ = api_token_create(membership=alice.membership, name="x")
    return {"id": token.pk}


def _n8n(key: str) -> Callable[[Person], Sent]:
    def prepare(alice: Person) -> Sent:
        return {"body": {"provider": "n8n", "baseUrl": _instance(), "apiKey": key}}

    return prepare


def _n8n_known(alice: Person) -> Sent:
    sent = _n8n(KEY)(alice)
    alice.client.post("/api/connections", sent["body"], format="json")
    return sent


PREPARE: dict[tuple[str, int], Callable[[Person], Sent]] = {
    ("auth_callback", 302): _callback(error="access_denied"),
    ("auth_callback", 502): _callback(code="x"),
    ("auth_password", 401): _wrong_password,
    ("auth_password", 403): _without_csrf_token,
    ("auth_logout", 403): _without_csrf_token,
    ("workflows_sync", 202): _connected(datetime.timedelta(0)),
    ("auth_refresh", 200): _connected(datetime.timedelta(0)),
    ("auth_refresh", 502): _connected(datetime.timedelta(hours=1)),
    ("token_create", 201): _on_pro,
    ("token_delete", 204): _token,
    ("connection_create", 200): _n8n_known,
    ("connection_create", 201): _n8n(KEY),
    ("connection_create", 502): _n8n("wrong"),
}
