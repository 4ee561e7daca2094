"""Figures, tests and data do not open without a key."""

from __future__ import annotations

from apps.ops.deployment.target import Target
from apps.ops.deployment.verdict import Severity, Verdict, failed, passed

SEVERITY = Severity.CRITICAL
CLOSED = ("/metrics", "/api/monitoring/performance", "/test/workflows", "/api/history", "/admin/")


def check(target: Target) -> Verdict:
    opened = [path for path in CLOSED if target.get(path).status_code == 200]
    if opened:
        return failed(
            f"Open to anybody: {', '.join(opened)}.",
            "Turn debug and ENABLE_TEST_ENDPOINTS off; set MONITORING_TOKEN.",
        )
    return passed("Figures, tests, data and the admin ask who is there.")
