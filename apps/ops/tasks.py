"""This app's own jobs."""

from __future__ import annotations

import datetime

from django.utils import timezone

from apps.ops.jobs import Job, scheduled
from apps.ops.jobs.services import jobs_prune

DONE_KEPT = datetime.timedelta(days=7)
DEAD_KEPT = datetime.timedelta(days=30)


@scheduled("ops.prune_jobs", every=datetime.timedelta(days=1), offset=datetime.timedelta(hours=4))
def prune_jobs(job: Job) -> None:
    now = timezone.now()
    jobs_prune(done_before=now - DONE_KEPT, dead_before=now - DEAD_KEPT)
