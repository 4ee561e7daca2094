"""Nobody on the way can read what we send to the database."""

from __future__ import annotations

import ipaddress

from django.db import connection

from apps.ops.deployment.target import Target
from apps.ops.deployment.verdict import Severity, Verdict, passed, skipped, warned

SEVERITY = Severity.MEDIUM


def check(target: Target) -> Verdict:
    if connection.vendor != "postgresql":
        return skipped("The database is not PostgreSQL.")
    if _is_inside(str(connection.settings_dict.get("HOST", ""))):
        return passed("The database is on this machine or in a private network.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
        row = cursor.fetchone()
    if not row or not row[0]:
        return warned("The connection is not encrypted.", "Add ?sslmode=require to DATABASE_URL.")
    return passed("The connection is encrypted.")


def _is_inside(host: str) -> bool:
    """A path of a socket, a name without a dot (as platforms give inside), a private address."""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return "." not in host or host.startswith("/")
