"""The inbox for staff: a ledger to read; what failed may be begun anew."""

from __future__ import annotations

import json

from django.contrib import admin

from apps.ops import logs
from apps.ops.staff.actions import with_reason
from apps.ops.staff.ledger import Ledger
from apps.webhooks import staff as _staff  # noqa: F401 - declares cards and searches
from apps.webhooks.models import Delivery, DeliveryCount
from apps.webhooks.services import delivery_replay


@admin.register(Delivery)
class DeliveryAdmin(Ledger):
    list_display = ("type", "source", "state", "attempts", "event_created", "received_at")
    list_filter = ("source", "state", "type")
    search_fields = ("event_id", "=account_id", "subject")
    date_hierarchy = "received_at"
    fields = (
        "source", "event_id", "type", "state", "attempts", "error", "account_id", "subject",
        "request_id", "content", "event_created", "received_at", "processed_at",
    )  # fmt: skip
    actions = (
        with_reason(
            "Process anew",
            name="delivery-replay",
            permission="webhooks.change_delivery",
            act=delivery_replay,
        ),
    )

    @admin.display(description="Body")
    def content(self, delivery: Delivery) -> str:
        """What is secret in it is nobody's to read."""
        try:
            body = json.loads(delivery.body)
        except ValueError:
            return str(logs.redact(delivery.body))
        return json.dumps(logs.redact(body), indent=2, ensure_ascii=False)


@admin.register(DeliveryCount)
class DeliveryCountAdmin(Ledger):
    list_display = ("day", "source", "type", "state", "count")
    list_filter = ("source", "state")
    date_hierarchy = "day"
