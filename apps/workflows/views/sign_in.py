"""Signing in and out."""

from __future__ import annotations

from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.models import User
from apps.accounts.oauth import highlevel
from apps.ops.errors import ApplicationError
from apps.workflows.views.doors import refused, safe_next, sent, show

HOME = "/workflows"
WRONG = "There is no user with this e-mail and password."


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """With e-mail and password here, or at HighLevel."""
    if request.user.is_authenticated and request.method != "POST":
        return HttpResponseRedirect(safe_next(request, HOME))
    error, email, status = "", "", 200
    if request.method == "POST":
        email = sent(request, "email", 320)
        try:
            login(request, _user(request, email))
            return HttpResponseRedirect(safe_next(request, HOME))
        except ApplicationError as wrong:
            error, status = refused(request, wrong), wrong.status
    shown = {
        "error": error,
        "email": email,
        "next": safe_next(request, ""),
        "highlevel": highlevel.is_configured(),
    }
    return show(request, "sign_in", shown, area="sign-in", status=status)


def _user(request: HttpRequest, email: str) -> User:
    """Who this is. Raises ``not_authenticated``, or ``rate_limited`` after too many tries."""
    found = authenticate(request, username=email, password=request.POST.get("password", ""))
    if not isinstance(found, User):
        raise ApplicationError("not_authenticated", WRONG)
    return found


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return HttpResponseRedirect("/")
