"""Who may see the monitoring: whoever knows its token, and staff."""

import functools
import secrets
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework.settings import api_settings

from apps.ops.errors import ApplicationError

View = Callable[[HttpRequest], HttpResponse]


def require_watcher(request: HttpRequest) -> None:
    """Raises `not_authenticated` for strangers and `permission_denied` for ordinary users."""
    if knows_token(request):
        return
    user = _user(request)
    if not user.is_authenticated:
        raise ApplicationError("not_authenticated", headers={"WWW-Authenticate": "Bearer"})
    if not user.is_staff:
        raise ApplicationError("permission_denied", "Only staff may see this.")


def may_watch(request: HttpRequest) -> bool:
    """The same as an answer; no when the database cannot tell."""
    try:
        require_watcher(request)
    except (ApplicationError, AuthenticationFailed, DatabaseError):
        return False
    return True


def knows_token(request: HttpRequest) -> bool:
    wanted = settings.ENVIRONMENT.monitoring_token
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    return bool(
        wanted
        and kind.lower() == "bearer"
        and secrets.compare_digest(given.strip().encode(), wanted.encode())
    )


def watching(view: View) -> View:
    """A view that only looks, never cached; a POST is told 405, not that it lacks a CSRF token."""
    return csrf_exempt(never_cache(require_safe(view)))


def for_watchers(*, open_in_debug: bool = False) -> Callable[[View], View]:
    """A looking view for watchers alone; with `open_in_debug` for anyone where one debugs."""

    def wrap(view: View) -> View:
        @functools.wraps(view)
        def closed(request: HttpRequest) -> HttpResponse:
            if not (open_in_debug and settings.DEBUG):
                require_watcher(request)
            return view(request)

        return watching(closed)

    return wrap


def _user(request: HttpRequest) -> Any:
    """As the API would see it: by API token, else by session."""
    classes: Any = api_settings.DEFAULT_AUTHENTICATION_CLASSES
    return Request(request, authenticators=[each() for each in classes]).user
