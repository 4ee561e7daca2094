"""When somebody should look at the connections."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.utils import timezone

from apps.accounts.models import Connection
from apps.ops.alerts import alert

#: One agency that revokes its token is its own affair; many at once are ours.
WITHIN = datetime.timedelta(hours=1)


@alert("token-failures", about="Tokens of customers cannot be refreshed")
def token_failures() -> str | None:
    most = settings.ENVIRONMENT.alert_token_failures
    failed = Connection.objects.filter(
        state=Connection.State.NEEDS_ATTENTION, failed_at__gt=timezone.now() - WITHIN
    ).count()
    if failed < most:
        return None
    return f"{failed} connections began to need attention within an hour (from {most} on)."
