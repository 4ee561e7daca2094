"""The admin site."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse

from apps.ops.staff import dashboard, search, two_factor, views

#: Keys and recovery codes; nobody needs to look at them, so that nobody can.
NEVER_SHOWN = {"otp_totp", "otp_static"}


class StaffSite(admin.AdminSite):
    """Django's, but for those alone who gave their second factor in this session."""

    site_header = site_title = "Workflow Debugger"
    index_title = "Today"
    index_template = "staff/index.html"

    def register(self, model_or_iterable: Any, *args: Any, **options: Any) -> None:
        models = model_or_iterable if isinstance(model_or_iterable, list | tuple) else ()
        if {model._meta.app_label for model in models or (model_or_iterable,)} & NEVER_SHOWN:
            return
        super().register(model_or_iterable, *args, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and (
            not settings.STAFF_TWO_FACTOR or two_factor.is_given(request)
        )

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Who has given the password alone is led on to the second factor."""
        if super().has_permission(request) and not self.has_permission(request):
            onward = urlencode({"next": views.safe_next(request)})
            return HttpResponseRedirect(f"{reverse('admin:two_factor')}?{onward}")
        return super().login(request, extra_context)

    def get_urls(self) -> list[URLResolver | URLPattern]:
        own: list[URLResolver | URLPattern] = [
            path("two-factor", views.two_factor, name="two_factor"),
            path("search", self.admin_view(views.search), name="search"),
        ]
        # Nothing here has a page on the site, and Django's way to one fails on ids like ours.
        theirs = [each for each in super().get_urls() if _name(each) != "view_on_site"]
        return own + theirs

    def index(self, request: HttpRequest, extra_context: Any = None) -> TemplateResponse:
        cards = dashboard.cards_for(request)
        return super().index(request, {"cards": cards, **(extra_context or {})})

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return {**super().each_context(request), "searchable": bool(search.SEARCHERS)}


def _name(pattern: URLResolver | URLPattern) -> str | None:
    return pattern.name if isinstance(pattern, URLPattern) else None
