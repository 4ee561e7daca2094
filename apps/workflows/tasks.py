"""The jobs of scans, and what happens to workflows by the clock."""

from __future__ import annotations

import datetime
import uuid

from apps.accounts.models import Account
from apps.billing.entitlements import entitlements
from apps.ops.jobs import Job, job, scheduled
from apps.workflows.selectors import workflows_to_scan
from apps.workflows.services import (
    group_run,
    scan_create,
    scan_finish,
    scan_plan,
    scans_settle,
)

DAY = datetime.timedelta(days=1)


@job("scans.plan", attempts=5, time_limit=300)
def plan(job: Job) -> None:
    scan_plan(uuid.UUID(job.payload["scan"]))


@job("scans.group", queue="analysis", attempts=10, time_limit=900)
def group(job: Job) -> None:
    group_run(job)


@job("scans.finish", attempts=8, time_limit=300)
def finish(job: Job) -> None:
    scan_finish(uuid.UUID(job.payload["scan"]))


@scheduled("scans.settle", every=datetime.timedelta(minutes=1), attempts=1)
def settle(job: Job) -> None:
    scans_settle()


@scheduled("scans.nightly", every=DAY, offset=datetime.timedelta(hours=2))
def scan_by_night(job: Job) -> None:
    """What changed since it was last analysed, where the plan has schedules."""
    for account in Account.objects.order_by("created_at", "pk").iterator():
        features = entitlements(account).features
        if {"scans", "schedules"} <= features and workflows_to_scan(account, only_changed=True):
            scan_create(account=account, only_changed=True)
