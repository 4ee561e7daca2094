"""A stolen staff password alone opens nothing."""

from __future__ import annotations

from django.conf import settings

from apps.ops.deployment.target import Target
from apps.ops.deployment.verdict import Severity, Verdict, failed, passed

SEVERITY = Severity.HIGH


def check(target: Target) -> Verdict:
    if not settings.STAFF_TWO_FACTOR:
        return failed("Staff sign in with a password alone.", "Unset STAFF_TWO_FACTOR.")
    return passed("Staff sign in with a second factor.")
