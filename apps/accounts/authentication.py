"""Signing in with ``Authorization: Bearer wd_…``."""

from __future__ import annotations

from rest_framework.authentication import BaseAuthentication, get_authorization_header
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
        kind, _, value = get_authorization_header(request).partition(b" ")
        if kind.lower() != b"bearer":
            return None
        plain = value.strip().decode("ascii", "replace")
        token = api_token_find(plain) if plain.startswith(PREFIX) else None
        if token is None:
            raise AuthenticationFailed
        api_token_used(token)
        return token.membership.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"
