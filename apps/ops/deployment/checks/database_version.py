"""The database still gets security fixes."""

from __future__ import annotations

from django.db import connection

from apps.ops.deployment.target import Target
from apps.ops.deployment.verdict import Severity, Verdict, failed, passed, skipped

SEVERITY = Severity.MEDIUM
#: The oldest that Django 5.2 takes.
OLDEST = 14


def check(target: Target) -> Verdict:
    if connection.vendor != "postgresql":
        return skipped("The database is not PostgreSQL.")
    connection.ensure_connection()
    major = connection.get_database_version()[0]
    if major < OLDEST:
        return failed(f"PostgreSQL {major} is too old.", f"Upgrade to {OLDEST} or newer.")
    return passed(f"PostgreSQL {major}.")
