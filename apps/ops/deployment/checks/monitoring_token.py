"""Monitoring systems can read the figures, and nobody else."""

from __future__ import annotations

from django.conf import settings

from apps.ops.deployment.target import Target
from apps.ops.deployment.verdict import Severity, Verdict, failed, passed, warned

SEVERITY = Severity.MEDIUM
LEAST = 24


def check(target: Target) -> Verdict:
    token = settings.ENVIRONMENT.monitoring_token
    remedy = "Set MONITORING_TOKEN to 24 or more random characters."
    if not token:
        return warned("MONITORING_TOKEN is empty: only signed-in staff see the figures.", remedy)
    if len(token) < LEAST:
        return failed(f"MONITORING_TOKEN has only {len(token)} characters.", remedy)
    return passed("MONITORING_TOKEN is set and long.")
