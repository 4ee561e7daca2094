"""Runs one job: claimed, kept while it runs, settled whatever happens; the border of its errors."""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from django.conf import settings
from django.db import connection, transaction

from apps.ops import context
from apps.ops.jobs import services
from apps.ops.jobs.models import Job, LeaseLostError
from apps.ops.jobs.registry import KINDS, Kind

logger = logging.getLogger(__name__)


def run(job_id: uuid.UUID) -> bool:
    """Whether it was ours to run; a failure of the job is written down, not raised."""
    job = services.job_claim(job_id)
    if job is None:
        return False
    token = context.request_id.set(job.request_id)
    try:
        account = {"account": str(job.account_id)} if job.account_id else {}
        with context.bind(job=str(job.pk), kind=job.kind, **account):
            _run(job)
    finally:
        context.request_id.reset(token)
    return True


def _run(job: Job) -> None:
    kind = KINDS.get(job.kind)
    if kind is None:
        _failed(job, "This version of the service knows no such kind of job.")
        return
    if job.attempts > kind.attempts:
        # Only a worker that died can have left it like this.
        _failed(job, job.error or "The worker died at every try.")
        return
    started = time.perf_counter()
    try:
        with _kept(job, kind):
            _body(job, kind)
    except LeaseLostError:
        logger.warning("job %s was taken up by another worker", job.kind)
    except Exception as error:
        _failed(job, error)
    else:
        logger.info("job %s done in %d ms", job.kind, (time.perf_counter() - started) * 1000)


def _body(job: Job, kind: Kind) -> None:
    with transaction.atomic() if kind.atomic else nullcontext():
        kind.body(job)
        if not services.job_finish(job):
            # What an atomic body wrote goes with it: the other worker writes it.
            raise LeaseLostError(str(job))


def _failed(job: Job, error: Exception | str) -> None:
    cause = error if isinstance(error, Exception) else None
    state = services.job_fail(job, error)
    if state == Job.State.DEAD:
        logger.error("job %s is given up: %s", job.kind, error, exc_info=cause)
    elif state is None:
        logger.warning("job %s failed after another worker had taken it up: %s", job.kind, error)
    else:
        logger.warning("job %s failed and is tried again: %s", job.kind, error, exc_info=cause)


@contextmanager
def _kept(job: Job, kind: Kind) -> Iterator[None]:
    """Renews the lease while the body runs, but not beyond its time limit."""
    over = threading.Event()
    end = time.monotonic() + kind.time_limit + settings.JOB_LEASE_SECONDS

    def keep() -> None:
        opened = False
        while not over.wait(settings.JOB_LEASE_SECONDS / 3) and time.monotonic() < end:
            opened = True
            try:
                if not services.job_keep(job):
                    break
            except Exception:
                # The next beat may find the database again; else the job is another worker's.
                logger.warning("the lease of job %s could not be renewed", job.pk, exc_info=True)
                connection.close()
        if opened:
            connection.close()

    beat = threading.Thread(target=keep, name="job-lease", daemon=True)
    beat.start()
    try:
        yield
    finally:
        over.set()
