"""The ledger of jobs: written once, claimed once, settled once; retries, parking and progress."""

import datetime
import uuid

import pytest
from django.db import transaction
from django.utils import timezone

from apps.ops import context
from apps.ops.errors import ApplicationError
from apps.ops.jobs import Job, enqueue, services
from apps.ops.jobs.models import LeaseLostError
from apps.ops.jobs.registry import KINDS, QUEUES, job
from apps.ops.jobs.running import run
from tests.ops.jobs import kinds

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_done_yet():
    kinds.done.clear()


@pytest.fixture
def after_commit(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


def due_again(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(run_at=timezone.now())


def test_job_runs_after_commit_and_not_before(after_commit):
    with after_commit():
        job = enqueue("test.note", payload={"n": 1})
        assert kinds.done == []
    job.refresh_from_db()
    assert kinds.done == [1]
    assert (job.state, job.attempts, job.error) == ("done", 1, "")
    assert job.finished_at


def test_job_of_a_transaction_that_fails_never_was(after_commit):
    with after_commit(), transaction.atomic():
        enqueue("test.note")
        transaction.set_rollback(True)
    assert not Job.objects.exists()
    assert kinds.done == []


def test_unknown_kind_is_refused_at_once():
    with pytest.raises(KeyError):
        enqueue("test.no_such_kind")


def test_payload_may_hold_ids_and_times(after_commit):
    ident, now = uuid.uuid4(), timezone.now()
    job = enqueue("test.note", payload={"n": ident, "at": now})
    job.refresh_from_db()
    assert job.payload["n"] == str(ident)


def test_key_returns_the_waiting_job():
    first = enqueue("test.note", key="a")
    assert enqueue("test.note", key="a").pk == first.pk
    assert enqueue("test.note", key="b").pk != first.pk
    assert enqueue("test.fail", key="a").pk != first.pk
    assert enqueue("test.note").pk != enqueue("test.note").pk


@pytest.mark.parametrize("state", ["running", "failed"])
def test_key_holds_until_the_job_is_finished(state):
    first = enqueue("test.note", key="a")
    Job.objects.update(state=state)
    assert enqueue("test.note", key="a").pk == first.pk


@pytest.mark.parametrize("state", ["done", "dead"])
def test_key_is_free_again_afterwards(state):
    first = enqueue("test.note", key="a")
    Job.objects.update(state=state)
    assert enqueue("test.note", key="a").pk != first.pk


def test_job_for_later_is_not_handed_out_now(after_commit):
    with after_commit():
        job = enqueue("test.note", run_at=timezone.now() + datetime.timedelta(hours=1))
    assert kinds.done == []
    assert not run(job.pk)
    due_again(job)
    assert run(job.pk)


def test_job_is_claimed_once():
    job = enqueue("test.note")
    assert services.job_claim(job.pk)
    assert services.job_claim(job.pk) is None
    assert not run(job.pk)


def test_done_job_that_is_delivered_again_does_nothing(after_commit):
    with after_commit():
        job = enqueue("test.note", payload={"n": 1})
    assert not run(job.pk)
    assert not run(uuid.uuid4())
    assert kinds.done == [1]


def test_failed_job_waits_longer_each_time_and_is_then_parked(after_commit):
    with after_commit():
        job = enqueue("test.fail")
    waits = []
    for _ in range(2):
        job.refresh_from_db()
        assert job.state == "failed"
        waits.append((job.run_at - timezone.now()).total_seconds())
        assert not run(job.pk)
        due_again(job)
        assert run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts, kinds.done) == ("dead", 3, [1, 2, 3])
    assert waits[0] < waits[1]
    due_again(job)
    assert not run(job.pk)


def test_error_is_kept_without_its_secret(after_commit):
    with after_commit():
        job = enqueue("test.fail")
    job.refresh_from_db()
    assert job.error.startswith("RuntimeError: ")
    assert "sk_live" not in job.error


def test_permanent_error_parks_at_once(after_commit):
    with after_commit():
        job = enqueue("test.refuse")
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("dead", 1)
    assert "It is gone." in job.error


def test_limiter_says_when_to_come_again(after_commit):
    with after_commit():
        job = enqueue("test.limited")
    job.refresh_from_db()
    assert job.state == "failed"
    assert (job.run_at - timezone.now()).total_seconds() > 800


def test_waits_grow_to_a_bound_and_differ():
    longest = [services.wait(attempts, "") for attempts in range(1, 60)]
    assert max(longest) <= services.LONGEST_WAIT
    assert longest[0] <= services.FIRST_WAIT
    assert len({services.wait(5, "") for _ in range(20)}) > 10


def test_job_that_enqueues_another_ends_first(after_commit):
    with after_commit():
        enqueue("test.chain")
    assert kinds.done == ["chain begins", "chain ends", "chained"]


def test_failure_of_an_atomic_job_takes_its_writes_back(after_commit):
    with after_commit():
        enqueue("test.atomic_failure")
    assert set(Job.objects.values_list("kind", "state")) == {("test.atomic_failure", "dead")}


def test_request_id_goes_with_the_job_and_what_it_enqueues(after_commit):
    identity = str(uuid.uuid4())
    token = context.request_id.set(identity)
    with after_commit():
        enqueue("test.chain")
    context.request_id.reset(token)
    assert set(Job.objects.values_list("request_id", flat=True)) == {identity}


def test_job_without_a_request_has_an_id_of_its_own():
    job = enqueue("test.note")
    assert str(uuid.UUID(job.request_id)) == job.request_id


def test_progress_is_written_and_stops_when_the_job_is_lost():
    job = services.job_claim(enqueue("test.note").pk)
    assert job
    job.report(3, 10)
    job.report(4, 10)  # too soon after the last one to be worth a write
    assert Job.objects.values_list("done", "total").get() == (3, 10)
    job.report(10)
    assert Job.objects.values_list("done", "total").get() == (10, 10)
    Job.objects.update(claim=uuid.uuid4())
    with pytest.raises(LeaseLostError):
        job.report(10)


def test_worker_that_lost_its_job_cannot_settle_it():
    mine = services.job_claim(enqueue("test.note").pk)
    assert mine
    Job.objects.update(lease_until=timezone.now() - datetime.timedelta(seconds=1))
    other = services.job_claim(mine.pk)
    assert other
    assert not services.job_finish(mine)
    assert services.job_fail(mine, "late") is None
    assert not services.job_keep(mine)
    assert services.job_finish(other)


def test_kind_that_this_version_does_not_know_is_parked():
    job = enqueue("test.note")
    Job.objects.update(kind="from.the.future")
    assert run(job.pk)
    job.refresh_from_db()
    assert job.state == "dead"


def test_dead_job_is_begun_anew_or_discarded(after_commit):
    with after_commit():
        job = enqueue("test.refuse", key="a")
    with after_commit():
        services.job_retry(job)
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("dead", 1)
    services.job_discard(job)
    assert not Job.objects.exists()


def test_job_that_is_not_dead_is_not_begun_anew():
    job = enqueue("test.note")
    with pytest.raises(ApplicationError, match="Only a dead job"):
        services.job_retry(job)


def test_dead_job_does_not_displace_the_one_that_took_its_place():
    dead = enqueue("test.note", key="a")
    Job.objects.update(state="dead")
    enqueue("test.note", key="a")
    with pytest.raises(ApplicationError) as refused:
        services.job_retry(dead)
    assert refused.value.code == "conflict"


@pytest.mark.parametrize("state", ["running", "done"])
def test_job_that_runs_or_is_done_is_not_discarded(state):
    job = enqueue("test.note")
    Job.objects.update(state=state)
    with pytest.raises(ApplicationError):
        services.job_discard(job)


def test_only_old_finished_jobs_are_pruned():
    now = timezone.now()
    old, recent = now - datetime.timedelta(days=9), now - datetime.timedelta(days=1)
    for state, finished in [("done", old), ("done", recent), ("dead", old), ("queued", None)]:
        job = enqueue("test.note")
        Job.objects.filter(pk=job.pk).update(state=state, finished_at=finished)
    week, month = now - datetime.timedelta(days=7), now - datetime.timedelta(days=30)
    assert services.jobs_prune(done_before=week, dead_before=month) == 1
    assert Job.objects.count() == 3


@pytest.mark.parametrize(
    "wrong", [{"queue": "fast"}, {"priority": 10}, {"time_limit": 0}, {"time_limit": 99999}]
)
def test_kind_with_a_wrong_setting_is_refused(wrong):
    with pytest.raises(ValueError, match=r"test\.wrong"):
        job("test.wrong", **wrong)


def test_kind_is_declared_once():
    with pytest.raises(ValueError, match="declared twice"):
        job("test.note")(kinds.fail)


def test_every_kind_runs_in_a_queue_that_workers_listen_to():
    from config.celery import app

    assert {kind.queue for kind in KINDS.values()} <= set(QUEUES)
    assert set(QUEUES) == set(app.amqp.queues)
