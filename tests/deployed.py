"""The service as deployed, for benchmarks and attacks: gunicorn on a database of its own.

Start what uses it through `tests/services.py`, which names a PostgreSQL and a Redis.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import redis
from psycopg import sql

from tests.services import free_port, redis_answers

ROOT = Path(__file__).resolve().parent.parent
#: So high that only what is about limits meets one.
_UNLIMITED = "1000000/s"


@dataclass(frozen=True)
class Service:
    """A running service: where it listens, what its processes got, who its demo owner is."""

    address: str
    environment: dict[str, str]
    owner: str
    token: str
    process: subprocess.Popen[bytes]
    log: Path

    def manage(self, *arguments: str) -> str:
        return _manage(self.environment, *arguments)


@contextlib.contextmanager
def served(**settings: str) -> Iterator[Service]:
    """Gunicorn by its own configuration in production mode, with the demo account in place."""
    with database() as url, tempfile.TemporaryDirectory() as home:
        port = free_port()
        environment = {**_production(url, port), **settings}
        _manage(environment, "migrate", "--noinput")
        _manage(environment, "create_demo")
        token = _manage(environment, "create_token", "--email", "owner@demo.test").strip()
        log = Path(home, "gunicorn.log")
        command = [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.py"]
        with (
            log.open("wb") as output,
            subprocess.Popen(
                [*command, "config.wsgi"], cwd=ROOT, env=environment, stdout=output, stderr=output
            ) as process,
        ):
            try:
                address = f"http://127.0.0.1:{port}"
                try:
                    wait_until_it_answers(f"{address}/ready", process)
                except RuntimeError:
                    sys.exit(f"The service did not start:\n{log.read_text()[-4000:]}")
                yield Service(address, environment, "owner@demo.test", token, process, log)
            finally:
                process.terminate()
                process.wait()
                _forget_keys(environment["REDIS_URL"])


def _production(url: str, port: int) -> dict[str, str]:
    return {
        **os.environ,
        "ENV_FILE": "",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "TOKEN_ENCRYPTION_KEYS": "bench:" + "A" * 43 + "=",
        "DATABASE_URL": url,
        "PORT": str(port),
        "DEMO_PASSWORD": secrets.token_urlsafe(12),
        "MONITORING_TOKEN": secrets.token_urlsafe(24),
        "RATE_LIMIT_AUTH": _UNLIMITED,
        "RATE_LIMIT_WRITE": _UNLIMITED,
        "RATE_LIMIT_READ": _UNLIMITED,
        "LOG_LEVEL": "WARNING",
    }


def _forget_keys(url: str) -> None:
    """The Redis may be someone's: nothing of ours stays in it."""
    if not url or not redis_answers(url):
        return
    with redis.Redis.from_url(url) as client:
        if found := list(client.scan_iter(match="workflow-debugger:*", count=1000)):
            client.delete(*found)


def _manage(environment: dict[str, str], *arguments: str) -> str:
    ended = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode:
        sys.exit(f"manage.py {' '.join(arguments)} failed:\n{ended.stderr}")
    return ended.stdout


@contextlib.contextmanager
def database() -> Iterator[str]:
    """A database beside the one that DATABASE_URL names, dropped at the end."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    name = f"workflow_debugger_served_{os.getpid()}_{secrets.token_hex(3)}"
    server = urlunsplit(parts._replace(path="/postgres"))
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield urlunsplit(parts._replace(path=f"/{name}"))
    finally:
        # A new connection: the server may have been restarted meanwhile.
        with psycopg.connect(server, autocommit=True) as admin:
            drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
            admin.execute(drop.format(sql.Identifier(name)))


def wait_until_it_answers(address: str, process: subprocess.Popen[bytes]) -> None:
    """Raises RuntimeError when the process ends before, or says nothing for half a minute."""
    for _ in range(300):
        if process.poll() is not None:
            break
        with contextlib.suppress(OSError, urllib.error.URLError):
            urllib.request.urlopen(address, timeout=5).close()
            return
        time.sleep(0.1)
    raise RuntimeError(f"{address} does not answer")
