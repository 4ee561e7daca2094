"""Calls that customers cause cannot reach the inside of our network."""

from __future__ import annotations

from django.conf import settings

from apps.ops.deployment.target import Target
from apps.ops.deployment.verdict import Severity, Verdict, passed, warned

SEVERITY = Severity.HIGH


def check(target: Target) -> Verdict:
    if settings.ENVIRONMENT.allow_private_addresses:
        return warned(
            "Outgoing calls may go to private addresses, the platform's metadata among them.",
            "Unset ALLOW_PRIVATE_ADDRESSES unless everyone with an account is trusted.",
        )
    return passed("Outgoing calls to private addresses are refused.")
