"""The jobs of accounts."""

from __future__ import annotations

import datetime
import logging

from apps.accounts.installs import uninstalled_erase
from apps.ops.jobs import Job, scheduled

logger = logging.getLogger(__name__)


@scheduled(
    "accounts.erase_uninstalled",
    every=datetime.timedelta(hours=24),
    offset=datetime.timedelta(hours=4),
    time_limit=1800,
)
def erase_uninstalled(job: Job) -> None:
    logger.info("erased %d accounts whose app was uninstalled", uninstalled_erase())
