"""The end of a call as a whole: timeouts of a socket only bound each wait for a next byte."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from contextvars import ContextVar

_current: ContextVar[Deadline | None] = ContextVar("deadline", default=None)


class Deadline:
    """A moment on the monotonic clock; ``watching`` cuts the connection when it comes."""

    def __init__(self, seconds: float) -> None:
        self.at = time.monotonic() + seconds
        self.passed = False
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._over = False

    @property
    def left(self) -> float:
        """Seconds until then; never less than 0."""
        return max(0.0, self.at - time.monotonic())

    @contextlib.contextmanager
    def watching(self) -> Iterator[None]:
        self._over = False
        timer = threading.Timer(self.left, self._cut)
        timer.daemon = True
        timer.start()
        token = _current.set(self)
        try:
            yield
        finally:
            _current.reset(token)
            timer.cancel()
            with self._lock:
                self._over, self._socket = True, None

    def see(self, connection: socket.socket) -> None:
        with self._lock:
            self._socket = connection

    def _cut(self) -> None:
        with self._lock:
            if self._over:
                return
            self.passed = True
            if self._socket is not None:
                with contextlib.suppress(OSError):
                    # Below TLS, whose own shutdown would race with the thread that reads.
                    socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


def watch(connection: socket.socket | None) -> None:
    """The running call now reads from and writes to this socket."""
    deadline = _current.get()
    if deadline is not None and connection is not None:
        deadline.see(connection)
