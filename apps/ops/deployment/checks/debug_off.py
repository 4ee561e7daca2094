"""Nobody gets to see tracebacks and settings."""

from __future__ import annotations

from django.conf import settings

from apps.ops.deployment.target import Target
from apps.ops.deployment.verdict import Severity, Verdict, failed, passed, warned

SEVERITY = Severity.CRITICAL


def check(target: Target) -> Verdict:
    environment = settings.ENVIRONMENT
    if settings.DEBUG:
        return failed("Debug is on: every failure shows its source.", "Unset DEBUG, ALLOW_DEBUG.")
    if environment.debug or environment.allow_debug:
        return warned("One of the two debug keys is set.", "Unset DEBUG and ALLOW_DEBUG.")
    return passed("Debug is off.")
