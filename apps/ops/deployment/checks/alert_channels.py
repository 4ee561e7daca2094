"""A person hears of trouble before customers write."""

from __future__ import annotations

from django.conf import settings

from apps.ops.deployment.target import Target
from apps.ops.deployment.verdict import Severity, Verdict, failed, passed, warned

SEVERITY = Severity.MEDIUM


def check(target: Target) -> Verdict:
    emails = settings.ENVIRONMENT.alert_emails
    channels = settings.ENVIRONMENT.notification_urls
    if not emails and not channels:
        return failed(
            "Alerts reach nobody: ALERT_EMAILS and NOTIFICATION_URLS are empty.",
            "Set ALERT_EMAILS, and NOTIFICATION_URLS for a channel apart from e-mail.",
        )
    if not channels:
        return warned(
            "Alerts go by e-mail alone, and with it down nobody hears of it.",
            "Set NOTIFICATION_URLS as well.",
        )
    return passed(f"Alerts go to {len(emails)} addresses and {len(channels)} channels.")
