"""Servers that a test may kill: a Redis of its own, on a free port."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from apps.ops import redis_link
from tests import services


class OwnRedis:
    """A Redis that is started, killed, frozen and started again on the same port."""

    def __init__(self) -> None:
        self.port = services.free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._home = tempfile.TemporaryDirectory(prefix="workflow-debugger-redis-")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        server = services.find_redis()
        assert server
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", self._home.name]
        # Its data survives a kill, as that of a real one may.
        options += ["--save", "", "--appendonly", "yes", "--appendfsync", "always"]
        self._process = subprocess.Popen([server, *options], stdout=subprocess.DEVNULL)
        until(lambda: services.redis_answers(self.url))

    def kill(self) -> None:
        assert self._process
        self._process.kill()
        self._process.wait()

    def lose_data(self) -> None:
        shutil.rmtree(Path(self._home.name, "appendonlydir"))

    def freeze(self) -> None:
        assert self._process
        os.kill(self._process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        assert self._process
        os.kill(self._process.pid, signal.SIGCONT)

    def close(self) -> None:
        if self._process and self._process.poll() is None:
            self.thaw()
            self.kill()
        self._home.cleanup()


def until(true, seconds: float = 15.0) -> None:
    """Waits for what another process or thread does; fails when it does not."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


@pytest.fixture
def own_redis() -> Iterator[OwnRedis]:
    server = OwnRedis()
    server.start()
    try:
        yield server
    finally:
        redis_link.forget(server.url)
        server.close()
