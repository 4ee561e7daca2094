"""Requests that take too long are given up, and only they."""

import contextlib
import threading
import time

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from apps.ops import timelimit
from tests.ops import urls as others

pytestmark = pytest.mark.urls(__name__)


def wait(seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        # As a border inside the product would do it.
        with contextlib.suppress(Exception):
            time.sleep(0.01)


def slow(request: HttpRequest, seconds: int) -> HttpResponse:
    wait(seconds)
    return HttpResponse("done")


urlpatterns = [path("slow/<int:seconds>", slow), *others.urlpatterns]
handler404, handler500 = others.handler404, others.handler500


def test_request_beyond_its_time_is_answered_timeout(settings):
    settings.REQUEST_TIMEOUT_SECONDS = 0.3
    started = time.monotonic()
    answer = Client().get("/slow/20")
    assert time.monotonic() - started < 10
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "timeout")
    assert answer["X-Request-ID"]


def test_request_within_its_time_is_left_alone(settings):
    settings.REQUEST_TIMEOUT_SECONDS = 30
    assert Client().get("/slow/0").content == b"done"


def test_what_comes_after_the_request_is_not_struck(settings):
    settings.REQUEST_TIMEOUT_SECONDS = 0.3
    assert Client().get("/slow/1").status_code == 503
    time.sleep(2 * timelimit.LOOK_EVERY_SECONDS)
    assert Client().get("/slow/0").content == b"done"


def test_block_that_ends_as_its_time_is_up_is_done(monkeypatch):
    """The exception may be on its way when the block is left: it is taken back."""
    monkeypatch.setattr(timelimit, "LOOK_EVERY_SECONDS", 0.001)
    deadlines = timelimit._Deadlines()
    late = 0
    for _ in range(300):
        try:
            with deadlines.within(0.0005):
                time.sleep(0.0005)
        except timelimit.OverdueError:
            late += 1
    time.sleep(0.05)
    assert deadlines._raised == set()
    assert 0 <= late <= 300


def test_other_threads_go_on():
    deadlines, done = timelimit._Deadlines(), threading.Event()

    def other() -> None:
        with deadlines.within(30):
            time.sleep(1)
            done.set()

    thread = threading.Thread(target=other)
    thread.start()
    with pytest.raises(timelimit.OverdueError), deadlines.within(0.1):
        wait(20)
    thread.join()
    assert done.is_set()
