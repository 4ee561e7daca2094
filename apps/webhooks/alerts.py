"""When somebody should look at the inbox."""

from __future__ import annotations

from django.conf import settings

from apps.ops.alerts import alert
from apps.webhooks.selectors import inbox_health, parked_counts


@alert("webhook-backlog", about="Webhooks are not processed")
def webhook_backlog() -> str | None:
    most = settings.ENVIRONMENT.alert_webhook_backlog
    late = {
        source: health["backlog"]
        for source, health in inbox_health().items()
        if health["backlog"] > most
    }
    told = ", ".join(f"{count} of {source}" for source, count in late.items())
    return f"Deliveries wait, more than {most}: {told}." if told else None


@alert("webhook-parked", about="Webhooks could not be processed", after=1)
def webhook_parked() -> str | None:
    told = [f"{count} of {source}" for source, count in parked_counts().items()]
    return f"Parked, for a person to look at: {', '.join(told)}." if told else None
