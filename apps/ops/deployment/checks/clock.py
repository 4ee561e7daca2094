"""Clocks agree: codes of the second factor, signatures and tokens depend on them."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from django.db import connection

from apps.ops.deployment.target import Target
from apps.ops.deployment.verdict import Severity, Verdict, failed, passed, skipped, warned

SEVERITY = Severity.MEDIUM
#: Seconds.
NOTICEABLE, TOO_MUCH = 5, 30


def check(target: Target) -> Verdict:
    others = {"the database": _database_time()} if connection.vendor == "postgresql" else {}
    if target.url:
        stated = target.get("/live").headers.get("Date", "")
        if stated:
            others["the service"] = parsedate_to_datetime(stated)
    if not others:
        return skipped("There is no other clock to compare with.")
    now = datetime.now(UTC)
    apart = {name: abs((moment - now).total_seconds()) for name, moment in others.items()}
    name, most = max(apart.items(), key=lambda item: item[1])
    remedy = "Synchronise the clocks (NTP)."
    if most > TOO_MUCH:
        return failed(f"This machine and {name} differ by {most:.0f} s.", remedy)
    if most > NOTICEABLE:
        return warned(f"This machine and {name} differ by {most:.0f} s.", remedy)
    return passed(f"The clocks of {' and '.join(apart)} agree within {NOTICEABLE} s.")


def _database_time() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        found: datetime = cursor.fetchone()[0]
    return found
