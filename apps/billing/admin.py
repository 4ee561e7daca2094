"""What accounts pay for, for staff: Stripe's word is read-only, a plan may be set by hand."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from apps.billing import staff as _staff  # noqa: F401 - declares cards and searches
from apps.billing.models import StripeSubscription, Subscription, SubscriptionChange
from apps.ops.staff.ledger import AuditedAdmin


class Ledger(admin.TabularInline):  # type: ignore[type-arg]
    """Nothing is added, changed or deleted by hand."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class StripeSubscriptionInline(Ledger):
    model = StripeSubscription
    fields = ("stripe_id", "status", "status_at", "interval", "current_period_end", "cancel_at")


class SubscriptionChangeInline(Ledger):
    model = SubscriptionChange
    fields = ("at", "before", "after", "cause")
    ordering = ("-at",)


@admin.register(Subscription)
class SubscriptionAdmin(AuditedAdmin):
    list_display = ("account", "plan", "state", "override_plan", "disputed_at", "created_at")
    list_filter = ("plan", "state", "override_plan")
    list_select_related = ("account",)
    search_fields = ("account__name", "=customer_id", "=stripe_subscriptions__stripe_id")
    autocomplete_fields = ("account",)
    readonly_fields = (
        "plan",
        "state",
        "customer_id",
        "past_due_since",
        "disputed_at",
        "created_at",
    )
    fieldsets = (
        (None, {"fields": ("account", *readonly_fields)}),
        (
            "Plan set by hand",
            {
                "fields": ("override_plan", "override_reason", "override_until"),
                "description": "Goes before what is paid for; needs a reason.",
            },
        ),
    )
    inlines = (StripeSubscriptionInline, SubscriptionChangeInline)

    def audit_reason(self, obj: Subscription, fields: str) -> str:
        return f"{fields}: {obj.override_reason}" if obj.override_plan else fields
