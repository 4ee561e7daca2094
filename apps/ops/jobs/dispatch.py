"""Hands a committed job to whoever does it: the broker, this web process, or this very thread."""

from __future__ import annotations

import logging
import threading
import uuid
from collections import deque

from django.conf import settings

from apps.ops.jobs.models import Job

logger = logging.getLogger(__name__)


def dispatch(jobs: list[Job]) -> None:
    """Never raises and never waits long: what it cannot hand out the clock hands out later."""
    from apps.ops.jobs import broker, embedded

    if settings.CELERY_BROKER_URL:
        lost = [job.pk for job in jobs if not broker.publish(job)]
        if lost:
            # So that the clock need not wait and see whether the message arrives.
            Job.objects.filter(pk__in=lost, state__in=Job.WAITING).update(dispatched_at=None)
    elif embedded.is_serving():
        embedded.submit(jobs)
    else:
        _run_here([job.pk for job in jobs])


class _Here(threading.local):
    waiting: deque[uuid.UUID] | None = None


_here = _Here()


def _run_here(ids: list[uuid.UUID]) -> None:
    """In commands and tests; a job that enqueues another is finished first."""
    from apps.ops.jobs.running import run

    if _here.waiting is not None:
        _here.waiting.extend(ids)
        return
    _here.waiting = deque(ids)
    try:
        while _here.waiting:
            run(_here.waiting.popleft())
    finally:
        _here.waiting = None
