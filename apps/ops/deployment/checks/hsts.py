"""Browsers are told to come over https ever after."""

from __future__ import annotations

from django.conf import settings

from apps.ops.deployment.target import Target
from apps.ops.deployment.verdict import Severity, Verdict, failed, passed, warned

SEVERITY = Severity.MEDIUM
LEAST_SECONDS = 180 * 24 * 3600


def check(target: Target) -> Verdict:
    seconds = settings.SECURE_HSTS_SECONDS
    if not seconds:
        return failed("No Strict-Transport-Security is sent.", "Set SECURE_HSTS_SECONDS.")
    if seconds < LEAST_SECONDS:
        return warned(f"It holds for {seconds} s only.", "Let it hold for half a year or more.")
    return passed(f"Strict-Transport-Security holds for {seconds // 86400} days.")
