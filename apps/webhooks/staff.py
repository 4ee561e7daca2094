"""What staff find of the inbox, and see of it today."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Q
from django.db.models.functions import TruncDate
from django.urls import reverse

from apps.ops.staff.dashboard import Card, by_day, card, since
from apps.ops.staff.search import as_uuid, searcher
from apps.webhooks.models import Delivery


@searcher("Deliveries", permission="webhooks.view_delivery")
def deliveries(query: str) -> Iterable[Delivery]:
    found = Q(event_id=query)
    if as_uuid(query):
        found |= Q(request_id=query) | Q(account_id=query)
    return Delivery.objects.filter(found).defer("body").order_by("-received_at")


@card("Webhooks today", permission="webhooks.view_delivery", order=30)
def webhooks() -> Card:
    received = dict(
        Delivery.objects.filter(received_at__gte=since())
        .values_list(TruncDate("received_at"))
        .annotate(Count("pk"))
    )
    backlog = Delivery.objects.filter(state__in=Delivery.OPEN).count()
    parked = Delivery.objects.filter(state=Delivery.State.PARKED).count()
    series = by_day(received)
    return Card(
        str(series[-1]),
        f"{backlog} wait, {parked} parked",
        series=series,
        url=reverse("admin:webhooks_delivery_changelist"),
        bad=bool(parked),
    )
