"""What this app itself watches."""

from __future__ import annotations

import time

from django.conf import settings

from apps.ops import health
from apps.ops.alerts.registry import alert
from apps.ops.jobs.selectors import workers_report
from apps.ops.metrics import machines
from apps.ops.metrics.store import Request

#: Seconds of requests that are looked at, and how few of them say nothing yet.
WINDOW, FEWEST = 300, 20


@alert("health", about="A part of the service fails")
def failing_part() -> str | None:
    answer, _ = health.report(detailed=True, details=False)
    failing = [
        name for name, each in answer["checks"].items() if each["status"] == health.UNHEALTHY
    ]
    return f"Unhealthy: {', '.join(failing)}." if failing else None


@alert("error-rate", about="Too many requests fail")
def error_rate() -> str | None:
    most, requests = settings.ENVIRONMENT.alert_error_rate, _latest()
    failed = sum(request.name.startswith("5") for request in requests)
    if len(requests) < FEWEST or failed * 100 < most * len(requests):
        return None
    share = failed * 100 / len(requests)
    return f"{share:.1f} % of the last {len(requests)} requests were answered 5xx (from {most} on)."


@alert("response-time", about="Answers take too long")
def response_time() -> str | None:
    most, requests = settings.ENVIRONMENT.alert_p95_ms, _latest()
    if len(requests) < FEWEST:
        return None
    times = sorted(request.seconds * 1000 for request in requests)
    p95 = times[int(0.95 * len(times))]
    if p95 <= most:
        return None
    return (
        f"One in twenty of the last {len(times)} requests took over {p95:.0f} ms ({most} allowed)."
    )


@alert("queue-age", about="Jobs wait too long")
def queue_age() -> str | None:
    most = settings.ENVIRONMENT.alert_queue_age
    late = [each for each in workers_report()["queues"] if each["oldestAgeSeconds"] > most]
    told = [
        f"{each['name']}: {each['depth']} jobs, the oldest for {each['oldestAgeSeconds']:.0f} s"
        for each in late
    ]
    return f"Beyond {most} s wait {'; '.join(told)}." if told else None


def _latest() -> list[Request]:
    since = time.time() - WINDOW
    return [request for request in machines.figures().latest if request.at > since]
