"""Servers that a test may kill: a Redis and a PostgreSQL of its own, on free ports."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection
from psycopg import sql

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


class OwnPostgres:
    """A PostgreSQL that is stopped in the middle of its work and started again."""

    def __init__(self) -> None:
        self.port = services.free_port()
        self.url = f"postgresql://postgres@127.0.0.1:{self.port}/postgres"
        self._home = Path(tempfile.mkdtemp(prefix="workflow-debugger-pg-"))
        self._data = self._home / "data"
        self._data.mkdir()
        binaries = services.find_postgres()
        assert binaries
        self._user: dict[str, Any] = {}
        if os.geteuid() == 0:
            binaries, self._user = services._as_nobody(binaries, self._home)
        self._binaries = binaries
        self._run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")

    def start(self) -> None:
        options = f"-p {self.port} -k {self._home} -c listen_addresses=127.0.0.1 -c fsync=off"
        self._run("pg_ctl", "-w", "-l", str(self._data / "log"), "-o", options, "start")

    def stop(self) -> None:
        """As an administrator does: connections are ended, what is committed stays."""
        self._run("pg_ctl", "-w", "-m", "fast", "stop")

    def close(self) -> None:
        self._run("pg_ctl", "-m", "immediate", "stop", check=False)
        shutil.rmtree(self._home, ignore_errors=True)

    def _run(self, program: str, *options: str, check: bool = True) -> None:
        subprocess.run(
            [self._binaries / program, "-D", self._data, *options],
            cwd=self._home,
            env={"PATH": "/usr/bin:/bin", "HOME": str(self._home), "LC_ALL": "C"},
            check=check,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **self._user,
        )


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


@pytest.fixture
def own_postgres() -> Iterator[OwnPostgres]:
    server = OwnPostgres()
    server.start()
    try:
        yield server
    finally:
        server.close()


@pytest.fixture
def own_database(db: None) -> Iterator[str]:
    """The address of an empty database beside that of the tests."""
    found = connection.settings_dict
    name = f"{found['NAME']}_own"
    admin = psycopg.connect(
        host=found["HOST"] or None, port=found["PORT"] or None, user=found["USER"] or None,
        password=found["PASSWORD"] or None, dbname="postgres", autocommit=True,
    )  # fmt: skip
    with admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        login = f"{found['USER']}:{found['PASSWORD']}@" if found["USER"] else ""
        yield f"postgres://{login}{found['HOST']}:{found['PORT']}/{name}"
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
