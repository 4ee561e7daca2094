"""The probes, with the real database and the real Redis."""

import dataclasses
import logging
import threading
import time

import pytest
from django.core.cache import cache
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from health_check.exceptions import ServiceWarning

from apps.ops import checks, health
from apps.ops.redis_link import forget, link_to

LIVE = ["/live", "/health/liveness", "/api/health/live"]
READY = ["/ready", "/health/readiness", "/api/health/ready"]
DETAILED = ["/health/detailed", "/api/health/detailed"]
NOWHERE = "redis://127.0.0.1:1/0"


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch, settings) -> None:
    monkeypatch.setattr(checks, "_migrated", threading.Event())
    monkeypatch.setattr(health, "_draining", threading.Event())
    monkeypatch.setattr(health, "_running", {})
    monkeypatch.setattr(health, "_detailed", [])
    # However busy this machine is, it is fit for the tests.
    settings.HEALTH_THRESHOLDS = dict.fromkeys(settings.HEALTH_THRESHOLDS, (1e9, 1e9))


@pytest.fixture
def no_redis(settings):
    settings.REDIS_URL = NOWHERE
    yield
    forget(NOWHERE)


class Hanging(health.Check):
    name = "hanging"
    release = threading.Event()
    begun = 0

    def run(self) -> None:
        type(self).begun += 1
        self.release.wait(20)


class Worse(health.Check):
    name = "worse"

    def run(self) -> None:
        raise ServiceWarning("a certificate ends soon")


class Broken(health.Check):
    name = "broken"

    def run(self) -> None:
        raise RuntimeError("secret-host refused the password")


@pytest.mark.parametrize("path", LIVE)
def test_live_answers_without_touching_the_database(path):
    response = Client().get(path)
    assert (response.status_code, response.json()) == (200, {"status": "alive"})


@pytest.mark.parametrize("path", READY)
@pytest.mark.django_db
def test_ready_is_bare_and_healthy(path):
    response = Client().get(path)
    assert response.status_code == 200
    assert response.json()["status"] == "healthy"
    assert set(response.json()["checks"]) == {"database", "migrations", "redis"}


@pytest.mark.django_db(transaction=True)
def test_missing_migration_is_not_ready():
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied("sessions", "0001_initial")
    try:
        response = Client().get("/ready")
    finally:
        recorder.record_applied("sessions", "0001_initial")
    assert response.status_code == 503
    assert response.json()["status"] == "unhealthy"
    assert response.json()["checks"]["migrations"]["status"] == "unhealthy"
    assert "success" not in response.json()


def test_database_that_does_not_answer_is_not_ready():
    # Without the mark pytest-django refuses the connection, as a dead server would.
    response = Client().get("/ready")
    assert response.status_code == 503
    assert response.json()["checks"]["database"]["status"] == "unhealthy"


@pytest.mark.django_db
def test_redis_that_is_gone_only_degrades(no_redis):
    response = Client().get("/ready")
    assert (response.status_code, response.json()["status"]) == (200, "degraded")


@pytest.mark.django_db
def test_no_redis_configured_is_no_complaint(settings):
    settings.REDIS_URL = ""
    response = Client().get("/ready")
    assert response.json()["status"] == "healthy"
    assert "redis" not in response.json()["checks"]


@pytest.mark.django_db
def test_draining_process_is_not_ready_but_alive():
    health.drain()
    assert Client().get("/ready").status_code == 503
    assert Client().get("/live").status_code == 200


@pytest.mark.django_db
def test_health_tells_each_part_and_the_memory_in_figures():
    response = Client().get("/health")
    answer = response.json()
    assert (response.status_code, answer["status"]) == (200, "healthy")
    assert set(answer) == {"status", "timestamp", "uptime", "checks"}
    assert set(answer["checks"]) == {"database", "migrations", "cache", "memory"}
    assert answer["checks"]["database"]["responseTime"] > 0
    memory = answer["checks"]["memory"]
    assert 0 < memory["used"] < memory["total"]
    assert memory["percentage"] == pytest.approx(100 * memory["used"] / memory["total"], abs=0.1)


@pytest.mark.django_db
@pytest.mark.parametrize("path", DETAILED)
def test_details_are_not_for_everyone(path):
    answer = Client().get(path).json()
    parts = {"disk", "cache", "broker", "workers", "load", "memory"}
    assert parts <= set(answer["checks"])
    assert set(answer["checks"]["disk"]) == {"status", "responseTime"}
    assert "process" not in answer


