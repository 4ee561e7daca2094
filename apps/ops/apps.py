"""How Django knows the ops app."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class OpsConfig(AppConfig):
    name = "apps.ops"
    label = "ops"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Every process knows every kind of job: it may be the one to run it.
        autodiscover_modules("tasks")
        autodiscover_modules("alerts", "portability")
        from apps.ops import encryption, failures, telemetry
        from apps.ops.portability.ownership import hide

        encryption.register_columns("ops.Channel", "address")
        hide("ops.Channel", "address")

        failures.install_hooks()
        telemetry.start_sentry()
