"""What is trouble and, more often, what is none."""

import datetime
import time

import pytest
from django.utils import timezone

from apps.accounts.alerts import token_failures
from apps.accounts.models import Account, Connection
from apps.ops.alerts import conditions
from apps.ops.alerts.registry import CONDITIONS
from apps.ops.metrics.store import Request
from apps.webhooks.alerts import webhook_backlog
from apps.webhooks.models import Delivery
from config import env


@pytest.fixture
def latest(monkeypatch):
    """The requests that the figures tell of, as status, seconds and age."""

    def tell(*groups: tuple[int, int, float, float]) -> None:
        found = [
            Request(time.time() - age, seconds, f"{status} GET /x", 0, 0.0)
            for count, status, seconds, age in groups
            for _ in range(count)
        ]
        monkeypatch.setattr(
            "apps.ops.metrics.machines.figures", lambda: type("F", (), {"latest": found})
        )

    return tell


def test_every_condition_of_the_service_is_known():
    wanted = {"health", "error-rate", "response-time", "queue-age", "webhook-backlog"}
    assert wanted | {"token-failures"} <= set(CONDITIONS)


@pytest.mark.parametrize(
    ("groups", "told"),
    [
        ([(95, 200, 0.1, 1), (5, 500, 0.1, 1)], True),
        ([(95, 200, 0.1, 1), (5, 503, 0.1, 1)], True),
        ([(96, 200, 0.1, 1), (4, 500, 0.1, 1)], False),
        ([(50, 404, 0.1, 1), (50, 429, 0.1, 1)], False),
        ([(10, 500, 0.1, 1)], False),
        ([(100, 500, 0.1, 600)], False),
        ([(100, 500, 0.1, 600), (30, 200, 0.1, 1)], False),
        ([], False),
    ],
)
def test_share_of_failed_requests_of_the_last_minutes_is_judged(latest, groups, told):
    latest(*groups)
    assert bool(conditions.error_rate()) is told


@pytest.mark.parametrize(
    ("groups", "told"),
    [
        ([(94, 200, 0.1, 1), (6, 200, 2.0, 1)], True),
        ([(96, 200, 0.1, 1), (4, 200, 30.0, 1)], False),
        ([(100, 200, 0.9, 1)], False),
        ([(10, 200, 30.0, 1)], False),
        ([(100, 200, 30.0, 600)], False),
    ],
)
def test_95th_percentile_is_judged(latest, groups, told):
    latest(*groups)
    assert bool(conditions.response_time()) is told


@pytest.mark.django_db(transaction=True)
def test_service_that_works_is_no_trouble_and_a_part_that_fails_is_named(settings, monkeypatch):
    told = conditions.failing_part() or ""
    assert "database" not in told
    broken = {"checks": {"database": {"status": "unhealthy"}, "cache": {"status": "degraded"}}}
    monkeypatch.setattr("apps.ops.health.report", lambda **asked: (broken, False))
    assert conditions.failing_part() == "Unhealthy: database."


def deliver(count: int, state: str, source: str = "stripe") -> None:
    Delivery.objects.bulk_create(
        Delivery(
            source=source, event_id=f"{state}{n}", type="x", body="", state=state,
            event_created=timezone.now(),
        )
        for n in range(count)
    )  # fmt: skip


@pytest.mark.django_db
def test_backlog_of_the_inbox_is_judged_by_sender(settings):
    settings.ENVIRONMENT = env.read({"ALERT_WEBHOOK_BACKLOG": "3"})
    deliver(3, "received")
    deliver(9, "processed")
    deliver(9, "ignored")
    assert webhook_backlog() is None
    deliver(1, "failed")
    told = webhook_backlog()
    assert told
    assert "4 of stripe" in told
    assert "highlevel" not in told


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("count", "state", "minutes", "told"),
    [
        (3, "needs_attention", 5, True),
        (2, "needs_attention", 5, False),
        (9, "needs_attention", 90, False),
        (9, "connected", 5, False),
        (9, "revoked", 5, False),
    ],
)
def test_connections_that_break_together_are_trouble(count, state, minutes, told):
    failed = timezone.now() - datetime.timedelta(minutes=minutes)
    for n in range(count):
        Connection.objects.create(
            account=Account.objects.create(name=f"a{n}"),
            provider="highlevel",
            state=state,
            failed_at=failed,
        )
    assert bool(token_failures()) is told