@pytest.mark.django_db
def test_details_are_for_the_monitoring_token_and_staff(alice, monitoring):
    alice.user.is_staff = True
    alice.user.save()
    for answer in (monitoring.get("/health/detailed"), alice.client.get("/health/detailed")):
        found = answer.json()
        assert found["checks"]["cache"]["mode"] == "redis"
        assert {"used", "total", "percentage"} <= set(found["checks"]["disk"])
        assert found["process"]["pid"] > 0
        assert found["platform"]["python"].startswith("3.")


def test_detailed_answers_though_the_database_does_not():
    # Without the mark pytest-django refuses the connection, as a dead server would.
    response = Client().get("/health/detailed")
    assert response.status_code == 503
    assert response.json()["checks"]["database"]["status"] == "unhealthy"
    assert response.json()["checks"]["disk"]["status"] == "healthy"


@pytest.mark.django_db
def test_cache_without_its_redis_is_degraded_and_says_so(no_redis, monitoring):
    link_to(NOWHERE).failed(ConnectionError("gone"))
    cache_check = monitoring.get("/health/detailed").json()["checks"]["cache"]
    assert (cache_check["status"], cache_check["mode"]) == ("degraded", "fallback")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("pair", "status", "whole"),
    [((0, 101), "degraded", "degraded"), ((0, 0), "unhealthy", "degraded")],
)
def test_thresholds_decide_and_memory_alone_never_stops_the_service(settings, pair, status, whole):
    settings.HEALTH_THRESHOLDS = {**settings.HEALTH_THRESHOLDS, "memory": pair}
    response = Client().get("/health")
    assert response.json()["checks"]["memory"]["status"] == status
    assert (response.status_code, response.json()["status"]) == (200, whole)


@pytest.mark.django_db
def test_database_beyond_its_threshold_makes_the_service_unhealthy(settings):
    settings.HEALTH_THRESHOLDS = {**settings.HEALTH_THRESHOLDS, "database": (0, 0)}
    response = Client().get("/health")
    assert (response.status_code, response.json()["status"]) == (503, "unhealthy")


@pytest.mark.django_db
def test_hanging_part_is_cut_off_and_holds_one_thread(settings, monitoring):
    settings.HEALTH_TIMEOUT_SECONDS = 0.3
    health.register(Hanging)
    started = time.perf_counter()
    try:
        for _ in range(3):
            answer = monitoring.get("/health/detailed")
            assert answer.status_code == 200
            assert answer.json()["checks"]["hanging"]["status"] == "unhealthy"
            assert answer.json()["status"] == "degraded"
    finally:
        Hanging.release.set()
    assert time.perf_counter() - started < 5
    assert Hanging.begun == 1


@pytest.mark.django_db
def test_part_that_warns_is_degraded(monitoring):
    health.register(Worse)
    found = monitoring.get("/health/detailed").json()
    assert found["checks"]["worse"]["message"] == "a certificate ends soon"
    assert found["status"] == "degraded"


@pytest.mark.django_db
def test_part_that_breaks_shows_no_internals_but_logs_them(monitoring, caplog):
    health.register(Broken)
    answer = monitoring.get("/health/detailed")
    assert answer.json()["checks"]["broken"]["status"] == "unhealthy"
    assert b"secret-host" not in answer.content
    assert "secret-host" in "".join(str(each.exc_info) for each in caplog.records)


@pytest.mark.django_db
def test_broker_without_a_worker_is_degraded(monitoring, settings):
    broker = "memory://"
    settings.ENVIRONMENT = dataclasses.replace(settings.ENVIRONMENT, celery_broker_url=broker)
    found = monitoring.get("/health/detailed").json()["checks"]["workers"]
    assert (found["status"], found["alive"]) == ("degraded", 0)
    assert {queue["depth"] for queue in found["queues"]} == {0}


@pytest.mark.django_db
def test_suite_runs_on_a_real_postgresql():
    assert connection.vendor == "postgresql", "run the suite through `make test`"
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database(), version()")
        name, version = cursor.fetchone()
    assert name.startswith("test_workflow_debugger_")
    assert version.startswith("PostgreSQL")


def test_suite_runs_on_a_real_redis(settings):
    assert settings.REDIS_URL, "run the suite through `make test`"
    cache.set("greeting", "hello", 5)
    client = cache.primary.client.get_client()  # type: ignore[attr-defined]
    assert client.ping()
    assert cache.get("greeting") == "hello"
    assert client.keys("test-*greeting")


def test_probe_logs_nothing_at_info(caplog):
    caplog.set_level(logging.INFO, "apps.access")
    Client().get("/live")
    assert caplog.records == []
