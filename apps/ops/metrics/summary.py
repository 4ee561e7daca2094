"""The figures as JSON: of the whole service, of its latest requests, and of each route."""

import datetime
import itertools
import time
from collections.abc import Iterable
from typing import Any

from apps.ops import envelope, errors
from apps.ops.metrics.memory import resident_bytes
from apps.ops.metrics.store import (
    BOUNDS,
    SLOW_SECONDS,
    VERY_SLOW_SECONDS,
    Figures,
    Request,
    Row,
)

PERCENTILES = {"p50": 0.50, "p95": 0.95, "p99": 0.99}
Json = dict[str, Any]


def totals(figures: Figures) -> Json:
    """`/health/metrics`: how many, of what kind, how fast."""
    by_method: dict[str, int] = {}
    by_status: dict[str, int] = {}
    for name, row in figures.rows.items():
        status, method, _ = split(name)
        by_method[method] = by_method.get(method, 0) + row.count
        by_status[status] = by_status.get(status, 0) + row.count
    by_type = {code: figures.counters.get(code, 0) for code in errors.STATUSES}
    return {
        **_window(figures.rows, figures.started),
        "byMethod": dict(sorted(by_method.items())),
        "byStatus": dict(sorted(by_status.items())),
        "errorsByType": {code: count for code, count in by_type.items() if count},
        "uptime": round(time.time() - figures.started, 1),
    }


def performance(figures: Figures) -> Json:
    """`/api/monitoring/performance`: the whole window, and the latest requests one by one."""
    return {
        **_window(figures.rows, figures.started),
        "recent": _recent(figures.latest),
        "memory": {"process": resident_bytes(), **_memory(figures.rows.values())},
        "since": moment(figures.started),
    }


def endpoints(figures: Figures) -> Json:
    """`/api/monitoring/endpoints`: the same for each method and route, the busiest first."""
    grouped: dict[tuple[str, str], dict[str, Row]] = {}
    for name, row in figures.rows.items():
        _, method, route = split(name)
        grouped.setdefault((method, route), {})[name] = row
    rows = [
        {
            "method": method,
            "route": route,
            **_window(found, figures.started),
            "byStatus": {split(name)[0]: row.count for name, row in sorted(found.items())},
            "memory": _memory(found.values()),
        }
        for (method, route), found in grouped.items()
    ]
    rows.sort(key=lambda row: (-row["totalRequests"], row["route"], row["method"]))
    return {"endpoints": rows, "since": moment(figures.started)}


def split(name: str) -> tuple[str, str, str]:
    """Status, method and route of a row."""
    status, method, route = name.split(" ", 2)
    return status, method, route


def percentile(row: Row, share: float) -> float:
    """Seconds that this share of the requests did not exceed, within a tenth of the truth."""
    if not row.count:
        return 0.0
    wanted, seen = share * row.count, 0
    for number, count in enumerate(row.buckets):
        if count and seen + count >= wanted:
            low = BOUNDS[number - 1] if number else 0.0
            high = BOUNDS[number] if number < len(BOUNDS) else row.most
            inside = low + (high - low) * (wanted - seen) / count
            return min(max(inside, row.least), row.most)
        seen += count
    return row.most


def _window(rows: dict[str, Row], started: float) -> Json:
    total = Row()
    for row in rows.values():
        total.add(row)
    failed = sum(row.count for name, row in rows.items() if name.startswith("5"))
    return {
        "totalRequests": total.count,
        "requestsPerSecond": round(total.count / max(time.time() - started, 1.0), 3),
        "errorRate": _share(failed, total.count),
        "slow": total.slow,
        "verySlow": total.very_slow,
        "queries": total.queries,
        "responseTime": {
            "min": _ms(total.least),
            "max": _ms(total.most),
            "avg": _ms(total.seconds / total.count if total.count else 0.0),
            **{name: _ms(percentile(total, share)) for name, share in PERCENTILES.items()},
        },
    }


def _recent(latest: list[Request]) -> Json:
    times = sorted(request.seconds for request in latest)
    count = len(times)
    span = max(time.time() - latest[0].at, 1.0) if latest else 1.0

    def at(share: float) -> float:
        return times[min(count - 1, int(share * count))] if times else 0.0

    return {
        "requests": count,
        "requestsPerSecond": round(count / span, 3),
        "errorRate": _share(sum(request.name.startswith("5") for request in latest), count),
        "slow": sum(seconds > SLOW_SECONDS for seconds in times),
        "verySlow": sum(seconds > VERY_SLOW_SECONDS for seconds in times),
        "queries": sum(request.queries for request in latest),
        "responseTime": {
            "min": _ms(times[0] if times else 0.0),
            "max": _ms(times[-1] if times else 0.0),
            "avg": _ms(sum(times) / count if times else 0.0),
            **{name: _ms(at(share)) for name, share in PERCENTILES.items()},
        },
        "slowest": [
            {**_named(request), "durationMs": _ms(request.seconds), "at": moment(request.at)}
            for request in sorted(latest, key=lambda request: -request.seconds)[:10]
        ],
    }


def _named(request: Request) -> Json:
    status, method, route = split(request.name)
    return {"status": int(status), "method": method, "route": route, "queries": request.queries}


def _memory(rows: Iterable[Row]) -> Json:
    """Bytes by which requests let their processes grow; what they give back counts against it."""
    first, second = itertools.tee(rows)
    growth, count = sum(row.memory for row in first), sum(row.count for row in second)
    return {"growth": round(growth), "growthPerRequest": round(growth / count if count else 0.0)}


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 2)


def moment(seconds: float) -> str:
    return envelope.timestamp(datetime.datetime.fromtimestamp(seconds, datetime.UTC))
