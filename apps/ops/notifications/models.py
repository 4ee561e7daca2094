"""Who must not get mail, an account's channels, and what is to be told over them."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone


class EmailSuppression(models.Model):
    """An address that gets no more mail: none at all, or, unsubscribed, none that is optional."""

    class Reason(models.TextChoices):
        UNSUBSCRIBED = "unsubscribed"
        BOUNCED = "bounced"
        COMPLAINED = "complained"

    address = models.EmailField()  # in lower case
    reason = models.CharField(max_length=20, choices=Reason.choices)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    detail = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["address", "reason"], name="suppressed_once")
        ]

    def __str__(self) -> str:
        return f"{self.address} ({self.reason})"


class Channel(models.Model):
    """Where an account hears of events: one address of a chat, a phone or a web hook."""

    class Frequency(models.TextChoices):
        IMMEDIATELY = "immediately"
        HOURLY = "hourly"
        DAILY = "daily"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account_id = models.UUIDField(db_index=True)
    name = models.CharField(max_length=100)
    type = models.CharField(max_length=20)
    #: The address, sealed: it holds tokens; and as it may be shown.
    address = models.TextField(editable=False)
    masked = models.CharField(max_length=300)
    kinds = models.JSONField(default=list)
    frequency = models.CharField(
        max_length=20, choices=Frequency.choices, default=Frequency.IMMEDIATELY
    )
    enabled = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    last_sent_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return self.name


class Notice(models.Model):
    """One thing to tell over one channel; what waits is told together."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=300)
    body = models.TextField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["channel", "created_at"],
                condition=models.Q(sent_at__isnull=True),
                name="notice_waiting",
            )
        ]

    def __str__(self) -> str:
        return self.title
