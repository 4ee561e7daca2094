"""Compares what we know of every customer with Stripe, and mends what has drifted apart.

Events get lost: an endpoint switched off, a wrong secret for a day. Stripe's lists tell the truth.
"""

from __future__ import annotations

import datetime
import logging
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from apps.billing import gateway
from apps.billing.lifecycle import ENDED, Snapshot, snapshot, state_of
from apps.billing.models import StripeSubscription, Subscription
from apps.billing.syncing import snapshot_apply, subscription_of
from apps.ops.errors import ApplicationError

logger = logging.getLogger(__name__)

CAUSE = "comparison with Stripe"
#: By so much Stripe's clock may be behind ours: what it says from then on is newer than its list.
SKEW = datetime.timedelta(minutes=5)
#: Customers in a row for whom Stripe did not answer, before the comparison is left for later.
PATIENCE = 3


@dataclass
class Report:
    """What the comparison found; each repair and failure in one sentence."""

    checked: int = 0
    repaired: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def subscriptions_reconcile() -> Report:
    """Looks at every account with a customer; what fails for one does not stop the others.

    Raises ``upstream_*`` when Stripe does not answer at all.
    """
    report, away = Report(), 0
    if not gateway.is_configured():
        return report
    rows = Subscription.objects.exclude(customer_id="").select_related("account").order_by("pk")
    for row in rows.iterator(chunk_size=200):
        report.checked += 1
        try:
            _reconcile(row, report)
            away = 0
        except ApplicationError as error:
            report.failed.append(f"{row.account} ({row.customer_id}): {error}")
            away = 0 if error.permanent else away + 1
            if away == PATIENCE:
                raise
    for line in report.repaired:
        logger.warning("repaired: %s", line)
    for line in report.failed:
        logger.error("not compared: %s", line)
    logger.info(
        "compared %d customers with Stripe: %d repaired, %d not compared",
        report.checked,
        len(report.repaired),
        len(report.failed),
    )
    return report


def _reconcile(row: Subscription, report: Report) -> None:
    asked_at = timezone.now()
    before = {known.stripe_id: known.status_at for known in row.stripe_subscriptions.all()}
    found = gateway.subscriptions_of(row.customer_id)
    if found is None:
        # A key of another Stripe account, more likely than a customer that is gone unsaid.
        report.failed.append(f"{row.account}: Stripe knows no customer {row.customer_id}")
        return
    said = {each.stripe_id: each for each in map(snapshot, found) if each.stripe_id}
    with transaction.atomic():
        locked = subscription_of(row.account)
        knowns = {known.stripe_id: known for known in locked.stripe_subscriptions.all()}
        for stripe_id in said.keys() | knowns.keys():
            known = knowns.get(stripe_id)
            if known and known.status_at != before.get(stripe_id):
                continue  # An event came meanwhile, and is newer than the list may be.
            for drift in _mend(locked, known, said.get(stripe_id), asked_at - SKEW):
                report.repaired.append(f"{row.account}, {stripe_id}: {drift}")


def _mend(
    row: Subscription,
    known: StripeSubscription | None,
    truth: Snapshot | None,
    at: datetime.datetime,
) -> list[str]:
    """What differed, after it has been put right."""
    if truth is None:
        if known is None or known.status in ENDED or not known.status:
            return []
        truth = snapshot({"id": known.stripe_id, "status": "canceled"})
    drifts = _drifts(known, truth)
    if drifts:
        newest = max(at, known.status_at) if known and known.status_at else at
        snapshot_apply(row, truth, at=newest, cause=CAUSE)
    return drifts


def _drifts(known: StripeSubscription | None, truth: Snapshot) -> list[str]:
    if known is None:
        return [f"it was unknown, is {truth.status}"]
    drifts = [
        f"{name} was {getattr(known, name) or 'empty'}, is {value or 'empty'}"
        for name, value in truth.fields().items()
        if getattr(known, name) != value
    ]
    ours, theirs = state_of(known), state_of(StripeSubscription(status=truth.status))
    if not drifts and ours != theirs:
        # The same status, but payments told us otherwise since.
        drifts = [f"state was {ours}, is {theirs}"]
    return drifts
