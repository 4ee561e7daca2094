"""Where Django looks for the tables of this app."""

from apps.ops.alerts.models import Alert
from apps.ops.audit.models import AuditEntry
from apps.ops.jobs.models import Job, Schedule, Worker

__all__ = ["Alert", "AuditEntry", "Job", "Schedule", "Worker"]
