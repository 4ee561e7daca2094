"""Where Django looks for the tables of this app."""

from apps.ops.alerts.models import Alert
from apps.ops.audit.models import AuditEntry
from apps.ops.jobs.models import Job, Schedule, Worker
from apps.ops.notifications.models import Channel, EmailSuppression, Notice

__all__ = [
    "Alert",
    "AuditEntry",
    "Channel",
    "EmailSuppression",
    "Job",
    "Notice",
    "Schedule",
    "Worker",
]
