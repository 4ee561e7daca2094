"""The link that unsubscribes, and where a mail service reports bounces and complaints."""

from __future__ import annotations

import base64
from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.crypto import constant_time_compare
from django.utils.module_loading import import_string
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from apps.ops.errors import ApplicationError
from apps.ops.notifications.email import email_suppress, unsubscribing
from apps.ops.notifications.models import EmailSuppression

#: Where the class is not called as the module is.
_CLASSES = {"mailersend": "MailerSend", "sparkpost": "SparkPost"}


# Mail programs post here by themselves (RFC 8058), without a cookie or a token of ours.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Looking changes nothing: scanners of mail open every link."""
    to = unsubscribing(token)
    if request.method == "POST":
        email_suppress(to=to, reason=EmailSuppression.Reason.UNSUBSCRIBED)
    values = {"address": to, "done": request.method == "POST"}
    return render(request, "email/unsubscribe.html", values)


@csrf_exempt
@require_POST
def events(request: HttpRequest) -> HttpResponseBase:
    """What the mail service of EMAIL_URL tells us; closed without a secret."""
    secret = getattr(settings, "ANYMAIL", {}).get("WEBHOOK_SECRET", "")
    if not secret:
        raise ApplicationError("not_found")
    expected = "Basic " + base64.b64encode(secret.encode()).decode()
    if not constant_time_compare(request.headers.get("Authorization", ""), expected):
        raise ApplicationError("signature_invalid", "The webhook's secret is wrong.")
    try:
        answer: HttpResponseBase = _view()(request)
    except (SuspiciousOperation, ValueError, KeyError, TypeError) as wrong:
        raise ApplicationError("validation_error", "This is no report of the service.") from wrong
    return answer


def _view() -> Any:
    name = settings.EMAIL_BACKEND.split(".")[-2]
    title = _CLASSES.get(name, name.title())
    _listen()
    return import_string(f"anymail.webhooks.{name}.{title}TrackingWebhookView").as_view()


def _listen() -> None:
    # The library's own interface; imported only where a mail service reports to us.
    from anymail.signals import tracking

    @receiver(tracking, dispatch_uid="suppress", weak=False)
    def suppress(sender: Any, event: Any, **_more: Any) -> None:
        reason = _reason(event)
        if reason and event.recipient:
            email_suppress(to=event.recipient, reason=reason, detail=event.description or "")


def _reason(event: Any) -> EmailSuppression.Reason | None:
    """A mailbox that is full today (a deferral) may have room tomorrow."""
    if event.event_type == "complained":
        return EmailSuppression.Reason.COMPLAINED
    if event.event_type in ("bounced", "rejected"):
        return EmailSuppression.Reason.BOUNCED
    if event.event_type == "unsubscribed":
        return EmailSuppression.Reason.UNSUBSCRIBED
    return None
