"""What happens by time: due schedules, jobs whose worker died, jobs that the broker lost.

Every worker has a clock, and without a broker every web process. Any number of them may run: each
tick is one process's alone, which it gets by moving a row of the database on.
"""

from __future__ import annotations

import datetime
import logging
import threading

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import Count
from django.utils import timezone

from apps.ops.jobs import broker, registry
from apps.ops.jobs.dispatch import dispatch
from apps.ops.jobs.models import Job, Schedule, Worker
from apps.ops.jobs.services import enqueue, job_fail

logger = logging.getLogger(__name__)

TICK = "tick"
#: Jobs handed out in one tick.
BATCH = 1000
FORGOTTEN = datetime.timedelta(hours=1)

_stop = threading.Event()
_running: threading.Thread | None = None


def tick() -> bool:
    """Does what is due; False when another process has just done so."""
    now = timezone.now()
    next_at = now + datetime.timedelta(seconds=settings.JOB_TICK_SECONDS)
    Schedule.objects.bulk_create([Schedule(name=TICK, next_at=now)], ignore_conflicts=True)
    if not Schedule.objects.filter(name=TICK, next_at__lte=now).update(
        next_at=next_at, last_at=now
    ):
        return False
    run_schedules()
    sweep()
    return True


def run_schedules() -> None:
    """Enqueues every periodic job whose time has come, once however many times were missed."""
    now = timezone.now()
    periods = registry.PERIODS
    known = {row.name: row.next_at for row in Schedule.objects.filter(name__in=periods)}
    new = [Schedule(name=n, next_at=p.after(now)) for n, p in periods.items() if n not in known]
    if new:
        Schedule.objects.bulk_create(new, ignore_conflicts=True)
    for name, due in known.items():
        period = periods[name]
        following = period.after(now)
        # Later than the following: the period was shortened since.
        if now < due <= following:
            continue
        with transaction.atomic():
            mine = Schedule.objects.filter(name=name, next_at=due)
            last = {"last_at": now} if due <= now else {}
            if mine.update(next_at=following, **last) and due <= now:
                key = f"schedule:{name}"
                # A run that was given up is made up for by this one; nobody need look at it.
                Job.objects.filter(kind=period.kind, key=key, state=Job.State.DEAD).delete()
                enqueue(period.kind, key=key)


def sweep() -> None:
    """Takes up again what nobody works on: dead workers' jobs, due retries, lost messages."""
    _take_from_the_dead()
    now = timezone.now()
    waiting = Job.objects.filter(state__in=Job.WAITING, run_at__lte=now)
    _hand_out(waiting.filter(dispatched_at=None), BATCH)
    # So long a message may be under way before it is compared with what the broker holds.
    grace = datetime.timedelta(seconds=settings.JOB_LEASE_SECONDS * 2 / 3)
    overdue = waiting.filter(dispatched_at__lt=now - grace)
    if not settings.CELERY_BROKER_URL:
        _hand_out(overdue, BATCH)
        return
    late = set(overdue.values_list("queue", flat=True).distinct())
    if not late or (held := broker.depths(sorted(late))) is None:
        return
    counts = waiting.filter(queue__in=late).values_list("queue").annotate(Count("pk"))
    for queue, count in counts:
        # A message may rightly wait for long; only what the broker does not hold is lost.
        if missing := count - held[queue]:
            _hand_out(overdue.filter(queue=queue), min(missing, BATCH))


def _hand_out(found: models.QuerySet[Job], most: int) -> None:
    jobs = list(found.order_by("-priority", "run_at")[: max(0, most)])
    if jobs:
        marked = Job.objects.filter(pk__in=[job.pk for job in jobs], state__in=Job.WAITING)
        marked.update(dispatched_at=timezone.now())
        dispatch(jobs)


def _take_from_the_dead() -> None:
    expired = Job.objects.filter(state=Job.State.RUNNING, lease_until__lt=timezone.now())
    for job in expired.order_by("lease_until")[:BATCH]:
        kind = registry.KINDS.get(job.kind)
        message = f"The worker died or lost the database (try {job.attempts})."
        logger.warning("job %s (%s): %s", job.pk, job.kind, message)
        if kind is None or job.attempts >= kind.attempts:
            job_fail(job, message)
        else:
            # No waiting: nothing says that the job is at fault.
            Job.objects.filter(
                pk=job.pk, claim=job.claim, state=Job.State.RUNNING
            ).update(
                state=Job.State.FAILED, claim=None, lease_until=None, error=message,
                run_at=timezone.now(), dispatched_at=None,
            )  # fmt: skip


def seen(name: str) -> None:
    """Writes down that a worker lives, and forgets those that have long been gone."""
    now = timezone.now()
    if not Worker.objects.filter(pk=name).update(seen_at=now):
        Worker.objects.bulk_create([Worker(name=name, seen_at=now)], ignore_conflicts=True)
        Worker.objects.filter(seen_at__lt=now - FORGOTTEN).delete()


def gone(name: str) -> None:
    Worker.objects.filter(pk=name).delete()


def start(name: str) -> None:
    """Runs the clock in a thread of this process, which is known as a worker by this name."""
    global _running
    _stop.clear()
    _running = threading.Thread(target=_run, args=(name,), name="jobs-clock", daemon=True)
    _running.start()


def stop(name: str) -> None:
    _stop.set()
    if _running is not None:
        _running.join(timeout=5)
    try:
        gone(name)
    except Exception:
        logger.warning("worker %s could not be signed off", name, exc_info=True)


def _run(name: str) -> None:
    while True:
        try:
            seen(name)
            tick()
        except Exception:
            # A border: the database may be away; the next tick tries again.
            logger.warning("the clock of jobs missed a tick", exc_info=True)
        finally:
            connection.close()
        if _stop.wait(settings.JOB_TICK_SECONDS):
            return
