"""Share links: made, revoked."""

from __future__ import annotations

import datetime
import secrets

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import Account, User
from apps.billing.entitlements import require
from apps.ops.errors import ApplicationError
from apps.workflows.models import Analysis, ShareLink
from apps.workflows.selectors.shares import digest, share_links_live

DAYS, MOST_DAYS = 30, 365
#: By it the log knows a token in an address, and hides it.
PREFIX = "wds_"


def share_link_create(
    *, account: Account, analysis: Analysis, user: User | None = None, days: int = DAYS
) -> tuple[ShareLink, str]:
    """A new link and its token, which is never to be had again.

    Raises ``plan_limit``, and ``not_found`` when the analysis was deleted meanwhile.
    """
    require(account, "share_links")
    token = PREFIX + secrets.token_urlsafe(32)
    with transaction.atomic():
        held = Analysis.objects.select_for_update(no_key=True).filter(pk=analysis.pk)
        if not held.values_list("pk", flat=True).first():
            raise ApplicationError("not_found", "There is no analysis with this id.")
        link = ShareLink.objects.create(
            account=account,
            analysis=analysis,
            digest=digest(token),
            created_by=user,
            expires_at=timezone.now() + datetime.timedelta(days=days),
        )
    return link, token


def share_links_revoke(*, analysis: Analysis) -> int:
    """Revoke every link to the analysis; returns how many were still good."""
    return share_links_live(analysis).update(revoked_at=timezone.now())
