"""Many processes at the same moment, on a real PostgreSQL: one job, one claim, one tick."""

import datetime
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from apps.ops.errors import ApplicationError
from apps.ops.jobs import Job, clock, enqueue, registry, services
from apps.ops.jobs.models import Schedule

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 8


@pytest.fixture(autouse=True)
def nothing_is_run(monkeypatch):
    monkeypatch.setattr("apps.ops.jobs.dispatch.dispatch", lambda jobs: None)
    monkeypatch.setattr(clock, "dispatch", lambda jobs: None)


def at_once(act: Callable[[], Any]) -> list[Any]:
    barrier = Barrier(AT_ONCE)

    def run(_: int) -> Any:
        barrier.wait(timeout=20)
        try:
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(run, range(AT_ONCE)))


def test_key_enqueued_by_many_is_one_job():
    found = at_once(lambda: enqueue("test.note", key="a").pk)
    assert len(set(found)) == 1
    assert Job.objects.count() == 1


def test_job_claimed_by_many_is_one_workers():
    job = enqueue("test.note")
    claims = at_once(lambda: services.job_claim(job.pk))
    assert sum(claim is not None for claim in claims) == 1
    assert Job.objects.get().attempts == 1


def test_clocks_that_tick_together_run_a_schedule_once(monkeypatch):
    period = registry.Period("test.note", datetime.timedelta(hours=1), datetime.timedelta())
    monkeypatch.setattr(registry, "PERIODS", {"test.note": period})
    clock.run_schedules()
    Schedule.objects.update(next_at=timezone.now() - datetime.timedelta(hours=5))
    at_once(clock.run_schedules)
    assert Job.objects.count() == 1


def test_one_of_many_clocks_gets_the_tick():
    assert sum(at_once(clock.tick)) == 1


def test_retry_and_discard_by_many_happen_once():
    job = enqueue("test.note")
    Job.objects.update(state="dead")

    def act() -> bool:
        try:
            services.job_retry(job)
        except ApplicationError:
            return False
        return True

    assert sum(at_once(act)) == 1
