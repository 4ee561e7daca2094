"""The visitor's address and https are taken from the platform's router, and from nobody else."""

from __future__ import annotations

from django.conf import settings

from apps.ops.deployment.target import Target
from apps.ops.deployment.verdict import Severity, Verdict, passed, warned

SEVERITY = Severity.HIGH
MANY = 3


def check(target: Target) -> Verdict:
    count = settings.TRUSTED_PROXY_COUNT
    if count == 0:
        return warned(
            "TRUSTED_PROXY_COUNT is 0: behind a router all visitors share one rate limit, and no "
            "request counts as https.",
            "Set TRUSTED_PROXY_COUNT to the number of proxies in front (1 on Render and Heroku).",
        )
    if count > MANY:
        return warned(
            f"TRUSTED_PROXY_COUNT is {count}: too high lets visitors choose their address.",
            "Count the proxies that really append to X-Forwarded-For.",
        )
    return passed(f"{count} proxies in front are trusted.")
