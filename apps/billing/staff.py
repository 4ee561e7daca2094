"""What staff find by Stripe's ids, and see of revenue."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Q
from django.db.models.functions import TruncDate
from django.urls import reverse

from apps.billing.models import Subscription, SubscriptionChange
from apps.ops.staff.dashboard import Card, by_day, card, since
from apps.ops.staff.search import searcher

#: As Stripe's ids begin; anything else asks for no table.
PREFIXES = ("cus_", "sub_")


@searcher("Subscriptions", permission="billing.view_subscription")
def subscriptions(query: str) -> Iterable[Subscription]:
    if not query.startswith(PREFIXES):
        return []
    found = Q(customer_id=query) | Q(stripe_subscriptions__stripe_id=query)
    return Subscription.objects.filter(found).select_related("account").distinct()


@card("Paying accounts", permission="billing.view_subscription", order=40)
def paying() -> Card:
    states = Subscription.State
    active = Subscription.objects.filter(state__in=[states.ACTIVE, states.PAST_DUE])
    counts = dict(active.values_list("state").annotate(Count("pk")))
    trials = Subscription.objects.filter(state=states.TRIALING).count()
    late = counts.get(states.PAST_DUE, 0)
    changes = (
        SubscriptionChange.objects.filter(at__gte=since())
        .values_list(TruncDate("at"))
        .annotate(Count("pk"))
    )
    return Card(
        str(sum(counts.values())),
        f"{late} past due, {trials} on trial; the chart shows changes",
        series=by_day(dict(changes)),
        url=reverse("admin:billing_subscription_changelist"),
        bad=bool(late),
    )
