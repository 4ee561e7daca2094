"""Looks at every condition, keeps how it stands and tells people of what changed."""

from __future__ import annotations

import datetime
import hashlib
import logging

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from apps.ops.alerts.models import Alert
from apps.ops.alerts.registry import CONDITIONS, Condition
from apps.ops.alerts.standing import Event, Standing, looked
from apps.ops.jobs import enqueue
from apps.ops.notifications.email import email_enqueue

logger = logging.getLogger(__name__)


def alerts_look() -> list[tuple[str, Event]]:
    """What was raised or ended by this look; safe beside another process that looks as well."""
    found = []
    for condition in CONDITIONS.values():
        try:
            event = _alert_look(condition)
        except Exception:
            # A border: a condition that cannot be judged stays as it was; others are looked at.
            logger.exception("the alert %s could not be judged", condition.name)
            continue
        if event:
            found.append((condition.name, event))
    return found


def _alert_look(condition: Condition) -> Event | None:
    trouble = condition.look()
    alert, _ = Alert.objects.get_or_create(name=condition.name)
    before = Standing(alert.firing, alert.against)
    after, event = looked(before, bad=trouble is not None, after=condition.after)
    if after == before:
        return None
    now = timezone.now()
    changed: dict[str, object] = {"firing": after.firing, "against": after.against}
    if event is Event.RAISED:
        changed |= {"message": trouble, "since": now, "over_at": None}
    elif event is Event.OVER:
        changed |= {"over_at": now}
    with transaction.atomic():
        mine = Alert.objects.filter(pk=alert.pk, firing=before.firing, against=before.against)
        if not mine.update(**changed):
            return None
        if event:
            _tell(condition, event, str(trouble or alert.message), alert.since or now, now)
    return event


def _tell(
    condition: Condition,
    event: Event,
    message: str,
    since: datetime.datetime,
    now: datetime.datetime,
) -> None:
    """One job for each receiver: one that is away holds up and repeats none of the others."""
    minutes = round((now - since).total_seconds() / 60)
    if event is Event.RAISED:
        logger.error("alert %s: %s", condition.name, message, extra={"kind": "operational"})
        title = f"{condition.about} ({condition.name})"
        body = f"{message} What to do: docs/troubleshooting.md, {condition.name}."
    else:
        logger.warning("alert %s is over after %d minutes", condition.name, minutes)
        title = f"Over: {condition.about} ({condition.name})"
        body = f"It lasted {minutes} minutes. It began with: {message}"
    if settings.FRONTEND_URL:
        body += f" Staff: {settings.FRONTEND_URL}/admin/"
    for address in settings.ENVIRONMENT.alert_emails:
        email_enqueue("alert", to=address, context={"title": title, "message": body})
    for url in settings.ENVIRONMENT.notification_urls:
        told = {"title": title, "body": body, "channel": channel_id(url)}
        enqueue("ops.alert_channel", payload=told)


def channel_id(url: str) -> str:
    """Stands for an address in a job's row: the address itself is a secret."""
    return hashlib.sha256(url.encode()).hexdigest()[:16]
