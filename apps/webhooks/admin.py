"""The inbox for staff: a ledger to read; what failed may be begun anew."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from apps.webhooks.models import Delivery, DeliveryCount
from apps.webhooks.services import deliveries_replay


class Ledger(admin.ModelAdmin):  # type: ignore[type-arg]
    """Nothing is added, changed or deleted by hand."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Delivery)
class DeliveryAdmin(Ledger):
    list_display = ("type", "source", "state", "attempts", "event_created", "received_at")
    list_filter = ("source", "state", "type")
    search_fields = ("event_id", "=account_id", "subject")
    date_hierarchy = "received_at"
    actions = ("replay",)

    @admin.action(description="Process the selected deliveries anew", permissions=["replay"])
    def replay(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        count = deliveries_replay(queryset)
        message = f"{count} of {queryset.count()} will be processed anew."
        self.message_user(request, f"{message} What was processed is not repeated.", messages.INFO)

    def has_replay_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("webhooks.change_delivery")


@admin.register(DeliveryCount)
class DeliveryCountAdmin(Ledger):
    list_display = ("day", "source", "type", "state", "count")
    list_filter = ("source", "state")
    date_hierarchy = "day"
