"""A query that hangs is ended, and with it the request that waits for it."""

from __future__ import annotations

from django.db import connection

from apps.ops.deployment.target import Target
from apps.ops.deployment.verdict import Severity, Verdict, passed, skipped, warned

SEVERITY = Severity.MEDIUM


def check(target: Target) -> Verdict:
    if connection.vendor != "postgresql":
        return skipped("The database is not PostgreSQL.")
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        limit = str(cursor.fetchone()[0])
    if limit == "0":
        return warned(
            "No statement_timeout holds.",
            "Take the `options` out of DATABASE_URL, or have the connection pooler set one.",
        )
    if not connection.settings_dict["OPTIONS"].get("connect_timeout"):
        return warned("No connect_timeout holds.", "Add ?connect_timeout=3 to DATABASE_URL.")
    return passed(f"Statements end after {limit}.")
