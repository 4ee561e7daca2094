"""Ends a request that takes too long: its thread is raised out of what it does.

A web server with threads does not do that by itself. What waits in C code notices only when it
comes back, so the database and outgoing calls have limits of their own, below this one.
"""

import ctypes
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from apps.ops import errors, paths

logger = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 0.25


class OverdueError(BaseException):
    """The time is up. Not an Exception: no border may take it for a failure of its own."""


class _Deadlines:
    """Which thread has to be done when, and one thread that looks after them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ends: dict[int, float] = {}
        self._raised: set[int] = set()
        self._thread: threading.Thread | None = None

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Raises OverdueError in this thread when the block takes longer, and never after it."""
        me = threading.get_ident()
        with self._lock:
            self._ends[me] = time.monotonic() + seconds
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, name="deadlines", daemon=True)
                self._thread.start()
        try:
            yield
        finally:
            with self._lock:
                self._ends.pop(me, None)
                if me in self._raised:
                    # Raised, but maybe not felt yet: it must not strike what comes next.
                    self._raised.discard(me)
                    _raise_in(me, None)

    def _watch(self) -> None:
        while True:
            time.sleep(LOOK_EVERY_SECONDS)
            now = time.monotonic()
            with self._lock:
                late = [thread for thread, end in self._ends.items() if end <= now]
                for thread in late:
                    del self._ends[thread]
                    self._raised.add(thread)
                    _raise_in(thread, OverdueError)


def _raise_in(thread: int, error: type[BaseException] | None) -> None:
    """None takes back what was not felt yet."""
    what = ctypes.py_object(error) if error else None
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), what)


_deadlines = _Deadlines()


def _after_fork() -> None:
    global _deadlines
    _deadlines = _Deadlines()


os.register_at_fork(after_in_child=_after_fork)


class TimeLimitMiddleware:
    """Answers `timeout` when a request is not done after REQUEST_TIMEOUT_SECONDS."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # Probes have a limit of their own.
        if paths.is_watching(request.path_info):
            return self.get_response(request)
        try:
            with _deadlines.within(settings.REQUEST_TIMEOUT_SECONDS):
                return self.get_response(request)
        except OverdueError as overdue:
            # Nobody knows in what state it was left.
            connection.close()
            logger.error("answered timeout", exc_info=overdue)
            response = errors.respond(errors.ApplicationError("timeout", _TOLD))
            response._has_been_logged = True  # type: ignore[attr-defined]
            return response


_TOLD = "This took too long and was given up; try again, or with less at once."
