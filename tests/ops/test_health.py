"""The probes, with the real database and the real Redis."""

import threading

import pytest
from django.core.cache import cache
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from apps.ops import health

LIVE = ["/live", "/health/liveness", "/api/health/live"]
READY = ["/ready", "/health/readiness", "/api/health/ready"]
NOWHERE = "redis://127.0.0.1:1/0"


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_migrated", threading.Event())
    monkeypatch.setattr(health, "_draining", threading.Event())


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


@pytest.mark.django_db
def test_missing_migration_is_not_ready():
    MigrationRecorder(connection).record_unapplied("sessions", "0001_initial")
    response = Client().get("/ready")
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
def test_redis_that_is_gone_only_degrades(settings):
    settings.REDIS_URL = NOWHERE
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
