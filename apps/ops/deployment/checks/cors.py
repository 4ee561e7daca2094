"""Only our own front end may read answers from another origin."""

from __future__ import annotations

from django.conf import settings

from apps.ops.deployment.target import Target
from apps.ops.deployment.verdict import Severity, Verdict, failed, passed

SEVERITY = Severity.HIGH


def check(target: Target) -> Verdict:
    open_to_all = getattr(settings, "CORS_ALLOW_ALL_ORIGINS", False) or getattr(
        settings, "CORS_ALLOWED_ORIGIN_REGEXES", ()
    )
    if open_to_all:
        return failed("Any site may read a signed-in visitor's data.", "Allow FRONTEND_URL alone.")
    others = [origin for origin in settings.CORS_ALLOWED_ORIGINS if origin != settings.FRONTEND_URL]
    if others:
        return failed(f"{len(others)} other origins are allowed.", "Allow FRONTEND_URL alone.")
    return passed("The front end is the only origin allowed.")
