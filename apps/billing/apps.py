"""How Django knows the billing app."""

from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "apps.billing"
    label = "billing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Registers the handlers of Stripe's events.
        from apps.accounts import plans
        from apps.billing import events  # noqa: F401
        from apps.billing.entitlements import EntitledPlans

        plans.register(EntitledPlans())
