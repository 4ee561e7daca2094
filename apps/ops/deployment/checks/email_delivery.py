"""E-mails leave the house."""

from __future__ import annotations

from django.conf import settings

from apps.ops.deployment.target import Target
from apps.ops.deployment.verdict import Severity, Verdict, failed, passed, warned

SEVERITY = Severity.HIGH
NOWHERE = ("dummy", "console", "locmem", "filebased")


def check(target: Target) -> Verdict:
    backend = settings.EMAIL_BACKEND
    if any(f".{name}." in backend for name in NOWHERE):
        return failed(
            "Nobody gets an e-mail: EMAIL_URL is empty or names no provider.",
            "Set EMAIL_URL to the mail provider's smtp+tls://user:password@host:587.",
        )
    if backend.endswith("smtp.EmailBackend") and not (
        settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL
    ):
        return warned("E-mails go to the provider in the clear.", "Use smtp+tls:// in EMAIL_URL.")
    return passed("E-mails go to a provider, encrypted.")
