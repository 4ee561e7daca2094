"""What is read about jobs: queues, states and workers."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Min
from django.utils import timezone

from apps.ops.jobs.models import Job, Worker
from apps.ops.jobs.registry import QUEUES

#: A worker writes itself down at every tick; one that missed four is gone.
MISSED_TICKS = 4


def workers_report() -> dict[str, Any]:
    """Who works, what waits in each queue and since when, and how many jobs are in each state."""
    now = timezone.now()
    silence = datetime.timedelta(seconds=settings.JOB_TICK_SECONDS * MISSED_TICKS)
    alive = Worker.objects.filter(seen_at__gt=now - silence).order_by("name")
    names = list(alive.values_list("name", flat=True))
    due = Job.objects.filter(state__in=Job.WAITING, run_at__lte=now)
    found = {
        row["queue"]: row
        for row in due.values("queue").annotate(depth=Count("pk"), oldest=Min("run_at"))
    }
    states = dict(Job.objects.values_list("state").annotate(Count("pk")))
    return {
        "workers": {"alive": len(names), "names": names},
        "queues": [
            {
                "name": name,
                "depth": found[name]["depth"] if name in found else 0,
                "oldestAgeSeconds": (
                    round((now - found[name]["oldest"]).total_seconds(), 1) if name in found else 0
                ),
            }
            for name in QUEUES
        ],
        "jobs": {state.value: states.get(state.value, 0) for state in Job.State},
    }
