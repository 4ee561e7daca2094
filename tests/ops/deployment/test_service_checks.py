"""Checks that ask the database, the cache and the broker, which are real here."""

from datetime import timedelta

import pytest
from celery import Celery
from celery.contrib.testing.worker import start_worker
from django.contrib.auth import get_user_model
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from apps.ops.deployment.verdict import Status
from apps.ops.jobs import Job
from config import env
from tests.ops.deployment.test_settings_checks import run
from tests.servers import own_redis  # noqa: F401

pytestmark = pytest.mark.django_db

OF_POSTGRES = [
    "database_engine",
    "database_version",
    "database_connections",
    "database_encrypted",
    "database_timeouts",
    "clock",
]


@pytest.mark.parametrize("name", OF_POSTGRES)
def test_our_own_database_is_well(name):
    assert run(name).status == Status.PASS


def test_our_own_database_answers():
    assert run("database_reachable").status in {Status.PASS, Status.WARN}


def test_more_connections_than_the_database_takes_are_told(settings):
    settings.ENVIRONMENT = env.read({"WEB_CONCURRENCY": "64"})
    assert run("database_connections").status == Status.WARN


def test_database_without_a_statement_timeout_is_told():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
    assert run("database_timeouts").status == Status.WARN


def test_applied_migrations_pass():
    assert run("migrations_applied").status == Status.PASS


def test_missing_migration_is_named():
    last = MigrationRecorder.Migration.objects.filter(app="workflows").order_by("name").last()
    assert last
    last.delete()
    verdict = run("migrations_applied")
    assert verdict.status == Status.FAIL
    assert f"workflows.{last.name}" in verdict.message


def test_migration_of_newer_code_is_named():
    MigrationRecorder(connection).record_applied("workflows", "9999_from_the_future")
    verdict = run("migrations_applied")
    assert verdict.status == Status.FAIL
    assert "9999_from_the_future" in verdict.message


def test_migration_of_an_app_that_is_gone_does_not_matter():
    MigrationRecorder(connection).record_applied("long_gone", "0001_initial")
    assert run("migrations_applied").status == Status.PASS


def test_demo_staff_is_a_failure_and_other_demo_users_a_warning():
    users = get_user_model().objects
    assert run("demo_users").status == Status.PASS
    users.create_user("owner@demo.test", "x")
    assert run("demo_users").status == Status.WARN
    staff = users.create_superuser("admin@demo.test", "x")
    assert run("demo_users").status == Status.FAIL
    staff.is_active = False
    staff.save(update_fields=["is_active"])
    assert run("demo_users").status == Status.WARN


def test_our_own_redis_answers():
    # How fast it is, is the machine's business.
    assert run("cache").status in {Status.PASS, Status.WARN}


def test_broker_that_answers_passes_and_without_a_worker_jobs_wait(settings):
    settings.ENVIRONMENT = env.read({"CELERY_BROKER_URL": settings.REDIS_URL})
    assert run("broker").status == Status.PASS
    assert run("redis_eviction").status in {Status.PASS, Status.WARN}


def test_worker_that_answers_is_seen(settings, own_redis):  # noqa: F811
    settings.ENVIRONMENT = env.read({"CELERY_BROKER_URL": own_redis.url})
    assert run("workers").status == Status.FAIL
    app = Celery("deployment-check", broker=own_redis.url, set_as_current=False)
    app.conf.worker_hijack_root_logger = False
    with start_worker(app, perform_ping_check=False, pool="solo"):
        assert run("workers").status == Status.PASS


def test_job_that_waits_too_long_fails_and_one_given_up_warns():
    assert run("jobs_backlog").status == Status.PASS
    job = Job.objects.create(kind="test.x", queue="default", state="dead", request_id="r")
    assert run("jobs_backlog").status == Status.WARN
    job.state, job.run_at = "queued", timezone.now() - timedelta(hours=1)
    job.save(update_fields=["state", "run_at"])
    assert run("jobs_backlog").status == Status.FAIL
