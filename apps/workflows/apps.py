"""How Django knows the workflows app."""

from django.apps import AppConfig


class WorkflowsConfig(AppConfig):
    name = "apps.workflows"
    label = "workflows"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from apps.billing import usage
        from apps.workflows.selectors import workflows_used

        usage.count_by("workflows", workflows_used)
