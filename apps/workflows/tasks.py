"""The jobs of scans and of reading platforms, and what happens to workflows by the clock."""

from __future__ import annotations

import datetime
import logging
import uuid

from apps.accounts.models import Account, Connection
from apps.billing.entitlements import entitlements
from apps.ops.errors import ApplicationError
from apps.ops.jobs import Job, enqueue, job, scheduled
from apps.workflows.selectors import workflows_to_scan
from apps.workflows.services import (
    connection_sync,
    group_run,
    scan_create,
    scan_finish,
    scan_plan,
    scans_settle,
    start_of_week,
    sync_request,
    week_tell,
)

logger = logging.getLogger(__name__)
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


@job("workflows.sync", attempts=10, time_limit=900)
def sync(job: Job) -> None:
    found = Connection.objects.select_related("account")
    connection = found.filter(pk=uuid.UUID(job.payload["connection"])).first()
    if connection is None or connection.state != Connection.State.CONNECTED:
        return
    try:
        done = connection_sync(connection=connection, report=job.report)
    except ApplicationError as refused:
        if refused.code != "upstream_auth":
            raise
        # Its owners have been told; trying again would change nothing.
        logger.warning("sync of %s was refused: %s", connection.pk, refused.message)
    else:
        logger.info("sync of %s: %s", connection.pk, done)


# Before the nightly scans, which look at what has changed.
@scheduled("workflows.sync_nightly", every=DAY, offset=datetime.timedelta(hours=1))
def sync_by_night(job: Job) -> None:
    live = Account.objects.filter(connections__state=Connection.State.CONNECTED).distinct()
    for account in live.order_by("created_at", "pk").iterator():
        sync_request(account=account)


@scheduled("scans.nightly", every=DAY, offset=datetime.timedelta(hours=2))
def scan_by_night(job: Job) -> None:
    """What changed since it was last analysed, where the plan has schedules."""
    for account in Account.objects.order_by("created_at", "pk").iterator():
        features = entitlements(account).features
        if {"scans", "schedules"} <= features and workflows_to_scan(account, only_changed=True):
            scan_create(account=account, only_changed=True)


# Of a week: counted from Thursday, so that it is Monday at 8.
@scheduled("workflows.weeks", every=7 * DAY, offset=datetime.timedelta(days=4, hours=8), priority=3)
def tell_weeks(job: Job) -> None:
    """One job for each account, so that none repeats or holds up another."""
    until = start_of_week()
    for account in Account.objects.order_by("created_at", "pk").iterator():
        if "schedules" in entitlements(account).features:
            payload = {"account": account.pk, "until": until}
            key = f"{account.pk}:{until:%Y-%m-%d}"
            enqueue("workflows.week", payload=payload, account_id=account.pk, key=key)


@job("workflows.week", attempts=5, time_limit=300, priority=3)
def tell_week(job: Job) -> None:
    account = Account.objects.filter(pk=job.payload["account"]).first()
    if account is not None:
        week_tell(account=account, until=datetime.datetime.fromisoformat(job.payload["until"]))
