"""What accounts pay for, for staff."""

from __future__ import annotations

from django.contrib import admin

from apps.billing.models import Subscription


@admin.register(Subscription)
class SubscriptionAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("account", "plan", "state", "created_at")
    list_filter = ("plan", "state")
    list_select_related = ("account",)
    search_fields = ("account__name",)
    autocomplete_fields = ("account",)
    readonly_fields = ("created_at",)
