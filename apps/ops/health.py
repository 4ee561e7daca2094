"""Whether the parts this service stands on are well, each asked in a thread of its own.

A check is a django-health-check: it raises `ServiceWarning` when something is worse than it
should be, anything else when it does not work. The thread may hang, the answer does not: after
HEALTH_TIMEOUT_SECONDS the check has failed, and until that thread ends no other one is begun.
"""

import logging
import threading
import time
from abc import abstractmethod
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLateError
from typing import Any, ClassVar

from django.conf import settings
from health_check.base import HealthCheck
from health_check.exceptions import ServiceWarning

from apps.ops import envelope
from apps.ops.metrics import STORE

logger = logging.getLogger(__name__)

HEALTHY, DEGRADED, UNHEALTHY = "healthy", "degraded", "unhealthy"
_ORDER = (HEALTHY, DEGRADED, UNHEALTHY)
Json = dict[str, Any]

_draining = threading.Event()


def drain() -> None:
    """From now on this process asks not to be given new requests."""
    _draining.set()


def drain_all() -> None:
    """The same for all processes that share figures with this one."""
    drain()
    if STORE.folder:
        (STORE.folder / "draining").touch()


def draining() -> bool:
    """Whether this process, or the service it is one of, is about to stop."""
    return _draining.is_set() or bool(STORE.folder and (STORE.folder / "draining").exists())


class Check(HealthCheck):  # type: ignore[misc]
    """One part. `critical` ones decide whether the service works; `run` may return details."""

    name: ClassVar[str]
    critical: ClassVar[bool] = False

    @abstractmethod
    def run(self) -> Json | None: ...


class WorseError(ServiceWarning):  # type: ignore[misc]
    """Not as it should be, with the figures that show it; `unhealthy` is the worse of two."""

    def __init__(self, message: str, details: Json, *, unhealthy: bool = False) -> None:
        super().__init__(message)
        self.details, self.unhealthy = details, unhealthy


_detailed: list[type[Check]] = []


def register(check: type[Check]) -> type[Check]:
    """Adds a check of an app above to `/health/detailed`."""
    if check not in _detailed:
        _detailed.append(check)
    return check


def examine(checks: list[type[Check]]) -> dict[str, Json]:
    """Status, time in ms and details of each, asked all at once."""
    began = time.monotonic()
    runs = [(check, *_begin(check)) for check in checks]
    return {check.name: _result(run, started, began) for check, run, started in runs}


def overall(results: dict[str, Json], checks: list[type[Check]]) -> str:
    """Only a critical part makes the whole unhealthy."""
    critical = {check.name for check in checks if check.critical}
    worst = 0
    for name, result in results.items():
        rank = _ORDER.index(result["status"])
        worst = max(worst, rank if name in critical else min(rank, 1))
    return _ORDER[worst]


def readiness() -> tuple[Json, bool]:
    """The answer of `/ready`, and whether it is yes."""
    from apps.ops import checks

    asked = [checks.Database, checks.Migrations, *([checks.Redis] if settings.REDIS_URL else [])]
    results = {name: _summary(result) for name, result in examine(asked).items()}
    status = overall(results, asked)
    stopping = draining()
    ready = status != UNHEALTHY and not stopping
    answer = {
        "status": status if ready else UNHEALTHY,
        "draining": stopping,
        "checks": results,
    }
    return answer, ready


def report(*, detailed: bool, details: bool) -> tuple[Json, bool]:
    """The answer of `/health` and `/health/detailed`, and whether the service works."""
    from apps.ops import checks

    asked = [*checks.BASIC, *(checks.MORE if detailed else []), *(_detailed if detailed else [])]
    results = examine(asked)
    status = overall(results, asked)
    shown = {
        name: result if details or name in checks.OPEN else _summary(result)
        for name, result in results.items()
    }
    answer: Json = {
        "status": status,
        "timestamp": envelope.timestamp(),
        "uptime": round(time.time() - STORE.started, 1),
        "checks": shown,
    }
    if detailed and details:
        answer |= checks.surroundings()
    return answer, status != UNHEALTHY


def _summary(result: Json) -> Json:
    return {"status": result["status"], "responseTime": result["responseTime"]}


_running: dict[str, tuple[Future[Json], float]] = {}
_lock = threading.Lock()


def _begin(check: type[Check]) -> tuple[Future[Json], float]:
    """The run of this check that is under way, or a new one; so a hanging part holds one thread."""
    with _lock:
        run, started = _running.get(check.name, (None, 0.0))
        if run is None or run.done():
            run, started = Future(), time.monotonic()
            _running[check.name] = (run, started)
            name = f"health-{check.name}"
            threading.Thread(target=_run, args=(check, run), name=name, daemon=True).start()
    return run, started


def _run(check: type[Check], run: Future[Json]) -> None:
    started = time.perf_counter()
    status, details = UNHEALTHY, None
    try:
        details = check().run()
        status = HEALTHY
    except WorseError as worse:
        status = UNHEALTHY if worse.unhealthy else DEGRADED
        details = {**worse.details, "message": worse.message}
    except ServiceWarning as warning:
        status, details = DEGRADED, {"message": warning.message}
    except Exception:
        # A probe is a border: whatever is wrong, the answer is no and shows no internals.
        logger.warning("the %s check failed", check.name, exc_info=True)
    elapsed = round((time.perf_counter() - started) * 1000, 1)
    run.set_result({"status": status, "responseTime": elapsed, **(details or {})})


def _result(run: Future[Json], started: float, began: float) -> Json:
    left = settings.HEALTH_TIMEOUT_SECONDS - (time.monotonic() - min(started, began))
    try:
        return run.result(timeout=max(0.0, left))
    except TooLateError:
        elapsed = round((time.monotonic() - started) * 1000, 1)
        return {"status": UNHEALTHY, "responseTime": elapsed}
