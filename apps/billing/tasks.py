"""The jobs of billing."""

from __future__ import annotations

import datetime

from apps.billing.reconcile import subscriptions_reconcile
from apps.billing.syncing import graces_end
from apps.ops.jobs import Job, scheduled


@scheduled(
    "billing.reconcile",
    every=datetime.timedelta(hours=24),
    offset=datetime.timedelta(hours=2),
    time_limit=1800,
)
def reconcile(job: Job) -> None:
    subscriptions_reconcile()


@scheduled("billing.grace", every=datetime.timedelta(hours=1))
def end_graces(job: Job) -> None:
    graces_end()
