"""This app's own jobs."""

from __future__ import annotations

import datetime

from django.utils import timezone

from apps.ops.alerts import conditions as _conditions  # noqa: F401 - declares them
from apps.ops.alerts.sending import send_to_channel
from apps.ops.alerts.services import alerts_look
from apps.ops.jobs import Job, job, scheduled
from apps.ops.jobs.services import jobs_prune
from apps.ops.notifications import tasks as _tasks  # noqa: F401 - declares them

DONE_KEPT = datetime.timedelta(days=7)
DEAD_KEPT = datetime.timedelta(days=30)


@scheduled("ops.prune_jobs", every=datetime.timedelta(days=1), offset=datetime.timedelta(hours=4))
def prune_jobs(job: Job) -> None:
    now = timezone.now()
    jobs_prune(done_before=now - DONE_KEPT, dead_before=now - DEAD_KEPT)


# Every look stands for itself: a try later than the next look is of no use.
@scheduled("ops.alerts", every=datetime.timedelta(minutes=1), attempts=1, priority=9)
def look_at_alerts(job: Job) -> None:
    alerts_look()


@job("ops.alert_channel", queue="notifications", priority=9)
def tell_channel(job: Job) -> None:
    send_to_channel(**job.payload)
