"""How gunicorn serves: few processes, several threads, bounded at shutdown."""

import signal
import socket
from pathlib import Path
from types import FrameType
from typing import Any

from gunicorn import util

from config import env

environment = env.load()
env.require_serving(environment)

bind = f"0.0.0.0:{environment.port}"
workers = environment.web_concurrency
worker_class = "gthread"
threads = 4
# A low cap spreads keep-alive connections over the workers, which gthread does not do itself.
worker_connections = 4 * threads
preload_app = True
timeout = 60
# Platforms kill 30 s after SIGTERM.
graceful_timeout = 25
keepalive = 5
max_requests = 2000
max_requests_jitter = 400
# On a disk, a slow write of the heartbeat file looks like a dead worker.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
# Its default is a socket file in the home folder.
control_socket_disable = True


def post_worker_init(worker: Any) -> None:
    """Jobs run beside the requests where no broker is; from SIGTERM on `/ready` answers 503."""
    from apps.ops import health
    from apps.ops.jobs import embedded

    if embedded.is_serving():
        embedded.start()
    before = signal.getsignal(signal.SIGTERM)

    def drain(number: int, frame: FrameType | None) -> None:
        health.drain()
        if callable(before):
            before(number, frame)

    signal.signal(signal.SIGTERM, drain)


def _write_error(client: socket.socket, status: int, reason: str, message: str) -> None:
    """What gunicorn refuses before the application sees it fails in the same shape."""
    from apps.ops import errors

    answer = errors.unseen(status)
    head = f"HTTP/1.1 {status} {reason}\r\nConnection: close\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in answer.items())
    util.write_nonblock(client, f"{head}Content-Length: {len(answer.content)}\r\n\r\n".encode())
    util.write_nonblock(client, answer.content)


# There is no setting for it.
util.write_error = _write_error
