"""Whether this process may get traffic: the database answers and no migration is missing."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

import redis
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from redis.backoff import NoBackoff
from redis.retry import Retry

logger = logging.getLogger(__name__)

_draining = threading.Event()
# Code does not change while a process runs: once nothing is missing, nothing will be.
_migrated = threading.Event()


def drain() -> None:
    """From now on this process asks not to be given new requests."""
    _draining.set()


def readiness() -> tuple[dict[str, Any], bool]:
    """The answer of `/ready`, and whether it is yes."""
    checks = {"database": _checked(_database), "migrations": _checked(_migrations)}
    if settings.REDIS_URL:
        checks["redis"] = _checked(_redis)
    ready = not _draining.is_set() and all(
        checks[name]["status"] == "healthy" for name in ("database", "migrations")
    )
    worst = any(check["status"] != "healthy" for check in checks.values())
    status = "unhealthy" if not ready else "degraded" if worst else "healthy"
    return {"status": status, "draining": _draining.is_set(), "checks": checks}, ready


def _checked(check: Callable[[], None]) -> dict[str, Any]:
    started = time.perf_counter()
    try:
        check()
        status = "healthy"
    except Exception:
        # A probe is a border: whatever is wrong, the answer is no and shows no internals.
        logger.warning("the %s check failed", check.__name__.strip("_"), exc_info=True)
        status = "unhealthy"
    return {"status": status, "responseTime": round((time.perf_counter() - started) * 1000, 1)}


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _migrations() -> None:
    if _migrated.is_set():
        return
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        raise RuntimeError(f"{len(missing)} migrations are missing")
    _migrated.set()


def _redis() -> None:
    client = redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=settings.REDIS_TIMEOUT_SECONDS,
        socket_connect_timeout=settings.REDIS_TIMEOUT_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )
    try:
        client.ping()
    finally:
        client.close()
