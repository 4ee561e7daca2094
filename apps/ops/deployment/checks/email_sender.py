"""E-mails come from an address that receivers can believe."""

from __future__ import annotations

from email.utils import parseaddr

from django.conf import settings

from apps.ops.deployment.target import Target
from apps.ops.deployment.verdict import Severity, Verdict, failed, passed

SEVERITY = Severity.MEDIUM


def check(target: Target) -> Verdict:
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2].lower()
    if "." not in domain or domain.endswith((".test", ".local", ".localhost", ".invalid")):
        return failed(
            f"DEFAULT_FROM_EMAIL sends from {domain or 'no domain'}: most receivers refuse it.",
            "Set DEFAULT_FROM_EMAIL to an address of a domain verified at the mail provider.",
        )
    return passed(f"E-mails come from {domain}.")
