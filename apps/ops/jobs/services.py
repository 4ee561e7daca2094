"""What changes jobs: enqueueing, claiming, settling, and what staff may do."""

from __future__ import annotations

import datetime
import logging
import random
import uuid
from collections.abc import Mapping
from functools import partial
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from apps.ops import context, logs
from apps.ops.errors import ApplicationError
from apps.ops.jobs.models import Job
from apps.ops.jobs.registry import KINDS

logger = logging.getLogger(__name__)

#: Seconds before the second try; each later one waits twice as long, up to the longest.
FIRST_WAIT, LONGEST_WAIT = 4.0, 1800.0
LONGEST_ERROR = 2000


def enqueue(
    kind: str,
    *,
    payload: Mapping[str, Any] | None = None,
    account_id: uuid.UUID | None = None,
    key: str = "",
    run_at: datetime.datetime | None = None,
) -> Job:
    """Writes the job in the caller's transaction; it is handed out once that is committed.

    A `key` is unique among the unfinished jobs of a kind: a second call returns the waiting one.
    """
    declared = KINDS[kind]
    now = timezone.now()
    due = run_at is None or run_at <= now
    job = Job(
        kind=kind,
        queue=declared.queue,
        priority=declared.priority,
        account_id=account_id,
        payload=dict(payload or {}),
        key=key,
        request_id=context.request_id.get() or str(uuid.uuid4()),
        run_at=run_at or now,
        created_at=now,
        dispatched_at=now if due else None,
    )
    if not key:
        job.save(force_insert=True)
    elif (waiting := _insert_once(job)) is not job:
        return waiting
    if due:
        hand_out_after_commit([job])
    return job


def _insert_once(job: Job) -> Job:
    """The job, or the unfinished one that has its key."""
    unfinished = Job.objects.filter(kind=job.kind, key=job.key, state__in=Job.UNFINISHED)
    while True:
        Job.objects.bulk_create([job], ignore_conflicts=True)
        found = unfinished.first()
        if found is not None:
            return job if found.pk == job.pk else found
        # The other one was finished between the two statements.


def hand_out_after_commit(jobs: list[Job]) -> None:
    from apps.ops.jobs.dispatch import dispatch

    transaction.on_commit(partial(dispatch, jobs), robust=True)


def job_claim(job_id: uuid.UUID) -> Job | None:
    """The job, now ours for one lease; None when it is done, not due, or someone else's."""
    now, claim = timezone.now(), uuid.uuid4()
    free = Q(state__in=Job.WAITING, run_at__lte=now) | Q(
        state=Job.State.RUNNING, lease_until__lt=now
    )
    claimed = Job.objects.filter(free, pk=job_id).update(
        state=Job.State.RUNNING,
        attempts=F("attempts") + 1,
        claim=claim,
        lease_until=lease_end(),
        started_at=now,
    )
    return Job.objects.filter(pk=job_id, claim=claim).first() if claimed else None


def lease_end() -> datetime.datetime:
    return timezone.now() + datetime.timedelta(seconds=settings.JOB_LEASE_SECONDS)


def job_keep(job: Job) -> bool:
    """Extends the lease of a job that still runs; False when it is no longer ours."""
    return bool(_mine(job).update(lease_until=lease_end()))


def job_finish(job: Job) -> bool:
    """False when the job was no longer ours: someone else has taken it up."""
    return _settle(job, Job.State.DONE, finished_at=timezone.now(), error="")


def job_fail(job: Job, error: BaseException | str) -> Job.State | None:
    """Plans the next try, or parks the job; returns which, or None when it was no longer ours."""
    text = error if isinstance(error, str) else f"{type(error).__name__}: {error}"
    shown = str(logs.redact(text))[:LONGEST_ERROR]
    permanent = isinstance(error, ApplicationError) and error.permanent
    kind = KINDS.get(job.kind)
    most = kind.attempts if kind else 1
    if permanent or job.attempts >= most:
        # A claim that found no try left was none.
        changes = {"attempts": min(job.attempts, most), "error": shown}
        settled = _settle(job, Job.State.DEAD, finished_at=timezone.now(), **changes)
        return Job.State.DEAD if settled else None
    next_at = timezone.now() + datetime.timedelta(seconds=wait(job.attempts, error))
    settled = _settle(job, Job.State.FAILED, run_at=next_at, dispatched_at=None, error=shown)
    return Job.State.FAILED if settled else None


def wait(attempts: int, error: BaseException | str) -> float:
    """Seconds until the next try: growing, jittered, and not before a limiter lets us."""
    longest = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(attempts - 1, 20))
    jittered: float = longest * random.uniform(0.5, 1)  # noqa: S311
    told = error.headers.get("Retry-After", "") if isinstance(error, ApplicationError) else ""
    return max(jittered, min(LONGEST_WAIT, float(told))) if told.isdigit() else jittered


def _mine(job: Job) -> Any:
    return Job.objects.filter(pk=job.pk, claim=job.claim, state=Job.State.RUNNING)


def _settle(job: Job, state: Job.State, **changes: Any) -> bool:
    changes |= {"state": state, "claim": None, "lease_until": None}
    return bool(_mine(job).update(**changes))


def job_retry(job: Job) -> None:
    """Begins a parked job anew. Raises `conflict` when another has taken its place."""
    now = timezone.now()
    try:
        with transaction.atomic():
            changed = Job.objects.filter(pk=job.pk, state=Job.State.DEAD).update(
                state=Job.State.QUEUED, attempts=0, run_at=now, dispatched_at=now, finished_at=None
            )
            if changed:
                hand_out_after_commit([job])
    except IntegrityError as taken:
        message = f"Another {job.kind} with the key {job.key!r} is waiting."
        raise ApplicationError("conflict", message) from taken
    if not changed:
        raise ApplicationError("conflict", "Only a dead job can be begun anew.")


def job_discard(job: Job) -> None:
    """Forgets a job that has been parked or still waits. Raises `conflict` for any other."""
    states = (*Job.WAITING, Job.State.DEAD)
    if not Job.objects.filter(pk=job.pk, state__in=states).delete()[0]:
        raise ApplicationError("conflict", "A job that runs or is done cannot be discarded.")
    logger.warning("job %s (%s) was discarded", job.pk, job.kind)


def jobs_prune(*, done_before: datetime.datetime, dead_before: datetime.datetime) -> int:
    """Deletes what nobody looks at any more; returns how many rows that were."""
    old = Q(state=Job.State.DONE, finished_at__lt=done_before) | Q(
        state=Job.State.DEAD, finished_at__lt=dead_before
    )
    deleted, _ = Job.objects.filter(old).delete()
    return deleted
