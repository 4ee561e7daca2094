"""What of billing a person must hear of."""

from __future__ import annotations

import datetime

from django.utils import timezone

from apps.billing.models import Subscription, SubscriptionChange
from apps.billing.reconcile import CAUSE
from apps.ops.alerts import alert

DAY = datetime.timedelta(days=1)


@alert("billing-drift", about="Subscriptions had drifted from Stripe", after=1)
def billing_drift() -> str | None:
    """For a day after a comparison that changed what an account may do: events are being lost."""
    since = timezone.now() - DAY
    count = SubscriptionChange.objects.filter(cause=CAUSE, at__gt=since).count()
    return f"{count} were repaired by the comparison with Stripe." if count else None


@alert("dispute", about="A customer disputes a charge", after=1)
def dispute() -> str | None:
    since = timezone.now() - DAY
    count = Subscription.objects.filter(disputed_at__gt=since).count()
    return f"{count} new disputes wait for an answer at Stripe." if count else None
