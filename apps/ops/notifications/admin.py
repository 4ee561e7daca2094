"""Mail and channels for staff: who gets none, what every mail looks like, how channels fare."""

from __future__ import annotations

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from apps.ops.notifications.catalogue import EMAILS
from apps.ops.notifications.email import render
from apps.ops.notifications.models import Channel, EmailSuppression
from apps.ops.staff.ledger import AuditedAdmin, Ledger


@admin.register(EmailSuppression)
class EmailSuppressionAdmin(AuditedAdmin):
    """Who gets no mail, and what every mail looks like."""

    list_display = ("address", "reason", "created_at", "detail")
    list_filter = ("reason",)
    search_fields = ("address",)
    change_list_template = "email/suppressions.html"

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        see = self.admin_site.admin_view
        own = [
            path("previews/", see(self.previews), name="email_previews"),
            path("previews/<str:name>.<str:form>", see(self.preview), name="email_preview"),
        ]
        return own + super().get_urls()

    def previews(self, request: HttpRequest) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": "E-mails",
            "emails": {name: render(name, email.example) for name, email in EMAILS.items()},
        }
        return TemplateResponse(request, "email/previews.html", context)

    def preview(self, request: HttpRequest, name: str, form: str) -> HttpResponse:
        if name not in EMAILS or form not in ("html", "txt"):
            raise Http404
        rendered = render(name, EMAILS[name].example, to="someone@example.org")
        if form == "txt":
            text = f"Subject: {rendered.subject}\n\n{rendered.text}"
            return HttpResponse(text, content_type="text/plain; charset=utf-8")
        answer = HttpResponse(rendered.html)
        # Mail programs know styles only where they stand; nothing in the page is anyone's but ours.
        answer._csp_replace = {"style-src": ["'unsafe-inline'"]}  # type: ignore[attr-defined]
        return answer


@admin.register(Channel)
class ChannelAdmin(Ledger):
    """Without the address, which holds tokens."""

    list_display = ("name", "account_id", "enabled", "frequency", "last_sent_at", "last_error")
    list_filter = ("enabled", "frequency")
    search_fields = ("=account_id", "name")
    fields = (
        "name", "account_id", "kinds", "frequency", "enabled", "created_at", "last_sent_at",
        "last_error",
    )  # fmt: skip
