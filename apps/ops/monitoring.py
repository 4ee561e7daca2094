"""The figures and the state of Redis, for those who watch the service."""

import time
from typing import Any

import redis
from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse

from apps.ops import envelope, responses
from apps.ops.metrics import STORE, exposition, machines, summary
from apps.ops.redis_link import Link, link_to
from apps.ops.watchers import for_watchers


@for_watchers(open_in_debug=True)
def prometheus(request: HttpRequest) -> HttpResponse:
    return HttpResponse(exposition.text(), content_type=exposition.CONTENT_TYPE)


@for_watchers(open_in_debug=True)
def totals(request: HttpRequest) -> HttpResponse:
    return responses.bare(summary.totals(machines.figures()))


@for_watchers()
def performance(request: HttpRequest) -> HttpResponse:
    return responses.bare(summary.performance(machines.figures()))


@for_watchers()
def endpoints(request: HttpRequest) -> HttpResponse:
    return responses.bare(summary.endpoints(machines.figures()))


@for_watchers()
def redis_state(request: HttpRequest) -> HttpResponse:
    return responses.bare(redis_figures())


def redis_figures() -> dict[str, Any]:
    """How this process stands with Redis, and what the cache did in all of them."""
    counters = machines.figures().counters
    link = link_to(settings.REDIS_URL) if settings.REDIS_URL else None
    round_trip = _round_trip(link) if link else None
    connected = round_trip is not None
    return {
        "connected": connected,
        "mode": "redis" if connected else "fallback" if link else "memory",
        "since": envelope.timestamp(link.since) if link else _started(),
        "reconnects": counters.get("redis.reconnects", 0),
        "roundTripMs": round_trip,
        "pool": _pool() if connected else None,
        "hits": counters.get("cache.hits", 0),
        "misses": counters.get("cache.misses", 0),
        "evictions": counters.get("cache.evictions", 0),
    }


def _round_trip(link: Link) -> float | None:
    """Milliseconds of a ping; None while memory stands in, for as long as the thread waits."""
    if not link.up:
        return None
    started = time.perf_counter()
    try:
        link.client.ping()
    except (redis.RedisError, OSError) as error:
        link.failed(error)
        return None
    return round((time.perf_counter() - started) * 1000, 2)


def _pool() -> dict[str, int]:
    """Connections of this process: idle ones, those in use, and how many there may be."""
    pool = caches["default"].primary.client.get_client().connection_pool  # type: ignore[attr-defined]
    return {
        "idle": len(getattr(pool, "_available_connections", ())),
        "inUse": len(getattr(pool, "_in_use_connections", ())),
        "max": int(pool.max_connections),
    }


def _started() -> str:
    return summary.moment(STORE.started)
