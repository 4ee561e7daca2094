"""Whatever goes wrong is one log event that says what it was, where, and for whom."""

import json
import logging
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.test import Client, RequestFactory

from apps.ops import context, failures

ROOT = Path(__file__).resolve().parents[2]
ROUTES = pytest.mark.urls("tests.ops.urls")


def errors(caplog):
    return [each for each in caplog.records if each.levelno >= logging.ERROR]


@ROUTES
@pytest.mark.parametrize("door", ["plain", "api/rest"])
@pytest.mark.parametrize(
    ("fault", "kind", "code"),
    [
        ("database", "operational", "database_unavailable"),
        ("upstream", "operational", "upstream_unavailable"),
        ("unknown", "programming", "internal_error"),
    ],
)
def test_failure_of_a_request_is_one_event_with_its_kind(caplog, door, fault, kind, code):
    answer = Client(raise_request_exception=False).get(f"/{door}/{fault}")
    (event,) = errors(caplog)
    assert (event.kind, event.code, event.method) == (kind, code, "GET")
    assert event.route == f"{door}/<str:fault>"
    assert event.exc_info
    assert answer.status_code >= 500


@ROUTES
@pytest.mark.parametrize("fault", ["missing", "denied", "conflict"])
def test_refusal_is_no_event(caplog, fault):
    Client(raise_request_exception=False).get(f"/plain/{fault}")
    assert errors(caplog) == []


def test_failure_outside_any_route_is_an_event_too(caplog):
    request = RequestFactory().get("/nowhere")
    failures.report_request(ValueError("x"), request, kind="programming", code="internal_error")
    (event,) = errors(caplog)
    assert event.route == "(none)"


def test_user_and_account_are_on_every_line_of_a_request_and_on_none_after_it(alice):
    seen = []

    class Handler(logging.Handler):
        def emit(self, record):
            seen.append(dict(context.log_fields()))

    logger, handler = logging.getLogger("apps.access"), Handler()
    logger.addHandler(handler)
    try:
        alice.client.get("/api/history")
        Client().get("/api/rules")
    finally:
        logger.removeHandler(handler)
    assert seen[0] == {"user": str(alice.user.pk), "account": str(alice.account.pk)}
    assert seen[1] == {}
    assert dict(context.log_fields()) == {}


def test_user_is_not_looked_up_for_the_event(db, django_assert_num_queries):
    request = RequestFactory().get("/")
    with django_assert_num_queries(0):
        assert "user" not in failures.request_fields(request)


def test_exception_that_ends_a_thread_is_an_event(caplog, monkeypatch):
    monkeypatch.setattr(threading, "excepthook", failures._uncaught_in_thread)
    thread = threading.Thread(target=lambda: [][0], name="a-thread")
    thread.start()
    thread.join()
    (event,) = errors(caplog)
    assert (event.kind, event.errorType, event.endedThread) == (
        "programming",
        "IndexError",
        "a-thread",
    )


def test_thread_that_ends_itself_is_no_event(caplog, monkeypatch):
    monkeypatch.setattr(threading, "excepthook", failures._uncaught_in_thread)
    thread = threading.Thread(target=sys.exit)
    thread.start()
    thread.join()
    assert errors(caplog) == []


def in_process(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    start = "import django, os; os.environ['DJANGO_SETTINGS_MODULE'] = 'config.settings'; "
    bare = {"PATH": os.environ["PATH"], "ENV_FILE": "", "LOG_FORMAT": "json", **environment}
    return subprocess.run(
        [sys.executable, "-c", f"{start}django.setup()\n{code}"],
        cwd=ROOT,
        env=bare,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_exception_that_ends_the_process_is_one_json_line_without_its_secrets():
    ended = in_process("raise RuntimeError('password=hunter2')")
    assert ended.returncode == 1
    (line,) = ended.stderr.splitlines()
    event = json.loads(line)
    assert (event["kind"], event["errorType"]) == ("programming", "RuntimeError")
    assert "Traceback" in event["exception"]
    assert "hunter2" not in line


def test_interrupt_of_the_process_is_no_event():
    ended = in_process("raise KeyboardInterrupt")
    assert '"kind"' not in ended.stderr


def test_exception_of_a_celery_task_is_an_event():
    code = (
        "from celery import Celery\n"
        "app = Celery(set_as_current=False)\n"
        "app.conf.task_always_eager = True\n"
        "@app.task(name='a.task')\n"
        "def fail(): raise LookupError('gone')\n"
        "fail.delay()\n"
    )
    lines = [json.loads(line) for line in in_process(code).stderr.splitlines()]
    (event,) = [line for line in lines if line.get("kind")]
    assert (event["task"], event["errorType"]) == ("a.task", "LookupError")
