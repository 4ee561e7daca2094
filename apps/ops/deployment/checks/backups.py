"""There is a fresh copy of the data."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

from apps.ops.deployment.target import Target
from apps.ops.deployment.verdict import Severity, Verdict, failed, passed

SEVERITY = Severity.HIGH
MANAGED = "managed"
_REMEDY = (
    "Run `manage.py backup_database` daily and set BACKUP_STATUS to its folder's `last-success`, "
    "or to `managed` where the platform keeps point-in-time copies."
)


def check(target: Target) -> Verdict:
    status = settings.ENVIRONMENT.backup_status
    if not status:
        return failed("Nothing tells whether there are backups: BACKUP_STATUS is empty.", _REMEDY)
    if status == MANAGED:
        return passed("The platform keeps the backups; docs/deployment.md has the restore drill.")
    try:
        last = _from_address(target, status) if "://" in status else _from_file(Path(status))
    except (OSError, ValueError) as wrong:
        return failed(f"The last backup is not known ({type(wrong).__name__}).", _REMEDY)
    age = datetime.now(UTC) - last
    most = timedelta(hours=settings.ENVIRONMENT.backup_max_age_hours)
    hours = age / timedelta(hours=1)
    if age > most:
        return failed(f"The last backup is {hours:.0f} hours old.", "Find out why none ran since.")
    return passed(f"The last backup is {hours:.1f} hours old.")


def _from_file(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _from_address(target: Target, url: str) -> datetime:
    """The body is a moment in ISO 8601, with its zone."""
    answer = target.ask_anew(url)
    answer.raise_for_status()
    moment = datetime.fromisoformat(answer.text.strip().strip('"'))
    if moment.tzinfo is None:
        raise ValueError("a moment without its zone")
    return moment
