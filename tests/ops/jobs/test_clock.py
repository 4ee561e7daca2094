"""What the clock brings back, and that any number of clocks do it once."""

import datetime

import pytest
from django.utils import timezone

from apps.ops.jobs import Job, clock, enqueue, registry, services
from apps.ops.jobs.models import Schedule, Worker
from apps.ops.jobs.selectors import workers_report
from tests.ops.jobs import kinds

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)


@pytest.fixture(autouse=True)
def nothing_done_yet(monkeypatch):
    kinds.done.clear()
    monkeypatch.setattr(registry, "PERIODS", {})


def ago(**length: float) -> datetime.datetime:
    return timezone.now() - datetime.timedelta(**length)


def test_queued_job_that_was_never_handed_out_is_run():
    enqueue("test.note", payload={"n": 1})
    Job.objects.update(dispatched_at=None)
    clock.sweep()
    assert kinds.done == [1]


def test_job_whose_message_may_still_arrive_is_left_alone():
    enqueue("test.note", payload={"n": 1})
    clock.sweep()
    assert kinds.done == []


def test_job_whose_message_got_lost_is_run():
    enqueue("test.note", payload={"n": 1})
    Job.objects.update(dispatched_at=ago(seconds=40))
    clock.sweep()
    assert kinds.done == [1]


def test_retry_is_run_when_it_is_due_and_not_before():
    enqueue("test.note", payload={"n": 1})
    Job.objects.update(state="failed", dispatched_at=None, run_at=timezone.now() + HOUR)
    clock.sweep()
    assert kinds.done == []
    Job.objects.update(run_at=timezone.now())
    clock.sweep()
    assert kinds.done == [1]


def test_job_of_a_dead_worker_is_taken_up():
    services.job_claim(enqueue("test.note", payload={"n": 1}).pk)
    clock.sweep()
    assert kinds.done == []
    Job.objects.update(lease_until=ago(seconds=1))
    clock.sweep()
    assert kinds.done == [1]
    assert Job.objects.get().state == "done"


def test_job_that_kills_every_worker_is_parked():
    job = enqueue("test.fail")
    Job.objects.update(state="running", attempts=3, lease_until=ago(seconds=1))
    clock.sweep()
    job.refresh_from_db()
    assert (job.state, kinds.done) == ("dead", [])
    assert "The worker died" in job.error


def test_the_more_urgent_and_the_older_go_first():
    for n, priority, minutes in [(1, 5, 1), (2, 5, 9), (3, 9, 1), (4, 0, 99)]:
        job = enqueue("test.note", payload={"n": n})
        due = ago(minutes=minutes)
        Job.objects.filter(pk=job.pk).update(priority=priority, run_at=due, dispatched_at=None)
    clock.sweep()
    assert kinds.done == [3, 2, 1, 4]


def test_one_tick_belongs_to_one_clock():
    assert clock.tick()
    assert not clock.tick()
    Schedule.objects.update(next_at=timezone.now())
    assert clock.tick()


def every(hours: float, at: float = 0) -> None:
    period = registry.Period("test.note", hours * HOUR, at * HOUR)
    registry.PERIODS["test.note"] = period


def test_new_schedule_waits_for_its_time():
    every(24, at=2)
    clock.run_schedules()
    found = Schedule.objects.get()
    assert (found.next_at.hour, found.next_at.minute) == (2, 0)
    assert found.next_at > timezone.now()
    assert not Job.objects.exists()


def test_schedule_that_is_due_runs_once_and_moves_on():
    every(1)
    clock.run_schedules()
    Schedule.objects.update(next_at=ago(hours=50))  # fifty runs were missed
    clock.run_schedules()
    clock.run_schedules()
    assert Job.objects.count() == 1
    assert timezone.now() < Schedule.objects.get().next_at <= timezone.now() + HOUR


def test_schedule_whose_job_still_runs_begins_no_second_one():
    every(1)
    clock.run_schedules()
    for _ in range(2):
        Schedule.objects.update(next_at=ago(hours=1))
        clock.run_schedules()
    assert Job.objects.count() == 1


def test_run_that_was_given_up_is_replaced_by_the_next():
    every(1)
    clock.run_schedules()
    for _ in range(3):
        Job.objects.update(state="dead")
        Schedule.objects.update(next_at=ago(hours=1))
        clock.run_schedules()
    assert list(Job.objects.values_list("state", flat=True)) == ["queued"]


def test_schedule_that_was_made_shorter_keeps_the_new_time():
    every(24)
    clock.run_schedules()
    every(1)
    clock.run_schedules()
    assert Schedule.objects.get().next_at <= timezone.now() + HOUR
    assert not Job.objects.exists()


def test_weekly_time_falls_on_its_day():
    period = registry.Period("x", datetime.timedelta(days=7), datetime.timedelta(days=4, hours=8))
    assert period.after(timezone.now()).strftime("%A %H:%M") == "Monday 08:00"
    due = period.after(timezone.now())
    assert period.after(due) == due + datetime.timedelta(days=7)


def test_report_counts_what_waits_who_works_and_every_state():
    enqueue("test.note")
    enqueue("test.note", run_at=timezone.now() + HOUR)
    Job.objects.filter(run_at__lt=timezone.now()).update(run_at=ago(seconds=90))
    clock.seen("one@here")
    clock.seen("two@here")
    Worker.objects.filter(name="two@here").update(seen_at=ago(minutes=2))
    found = workers_report()
    assert found["workers"] == {"alive": 1, "names": ["one@here"]}
    default = next(each for each in found["queues"] if each["name"] == "default")
    assert default["depth"] == 1
    assert 89 < default["oldestAgeSeconds"] < 120
    assert {each["name"] for each in found["queues"]} == set(registry.QUEUES)
    assert found["jobs"] == {"queued": 2, "running": 0, "done": 0, "failed": 0, "dead": 0}


def test_worker_that_signs_off_is_gone():
    clock.seen("one@here")
    clock.gone("one@here")
    assert workers_report()["workers"]["alive"] == 0
