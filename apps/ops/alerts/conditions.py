"""What this app itself watches."""

from __future__ import annotations

from django.conf import settings

from apps.ops.alerts.registry import alert
from apps.ops.jobs.selectors import workers_report


@alert("queue-age", about="Jobs wait too long")
def queue_age() -> str | None:
    most = settings.ENVIRONMENT.alert_queue_age
    late = [each for each in workers_report()["queues"] if each["oldestAgeSeconds"] > most]
    told = [
        f"{each['name']}: {each['depth']} jobs, the oldest for {each['oldestAgeSeconds']:.0f} s"
        for each in late
    ]
    return f"Beyond {most} s wait {'; '.join(told)}." if told else None
