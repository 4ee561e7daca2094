"""Where Django looks for the tables of this app."""

from apps.ops.jobs.models import Job, Schedule, Worker

__all__ = ["Job", "Schedule", "Worker"]
