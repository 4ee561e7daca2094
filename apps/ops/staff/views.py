"""The pages of the admin that Django has not."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import django_otp
import qrcode
from django.contrib import admin
from django.contrib.auth import logout
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters

from apps.ops.staff import search as searching
from apps.ops.staff import two_factor as factors

if TYPE_CHECKING:
    from django_otp.plugins.otp_totp.models import TOTPDevice

WRONG = "That code is wrong or has been used. Wait for the next one and try again."


def safe_next(request: HttpRequest) -> str:
    """Where to go on afterwards: a page of this admin, whatever the address says."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    home = reverse("admin:index")
    if wanted.startswith(home) and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return wanted
    return home


@sensitive_post_parameters("code")
@never_cache
@csrf_protect
def two_factor(request: HttpRequest) -> HttpResponse:
    """Asks for the code; of who has none yet, has it set up first."""
    user = request.user
    if not isinstance(user, AbstractBaseUser) or not getattr(user, "is_staff", False):
        return HttpResponseRedirect(reverse("admin:login"))
    if factors.is_given(request):
        return HttpResponseRedirect(safe_next(request))
    if "leave" in request.POST:
        logout(request)
        return HttpResponseRedirect(reverse("admin:login"))
    ask = _ask_for_code if factors.is_set_up(user) else _set_up
    return ask(request, user)


def _ask_for_code(request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
    error = ""
    if request.method == "POST":
        device = factors.code_match(user=user, code=request.POST.get("code", ""))
        if device:
            django_otp.login(request, device)
            return HttpResponseRedirect(safe_next(request))
        error = WRONG
    return _page(request, "staff/two_factor.html", error=error)


def _set_up(request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
    error = ""
    if request.method == "POST":
        code = request.POST.get("code", "").replace(" ", "")
        confirmed = factors.device_confirm(user=user, code=code)
        if confirmed:
            device, codes = confirmed
            django_otp.login(request, device)
            return _page(request, "staff/recovery_codes.html", codes=codes)
        error = WRONG
    device = factors.device_in_preparation(user)
    return _page(
        request,
        "staff/two_factor_set_up.html",
        error=error,
        picture=qr_path(device.config_url),
        key=_typed(device),
    )


def search(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "").strip()
    groups = searching.search(request, query) if query else []
    return _page(request, "staff/search.html", query=query, groups=groups, title="Search")


def qr_path(text: str) -> dict[str, Any]:
    """A QR code as the `d` of one SVG path, and the length of its side."""
    code = qrcode.QRCode(border=2)
    code.add_data(text)
    rows = code.get_matrix()
    squares = (
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
    )
    return {"d": "".join(squares), "side": len(rows)}


def _typed(device: TOTPDevice) -> str:
    """The key as people type it who cannot scan: base32 in groups of four."""
    key = base64.b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(key[start : start + 4] for start in range(0, len(key), 4))


def _page(request: HttpRequest, template: str, **told: Any) -> HttpResponse:
    context = {**admin.site.each_context(request), "next": safe_next(request), **told}
    return render(request, template, context)
