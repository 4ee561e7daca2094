"""Takes one alert to one channel of the operators; e-mails go as all others do."""

from __future__ import annotations

from django.conf import settings

from apps.ops.alerts.services import channel_id
from apps.ops.errors import ApplicationError

SUBJECT = "[Workflow Debugger] "


def send_to_channel(*, title: str, body: str, channel: str) -> None:
    """Raises for a channel that is away; one taken out of the settings meanwhile is let go."""
    urls = [url for url in settings.ENVIRONMENT.notification_urls if channel_id(url) == channel]
    if not urls:
        return
    # Costs 30 MB, which only the process that really sends should pay.
    import apprise

    sender = apprise.Apprise()
    if not sender.add(urls[0]):
        raise ApplicationError(
            "validation_error", "An address in NOTIFICATION_URLS is none that Apprise knows."
        )
    if not sender.notify(title=f"{SUBJECT}{title}", body=body):
        raise ApplicationError("upstream_unavailable", "The alert channel took no message.")
