"""Web processes share one cache, and its server answers."""

from __future__ import annotations

import time

from django.conf import settings
from redis import Redis

from apps.ops.deployment.redis_client import connected
from apps.ops.deployment.target import Target
from apps.ops.deployment.verdict import Severity, Verdict, failed, passed, warned

SEVERITY = Severity.HIGH
SLOW_MS = 20
TIMES = 5


def check(target: Target) -> Verdict:
    if not settings.REDIS_URL:
        return warned(
            "REDIS_URL is empty: each process counts limits and caches for itself.",
            "Add a Redis and set REDIS_URL.",
        )
    try:
        with connected(settings.REDIS_URL) as client:
            took = min(_round_trip(client) for _ in range(TIMES))
    except OSError as wrong:
        return failed(
            f"Redis does not answer ({type(wrong).__name__}); the service runs on memory.",
            "Compare REDIS_URL with the platform's; is the server up?",
        )
    if took > SLOW_MS:
        return warned(f"A round trip to Redis takes {took:.0f} ms.", "Use the same region.")
    return passed(f"A round trip to Redis takes {took:.1f} ms.")


def _round_trip(client: Redis) -> float:
    """Milliseconds."""
    started = time.perf_counter()
    client.ping()
    return (time.perf_counter() - started) * 1000
