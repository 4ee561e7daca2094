"""How gunicorn serves: few processes, several threads, bounded at shutdown."""

import os
import shutil
import signal
import socket
import tempfile
import threading
from pathlib import Path
from types import FrameType
from typing import Any

from gunicorn import util

from config import env, lingering, patience

environment = env.load()
env.require_serving(environment)

_SHARED_MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108

bind = f"0.0.0.0:{environment.port}"
backlog = 2048
workers = environment.web_concurrency
worker_class = "gthread"
threads = 8
# A low cap spreads keep-alive connections over the workers, which gthread does not do itself.
worker_connections = 4 * threads
preload_app = True
timeout = 60
# Requests are cut off after 25 s; platforms kill 30 s after SIGTERM.
graceful_timeout = 27
keepalive = 5
max_requests = 20_000
max_requests_jitter = 4_000
# On a disk, a slow write of the heartbeat file looks like a dead worker.
worker_tmp_dir = _SHARED_MEMORY
# Its default is a socket file in the home folder.
control_socket_disable = True
# Seconds in which /ready already says no, but everything is still served.
DRAIN_SECONDS = 2.0


def on_starting(server: Any) -> None:
    """Before anything is forked: the numbers that all processes share."""
    from apps.ops.metrics import STORE

    STORE.share(Path(tempfile.mkdtemp(prefix="workflow-debugger-", dir=_SHARED_MEMORY)))


def when_ready(server: Any) -> None:
    """SIGTERM first turns /ready to 503, so that the router looks elsewhere; then it stops."""
    stop = server.handle_term
    draining = threading.Event()

    def handle_term() -> None:
        from apps.ops import health

        if draining.is_set():
            stop()
            return
        draining.set()
        health.drain_all()
        again = threading.Timer(DRAIN_SECONDS, os.kill, (os.getpid(), signal.SIGTERM))
        again.daemon = True
        again.start()

    server.handle_term = handle_term


def post_worker_init(worker: Any) -> None:
    """A worker that is told to stop by itself drains as well; without a broker it does jobs."""
    from apps.ops import health, pulse
    from apps.ops.jobs import embedded

    pulse.start()
    if embedded.is_serving():
        embedded.start()
    before = signal.getsignal(signal.SIGTERM)

    def drain(number: int, frame: FrameType | None) -> None:
        health.drain()
        if callable(before):
            before(number, frame)

    signal.signal(signal.SIGTERM, drain)


def worker_exit(server: Any, worker: Any) -> None:
    from django.core.cache import caches
    from django.db import connections

    from apps.ops import pulse

    pulse.stop()
    connections.close_all()
    caches.close_all()


def on_exit(server: Any) -> None:
    from apps.ops.metrics import STORE, machines

    machines.leave()
    if STORE.folder:
        shutil.rmtree(STORE.folder, ignore_errors=True)


def _write_error(client: socket.socket, status: int, reason: str, message: str) -> None:
    """What gunicorn refuses before the application sees it fails in the same shape."""
    from apps.ops import errors

    answer = errors.unseen(status)
    head = f"HTTP/1.1 {status} {reason}\r\nConnection: close\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in answer.items())
    util.write_nonblock(client, f"{head}Content-Length: {len(answer.content)}\r\n\r\n".encode())
    util.write_nonblock(client, answer.content)


# There are no settings for these.
util.write_error = _write_error
util.close_graceful = lingering.close_graceful
patience.install()
