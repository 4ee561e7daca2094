"""The checks of what every installation has: database, cache, broker, memory, disk, load."""

import os
import platform
import shutil
import threading
import time
from pathlib import Path

import django
import psutil
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from apps.ops import monitoring
from apps.ops.health import Check, Json, WorseError
from apps.ops.jobs.selectors import workers_report
from apps.ops.redis_link import link_to

# Code does not change while a process runs: once nothing is missing, nothing will be.
_migrated = threading.Event()
_CGROUP = Path("/sys/fs/cgroup")


class Database(Check):
    name = "database"
    critical = True

    def run(self) -> Json:
        """On a connection of its own: the thread is new, and what hangs must not be waited for."""
        started = time.perf_counter()
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        finally:
            connection.close()
        elapsed = round((time.perf_counter() - started) * 1000, 1)
        return judged("database", elapsed, {"vendor": connection.vendor})


class Migrations(Check):
    name = "migrations"
    critical = True

    def run(self) -> None:
        if _migrated.is_set():
            return
        try:
            executor = MigrationExecutor(connection)
            missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
        finally:
            connection.close()
        if missing:
            raise RuntimeError(f"{len(missing)} migrations are missing")
        _migrated.set()


class Redis(Check):
    """Redis itself, not the cache: that one always answers."""

    name = "redis"

    def run(self) -> None:
        link_to(settings.REDIS_URL).client.ping()


class Cache(Check):
    name = "cache"

    def run(self) -> Json:
        figures = monitoring.redis_figures()
        if figures["mode"] == "fallback":
            raise WorseError("Redis does not answer; memory stands in.", figures)
        return figures


class Broker(Check):
    name = "broker"

    def run(self) -> Json:
        url = settings.ENVIRONMENT.celery_broker_url
        if not url:
            return {"transport": "none", "message": "Jobs run in the web process."}
        from kombu import Connection

        with Connection(url, connect_timeout=1) as broker:
            broker.connect()
            return {"transport": str(broker.transport_cls)}


class Workers(Check):
    name = "workers"

    def run(self) -> Json:
        """A queue that waits, or nobody to empty it; without a broker the web works itself."""
        try:
            report = workers_report()
        finally:
            connection.close()
        figures: Json = {**report["workers"], "queues": report["queues"], "jobs": report["jobs"]}
        oldest = max((queue["oldestAgeSeconds"] for queue in report["queues"]), default=0)
        if settings.ENVIRONMENT.celery_broker_url and not figures["alive"]:
            raise WorseError("No worker is alive.", figures)
        if oldest > settings.ENVIRONMENT.alert_queue_age:
            raise WorseError(f"A job has waited for {oldest:.0f} s.", figures)
        return figures


class Memory(Check):
    name = "memory"

    def run(self) -> Json:
        used, total = memory_used()
        percentage = round(100 * used / total, 1)
        figures: Json = {"used": used, "total": total, "percentage": percentage}
        return judged("memory", percentage, figures)


class Disk(Check):
    name = "disk"

    def run(self) -> Json:
        found = shutil.disk_usage(settings.BASE_DIR)
        percentage = round(100 * (found.total - found.free) / found.total, 1)
        figures: Json = {"used": found.used, "total": found.total, "percentage": percentage}
        return judged("disk", percentage, figures)


class Load(Check):
    name = "load"

    def run(self) -> Json:
        cores = os.cpu_count() or 1
        one, five, fifteen = (round(each, 2) for each in os.getloadavg())
        per_core = round(one / cores, 2)
        figures: Json = {"1m": one, "5m": five, "15m": fifteen, "cores": cores, "perCore": per_core}
        return judged("load", per_core, figures)


#: In `/health`, and before all others in `/health/detailed`.
BASIC: list[type[Check]] = [Database, Migrations, Cache, Memory]
MORE: list[type[Check]] = [Disk, Broker, Workers, Load]
#: What anyone may see of them besides status and time.
OPEN: frozenset[str] = frozenset({"memory"})


def judged(name: str, value: float, figures: Json) -> Json:
    """The figures, when the value is below the two thresholds that the settings name."""
    degraded, unhealthy = settings.HEALTH_THRESHOLDS[name]
    if value < degraded:
        return figures
    passed = unhealthy if value >= unhealthy else degraded
    message = f"{value:g} is at or above the threshold of {passed:g}."
    raise WorseError(message, figures, unhealthy=value >= unhealthy)


def memory_used() -> tuple[int, int]:
    """Bytes in use and in all: of the container when it is limited, else of the machine."""
    machine = psutil.virtual_memory()
    try:
        limit = (_CGROUP / "memory.max").read_text().strip()
        used = int((_CGROUP / "memory.current").read_text())
        statistics = dict(
            line.split() for line in (_CGROUP / "memory.stat").read_text().splitlines()
        )
    except (OSError, ValueError):
        return int(machine.total - machine.available), int(machine.total)
    if not limit.isdigit() or int(limit) >= machine.total:
        return int(machine.total - machine.available), int(machine.total)
    # What the kernel keeps of files it gives back when it is asked for.
    return used - int(statistics.get("inactive_file", 0)), int(limit)


def surroundings() -> Json:
    """The process that answers, and what it runs on."""
    process = psutil.Process()
    with process.oneshot():
        own = {
            "pid": process.pid,
            "memory": process.memory_info().rss,
            "threads": process.num_threads(),
            "cpuSeconds": round(sum(process.cpu_times()[:2]), 1),
            "uptime": round(time.time() - process.create_time(), 1),
        }
    return {
        "process": own,
        "platform": {
            "system": platform.system(),
            "release": platform.release(),
            "machine": platform.machine(),
            "python": platform.python_version(),
            "django": django.get_version(),
        },
    }
