"""Browser sessions for DRF, with CSRF failures under their own code."""

from rest_framework import authentication, exceptions
from rest_framework.request import Request

from apps.ops.errors import ApplicationError


class SessionAuthentication(authentication.SessionAuthentication):
    """DRF answers a CSRF failure as any other refusal; callers need to tell it apart."""

    openapi_name = "session"
    openapi = {
        "type": "apiKey",
        "in": "cookie",
        "name": "sessionid",
        "description": "A browser's session; unsafe methods also need the header X-CSRFToken.",
    }

    def enforce_csrf(self, request: Request) -> None:
        try:
            super().enforce_csrf(request)
        except exceptions.PermissionDenied as refused:
            raise ApplicationError("csrf_failed") from refused

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"
