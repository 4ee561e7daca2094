"""This app's jobs: tokens renewed before they end, an agency's locations, erasing what was left."""

from __future__ import annotations

import datetime
import logging
from uuid import UUID

from apps.accounts.agencies import agency_install_locations
from apps.accounts.connections import connection_refresh, connections_due
from apps.accounts.installs import uninstalled_erase
from apps.accounts.models import Connection
from apps.ops.jobs import Job, enqueue, job, scheduled

logger = logging.getLogger(__name__)

#: An outage of HighLevel of this length, less the time between two looks, is not noticed.
AHEAD = datetime.timedelta(hours=2)


@scheduled("accounts.refresh_due", every=datetime.timedelta(minutes=15), attempts=1)
def refresh_due(job: Job) -> None:
    for connection in connections_due(AHEAD).only("pk", "account_id").iterator():
        enqueue(
            "accounts.refresh",
            payload={"connection": str(connection.pk)},
            account_id=connection.account_id,
            key=str(connection.pk),
        )


@job("accounts.refresh", attempts=5)
def refresh(job: Job) -> None:
    # Another may have been quicker; then there is nothing to do.
    for connection in connections_due(AHEAD).filter(pk=UUID(job.payload["connection"])):
        connection_refresh(connection.pk)


@job("accounts.install_locations", time_limit=600)
def install_locations(job: Job) -> None:
    agency = Connection.objects.filter(pk=UUID(job.payload["connection"])).first()
    if agency is not None and agency.state == Connection.State.CONNECTED:
        agency_install_locations(agency=agency)


@scheduled(
    "accounts.erase_uninstalled",
    every=datetime.timedelta(hours=24),
    offset=datetime.timedelta(hours=4),
    time_limit=1800,
)
def erase_uninstalled(job: Job) -> None:
    logger.info("erased %d accounts whose app was uninstalled", uninstalled_erase())
