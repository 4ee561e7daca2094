"""Data lies in PostgreSQL, not in a file that the next deployment throws away."""

from __future__ import annotations

from django.db import connection

from apps.ops.deployment.target import Target
from apps.ops.deployment.verdict import Severity, Verdict, failed, passed

SEVERITY = Severity.CRITICAL


def check(target: Target) -> Verdict:
    if connection.vendor != "postgresql":
        return failed(
            f"The database is {connection.vendor}: a file on a disk that platforms discard.",
            "Set DATABASE_URL to postgres://user:password@host:5432/name.",
        )
    return passed("The database is PostgreSQL.")
