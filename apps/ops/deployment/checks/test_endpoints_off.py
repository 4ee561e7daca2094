"""The endpoints for trying things out are closed."""

from __future__ import annotations

from django.conf import settings

from apps.ops.deployment.target import Target
from apps.ops.deployment.verdict import Severity, Verdict, failed, passed

SEVERITY = Severity.HIGH


def check(target: Target) -> Verdict:
    if settings.ENABLE_TEST_ENDPOINTS:
        return failed(
            "/test answers without a sign-in, and lets anyone delete its history.",
            "Unset ENABLE_TEST_ENDPOINTS.",
        )
    return passed("/test answers 404.")
