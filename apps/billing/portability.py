"""Nobody is forgotten who still pays."""

from __future__ import annotations

import uuid

from apps.billing.models import StripeSubscription
from apps.ops.errors import ApplicationError
from apps.ops.portability.erasing import before_erasing

#: Stripe's words for a subscription after which no money is taken any more.
ENDED = ("canceled", "incomplete_expired", "unpaid", "")


@before_erasing
def refuse_while_paying(account_id: uuid.UUID) -> dict[str, int]:
    theirs = StripeSubscription.objects.filter(subscription__account_id=account_id)
    if theirs.exclude(status__in=ENDED).exists():
        raise ApplicationError(
            "conflict", "The account has a subscription at Stripe: cancel it at once, then erase."
        )
    return {}
