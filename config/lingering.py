"""Closes connections without waiting for the other side.

Gunicorn's worker waits in its one loop, up to two seconds for each connection, until the client
has closed as well: a few slow clients would keep everybody else out. Here a thread waits for all
of them together.
"""

import contextlib
import os
import queue
import selectors
import socket
import threading
import time

LINGER_SECONDS = 2.0
LOOK_EVERY_SECONDS = 0.05
MOST_BYTES = 65536


class Closer:
    """Half-closes at once, so that the answer arrives whole; closes when the client has."""

    def __init__(self) -> None:
        self._given: queue.SimpleQueue[socket.socket] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def close(self, connection: socket.socket, *_options: float) -> None:
        try:
            connection.shutdown(socket.SHUT_WR)
            connection.setblocking(False)
        except OSError:
            _close(connection)
            return
        self._given.put(connection)
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="closer", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        waiting: dict[socket.socket, tuple[float, int]] = {}
        with selectors.DefaultSelector() as selector:
            while True:
                self._take(waiting, selector)
                for key, _ in selector.select(LOOK_EVERY_SECONDS):
                    _drain(key.data, waiting)
                now = time.monotonic()
                for connection, (end, left) in list(waiting.items()):
                    if now >= end or left <= 0:
                        del waiting[connection]
                        selector.unregister(connection)
                        _close(connection)

    def _take(
        self,
        waiting: dict[socket.socket, tuple[float, int]],
        selector: selectors.BaseSelector,
    ) -> None:
        """What was given meanwhile; with nothing to look after, waits for it."""
        with contextlib.suppress(queue.Empty):
            while True:
                connection = self._given.get(block=not waiting)
                waiting[connection] = (time.monotonic() + LINGER_SECONDS, MOST_BYTES)
                selector.register(connection, selectors.EVENT_READ, data=connection)


def _drain(connection: socket.socket, waiting: dict[socket.socket, tuple[float, int]]) -> None:
    end, left = waiting[connection]
    try:
        data = connection.recv(4096)
    except BlockingIOError:
        return
    except OSError:
        data = b""
    waiting[connection] = (end, left - len(data) if data else 0)


def _close(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.close()


closer = Closer()


def _after_fork() -> None:
    # The thread stayed with the parent.
    global closer
    closer = Closer()


os.register_at_fork(after_in_child=_after_fork)


def close_graceful(connection: socket.socket, *options: float) -> None:
    """In place of the function of that name in gunicorn.util."""
    closer.close(connection, *options)
