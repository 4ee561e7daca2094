"""Signing in and out."""

from __future__ import annotations

from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

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
    error, email = "", ""
    if request.method == "POST":
        email = sent(request, "email", 320)
        user = authenticate(request, username=email, password=request.POST.get("password", ""))
        if user is not None:
            login(request, user)
            return HttpResponseRedirect(safe_next(request, HOME))
        error = refused(request, ApplicationError("not_authenticated", WRONG))
    shown = {"error": error, "email": email, "next": safe_next(request, "")}
    return show(request, "sign_in", shown, status=401 if error else 200)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return HttpResponseRedirect("/")
