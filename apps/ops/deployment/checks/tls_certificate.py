"""Browsers believe the address, and go on doing so for a while."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime

from apps.ops.deployment.target import Target
from apps.ops.deployment.verdict import Severity, Skipped, Verdict, failed, passed, warned

SEVERITY = Severity.CRITICAL
SOON_DAYS = 14


def check(target: Target) -> Verdict:
    try:
        certificate, version = target.certificate()
    except ssl.SSLError as wrong:
        reason = getattr(wrong, "verify_message", "") or wrong.reason or "handshake failed"
        return failed(f"The certificate is refused: {reason}.", "Renew or replace it.")
    except OSError as wrong:
        raise Skipped(f"{target.url} does not answer ({type(wrong).__name__}).") from wrong
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), UTC)
    days = (ends - datetime.now(UTC)).days
    if days < SOON_DAYS:
        return warned(f"The certificate ends in {days} days.", "See why it was not renewed.")
    return passed(f"{version}; the certificate holds for {days} days.")
