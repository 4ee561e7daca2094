"""Signing in with ``Authorization: Bearer wd_…``."""

from __future__ import annotations

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from apps.accounts.models import ApiToken, User
from apps.accounts.tokens import PREFIX, api_token_find, api_token_used


class BearerTokenAuthentication(BaseAuthentication):
    """A header that is there but no valid token is refused; without one the next way is tried."""

    openapi_name = "apiToken"
    openapi = {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "wd_…",
        "description": "A personal API token; its scopes say whether it may write.",
    }

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        if _bearer(request) is None:
            return None
        token = token_of(request._request)
        if token is None:
            raise AuthenticationFailed
        api_token_used(token)
        return token.membership.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


def token_of(request: HttpRequest) -> ApiToken | None:
    """The valid token that a request carries; looked up once, for the limits and for signing in."""
    if not hasattr(request, "_api_token"):
        plain = _bearer(request) or ""
        token = api_token_find(plain) if plain.startswith(PREFIX) else None
        request._api_token = token  # type: ignore[attr-defined]
    found: ApiToken | None = request._api_token  # type: ignore[attr-defined]
    return found


def signed_in_user(request: HttpRequest) -> str | None:
    """The id of whoever is signed in, for counting; by token, else by session."""
    if token := token_of(request):
        return str(token.membership.user_id)
    user_id = request.session.get(SESSION_KEY)
    return str(user_id) if user_id else None


def _bearer(request: Request | HttpRequest) -> str | None:
    kind, _, value = request.headers.get("Authorization", "").partition(" ")
    return value.strip() if kind.lower() == "bearer" else None
