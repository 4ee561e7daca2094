"""The jobs of the inbox."""

from __future__ import annotations

import datetime
import logging

from apps.ops.jobs import Job, job, scheduled
from apps.webhooks import services
from apps.webhooks.processing import delivery_process

logger = logging.getLogger(__name__)

ATTEMPTS = 12  # with doubling waits: about three hours


@job(services.PROCESS, attempts=ATTEMPTS, time_limit=120, priority=7)
def process(task: Job) -> None:
    delivery_process(delivery_id=task.payload["delivery"], last_try=task.attempts >= ATTEMPTS)


@job(services.CLAIM)
def claim(task: Job) -> None:
    services.deliveries_reopen_for(**task.payload)


@scheduled("webhooks.sweep", every=datetime.timedelta(minutes=15))
def sweep(task: Job) -> None:
    services.deliveries_sweep()


@scheduled("webhooks.prune", every=datetime.timedelta(hours=24), offset=datetime.timedelta(hours=3))
def prune(task: Job) -> None:
    logger.info("pruned %d deliveries", services.deliveries_prune())
