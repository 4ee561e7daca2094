"""How Django knows the workflows app."""

from django.apps import AppConfig


class WorkflowsConfig(AppConfig):
    name = "apps.workflows"
    label = "workflows"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from apps.billing import usage
        from apps.ops.notifications import channels
        from apps.workflows import tasks  # noqa: F401 - declares them
        from apps.workflows.selectors import may_be_notified, workflows_used

        usage.count_by("workflows", workflows_used)
        channels.allow_by(may_be_notified)
