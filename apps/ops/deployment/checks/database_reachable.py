"""The database answers, and quickly."""

from __future__ import annotations

import time

from django.db import Error, connection

from apps.ops.deployment.target import Target
from apps.ops.deployment.verdict import Severity, Verdict, failed, passed, warned

SEVERITY = Severity.CRITICAL
SLOW_MS = 50
TIMES = 5


def check(target: Target) -> Verdict:
    try:
        best = min(_round_trip() for _ in range(TIMES))
    except Error as wrong:
        return failed(
            f"The database does not answer ({type(wrong).__name__}).",
            "Compare DATABASE_URL with the platform's; is the server up and does it let us in?",
        )
    if best > SLOW_MS:
        return warned(
            f"A round trip takes {best:.0f} ms.", "Put the service and its database in one region."
        )
    return passed(f"A round trip takes {best:.1f} ms.")


def _round_trip() -> float:
    """Milliseconds."""
    started = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return (time.perf_counter() - started) * 1000
