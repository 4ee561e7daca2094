"""Passwords cannot be tried, and no one visitor can use up the service."""

from __future__ import annotations

from django.conf import settings

from apps.ops.deployment.target import Target
from apps.ops.deployment.verdict import Severity, Verdict, passed, warned

SEVERITY = Severity.MEDIUM
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
#: Per minute; far above what a person does.
MOST = {"auth": 30, "write": 600, "read": 3000}


def check(target: Target) -> Verdict:
    environment = settings.ENVIRONMENT
    rates = {tier: getattr(environment, f"rate_limit_{tier}") for tier in MOST}
    high = [
        f"RATE_LIMIT_{tier.upper()}={rate}"
        for tier, rate in rates.items()
        if rate.count * 60 / SECONDS[rate.unit] > MOST[tier]
    ]
    if high:
        return warned(f"Hardly a limit: {', '.join(high)}.", "Lower them; see .env.example.")
    return passed(", ".join(f"{tier} {rate}" for tier, rate in rates.items()))
