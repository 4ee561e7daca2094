"""The Celery tasks: one that runs any job by its id, one that ticks; workers alone import them."""

from __future__ import annotations

import uuid

from celery import shared_task

from apps.ops.jobs import clock
from apps.ops.jobs.broker import TASK
from apps.ops.jobs.running import run


# Late: a message whose worker dies goes to another one, which finds the job under its lease.
@shared_task(name=TASK, acks_late=True, reject_on_worker_lost=True, ignore_result=True)
def run_job(job_id: str) -> None:
    run(uuid.UUID(job_id))


@shared_task(name="ops.tick", ignore_result=True)
def tick() -> None:
    """What `celery beat` sends; the clocks of the workers do the same without it."""
    clock.tick()
