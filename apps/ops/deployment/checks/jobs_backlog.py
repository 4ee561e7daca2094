"""Jobs are done soon after they are asked for, and none was given up."""

from __future__ import annotations

from django.conf import settings

from apps.ops.deployment.target import Target
from apps.ops.deployment.verdict import Severity, Verdict, failed, passed, warned
from apps.ops.jobs.selectors import workers_report

SEVERITY = Severity.HIGH


def check(target: Target) -> Verdict:
    report = workers_report()
    most = settings.ENVIRONMENT.alert_queue_age
    oldest = max(each["oldestAgeSeconds"] for each in report["queues"])
    waiting = sum(each["depth"] for each in report["queues"])
    if oldest > most:
        return failed(
            f"{waiting} jobs wait, the oldest for {oldest:.0f} s.",
            "See /health/workers; start the worker of the Procfile, or more of them.",
        )
    dead = report["jobs"]["dead"]
    if dead:
        return warned(f"{dead} jobs were given up.", "Look at them in the admin; retry or drop.")
    return passed(f"{waiting} jobs wait, none for longer than {most} s; none was given up.")
