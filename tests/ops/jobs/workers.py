"""Real workers and brokers for the tests about them: processes that may be killed at any time."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from tests import services
from tests.servers import OwnRedis

ROOT = Path(__file__).resolve().parents[3]
RABBITMQ = "amqp://guest:guest@127.0.0.1:5672/"


class Workers:
    """Worker processes on one broker and the test's own database."""

    def __init__(self, broker: str, log: Path) -> None:
        self.broker = broker
        self.log = log
        self.running: list[subprocess.Popen[bytes]] = []
        #: Modules with what only tests know.
        self.include = "tests.ops.jobs.kinds"
        self._started = 0

    @property
    def environment(self) -> dict[str, str]:
        database = urlsplit(os.environ["DATABASE_URL"])
        name = connection.settings_dict["NAME"]
        return {
            **os.environ,
            "DATABASE_URL": urlunsplit(database._replace(path=f"/{name}")),
            "CELERY_BROKER_URL": self.broker,
            "JOB_LEASE_SECONDS": "2",
            "LOG_FORMAT": "json",
        }

    def start(self, concurrency: int = 2) -> subprocess.Popen[bytes]:
        self._started += 1
        command = [
            sys.executable, "-m", "celery", "--app", "config.celery", "worker",
            "--concurrency", str(concurrency), "--include", self.include,
            "--hostname", f"w{self._started}@here", "--loglevel", "INFO",
            "--without-mingle", "--without-gossip",
        ]  # fmt: skip
        with self.log.open("ab") as log:
            # A session of its own, so that its children can be killed with it.
            process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        self.running.append(process)
        return process

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self.running.remove(process)

    def enqueue(self, kind: str, count: int, identity: str = "") -> None:
        command = [sys.executable, "-m", "tests.ops.jobs.enqueueing", kind, str(count)]
        command += [identity] if identity else []
        with self.log.open("ab") as log:
            subprocess.run(
                command, cwd=ROOT, env=self.environment, check=True, timeout=60, stderr=log
            )

    def close(self) -> None:
        for process in list(self.running):
            self.kill(process)


@pytest.fixture
def effects(transactional_db) -> Iterator[None]:
    """A table in which a job that has its effect twice would be seen."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE effects (n integer NOT NULL)")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE effects")


def effect_count() -> tuple[int, int]:
    """How many effects there are, and how many different ones."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(DISTINCT n) FROM effects")
        found: tuple[int, int] = cursor.fetchone()
        return found


@contextlib.contextmanager
def workers_on(broker: str) -> Iterator[Workers]:
    with tempfile.TemporaryDirectory(prefix="workflow-debugger-workers-") as folder:
        workers = Workers(broker, Path(folder, "log"))
        try:
            yield workers
        finally:
            workers.close()


@contextlib.contextmanager
def own_vhost() -> Iterator[str]:
    """A virtual host of our own in the machine's RabbitMQ, if it has one."""
    tool = shutil.which("rabbitmqctl")
    port = urlsplit(RABBITMQ).port or 5672
    if tool is None or not services.port_answers(port):
        pytest.skip("there is no RabbitMQ on this machine")
    name = f"workflow-debugger-{os.getpid()}-{secrets.token_hex(3)}"

    def control(*words: str) -> None:
        subprocess.run([tool, *words], check=True, capture_output=True, timeout=60)

    control("add_vhost", name)
    try:
        control("set_permissions", "-p", name, "guest", ".*", ".*", ".*")
        yield RABBITMQ + name
    finally:
        control("delete_vhost", name)


@pytest.fixture(params=["redis", "rabbitmq"])
def workers(request, effects) -> Iterator[Workers]:
    """Workers on a Redis of their own, and on a RabbitMQ."""
    if request.param == "rabbitmq":
        with own_vhost() as url, workers_on(url) as found:
            yield found
        return
    server = OwnRedis()
    server.start()
    try:
        with workers_on(server.url) as found:
            yield found
    finally:
        server.close()
