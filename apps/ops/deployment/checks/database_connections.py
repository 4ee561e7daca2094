"""The database takes as many connections as our processes may open."""

from __future__ import annotations

from django.conf import settings
from django.db import connection

from apps.ops.deployment.target import Target
from apps.ops.deployment.verdict import Severity, Verdict, passed, skipped, warned

SEVERITY = Severity.MEDIUM
#: Threads of a web process in config/gunicorn.py.
THREADS = 8
#: Worker, beat, a console and the next release beside the old one.
OTHERS = 10


def check(target: Target) -> Verdict:
    if connection.vendor != "postgresql":
        return skipped("The database is not PostgreSQL.")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('max_connections')::int"
            " - current_setting('superuser_reserved_connections')::int"
        )
        allowed = cursor.fetchone()[0]
    needed = settings.ENVIRONMENT.web_concurrency * THREADS * 2 + OTHERS
    if needed > allowed:
        return warned(
            f"Up to {needed} connections while one release follows another, {allowed} allowed.",
            "Lower WEB_CONCURRENCY, choose a larger database plan or put pgbouncer in between.",
        )
    return passed(f"Up to {needed} connections of {allowed} allowed.")
