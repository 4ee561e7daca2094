"""How OpenAPI names the ways to sign in that this app brings."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema


class BearerScheme(OpenApiAuthenticationExtension):
    """Registered by its mere import, which the app's `ready` does."""

    target_class = "apps.accounts.authentication.BearerTokenAuthentication"
    name = "apiToken"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "wd_…",
            "description": "A personal API token; its scopes say whether it may write.",
        }
