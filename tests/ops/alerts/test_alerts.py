"""Alerts on their way to people: who hears, how often, and what happens when a channel is away."""

import datetime
import json
import threading

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from apps.ops.alerts import registry
from apps.ops.alerts.conditions import queue_age
from apps.ops.alerts.models import Alert
from apps.ops.alerts.registry import Condition
from apps.ops.alerts.services import alerts_look
from apps.ops.alerts.standing import Event
from apps.ops.jobs import Job
from config import env
from tests.ops.receiver import receiving

SECRET_URL = "json://user:hunter2@127.0.0.1:1/"


@pytest.fixture
def trouble(monkeypatch):
    """One condition whose answer the test chooses."""
    told: list[str | None] = [None]
    condition = Condition("too-hot", "The machine is too hot", lambda: told[0], after=2)
    monkeypatch.setattr(registry, "CONDITIONS", {"too-hot": condition})
    monkeypatch.setattr("apps.ops.alerts.services.CONDITIONS", {"too-hot": condition})
    return told


@pytest.fixture
def look(db, django_capture_on_commit_callbacks):
    def look(times: int = 1) -> list[tuple[str, Event]]:
        found = []
        for _ in range(times):
            with django_capture_on_commit_callbacks(execute=True):
                found += alerts_look()
        return found

    return look


def operators(settings, **values: str) -> None:
    settings.ENVIRONMENT = env.read(values)


def test_trouble_is_mailed_once_and_so_is_its_end(settings, trouble, look):
    operators(settings, ALERT_EMAILS="a@example.com, b@example.com")
    trouble[0] = "92 degrees"
    assert look(5) == [("too-hot", Event.RAISED)]
    assert [each.to for each in mail.outbox] == [["a@example.com"], ["b@example.com"]]
    assert "too hot" in mail.outbox[0].subject
    assert "92 degrees" in mail.outbox[0].body
    trouble[0] = None
    assert look(5) == [("too-hot", Event.OVER)]
    assert len(mail.outbox) == 4
    assert "Over" in mail.outbox[2].subject
    assert "92 degrees" in mail.outbox[2].body


def test_short_trouble_is_not_told(settings, trouble, look):
    operators(settings, ALERT_EMAILS="a@example.com")
    for message in ("92 degrees", None) * 4:
        trouble[0] = message
        assert look() == []
    assert mail.outbox == []


def test_alert_that_nobody_is_named_for_stands_in_the_log(settings, trouble, look, caplog):
    operators(settings)
    trouble[0] = "92 degrees"
    look(2)
    assert "92 degrees" in caplog.text
    assert not Job.objects.exists()


def test_channel_is_told(settings, trouble, look):
    with receiving() as channel:
        operators(settings, NOTIFICATION_URLS=f"json://127.0.0.1:{channel.port}/hook")
        trouble[0] = "92 degrees"
        look(2)
    ((path, body),) = channel.posts
    assert path == "/hook"
    assert "92 degrees" in json.loads(body)["message"]


def test_channel_that_is_away_is_tried_again_and_holds_up_no_mail(settings, trouble, look):
    operators(settings, NOTIFICATION_URLS=SECRET_URL, ALERT_EMAILS="a@example.com")
    trouble[0] = "92 degrees"
    look(2)
    assert len(mail.outbox) == 1
    job = Job.objects.get(kind="ops.alert_channel")
    assert job.state == "failed"
    assert "hunter2" not in json.dumps(job.payload) + job.error


def test_address_that_is_no_channel_parks_its_job(settings, trouble, look):
    operators(settings, NOTIFICATION_URLS="nosuchchannel://x")
    trouble[0] = "92 degrees"
    look(2)
    assert Job.objects.get(kind="ops.alert_channel").state == "dead"


def test_condition_that_breaks_stops_no_other(monkeypatch, settings, look):
    def broken() -> str | None:
        raise ZeroDivisionError

    conditions = {
        "broken": Condition("broken", "It breaks", broken, 1),
        "fine": Condition("fine", "It speaks", lambda: "bad", 1),
    }
    monkeypatch.setattr("apps.ops.alerts.services.CONDITIONS", conditions)
    assert look() == [("fine", Event.RAISED)]
    assert not Alert.objects.filter(name="broken").exists()


@pytest.mark.django_db(transaction=True)
def test_two_processes_that_look_at_once_tell_once(settings, trouble):
    operators(settings, ALERT_EMAILS="a@example.com")
    trouble[0] = "92 degrees"
    alerts_look()
    told, start = [], threading.Barrier(4)

    def run():
        start.wait()
        told.extend(alerts_look())
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told == [("too-hot", Event.RAISED)]
    assert Job.objects.filter(kind="email.send").count() == 1


def waiting(seconds: int, queue: str = "default") -> None:
    due = timezone.now() - datetime.timedelta(seconds=seconds)
    Job.objects.create(kind="test.x", queue=queue, run_at=due, request_id="r")


@pytest.mark.django_db
def test_job_that_waits_too_long_is_trouble():
    assert queue_age() is None
    waiting(200)
    assert queue_age() is None
    waiting(400, "email")
    told = queue_age()
    assert told
    assert "email: 1 jobs" in told
    assert "default" not in told


@pytest.mark.django_db
def test_job_that_is_due_later_is_no_trouble():
    waiting(-4000)
    assert queue_age() is None
