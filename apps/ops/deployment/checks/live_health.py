"""The running service finds nothing wrong with itself."""

from __future__ import annotations

from django.conf import settings

from apps.ops.deployment.target import Target
from apps.ops.deployment.verdict import Severity, Verdict, failed, passed, skipped, warned

SEVERITY = Severity.HIGH


def check(target: Target) -> Verdict:
    token = settings.ENVIRONMENT.monitoring_token
    answer = target.get(
        "/health/detailed", **({"Authorization": f"Bearer {token}"} if token else {})
    )
    if answer.status_code == 404:
        return skipped("/health/detailed is not served.")
    told = answer.json()
    status = str(told.get("status"))
    bad = [
        name
        for name, each in (told.get("checks") or {}).items()
        if each.get("status") not in {"healthy", None}
    ]
    among = f" ({', '.join(bad)})" if bad else ""
    if status == "unhealthy" or answer.status_code >= 500:
        return failed(f"/health/detailed says {status}{among}.", "See docs/troubleshooting.md.")
    if status != "healthy":
        return warned(f"/health/detailed says {status}{among}.", "See docs/troubleshooting.md.")
    return passed("/health/detailed says healthy.")
