"""The inbox: every verified message of another service, once, and what became of it."""

from __future__ import annotations

import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone


class Delivery(models.Model):
    """One message. It is stored before anything is done about it, and never stored twice."""

    class Source(models.TextChoices):
        STRIPE = "stripe"
        HIGHLEVEL = "highlevel", "HighLevel"

    class State(models.TextChoices):
        RECEIVED = "received"
        PROCESSING = "processing"
        PROCESSED = "processed"
        IGNORED = "ignored"  # nobody asked for its type, or it concerns nobody here
        FAILED = "failed"  # the last try failed; there will be another
        PARKED = "parked"  # given up; waits for a person

    #: What still lies ahead. `processing` belongs to it: its worker may have died.
    OPEN = (State.RECEIVED, State.PROCESSING, State.FAILED)

    source = models.CharField(max_length=20, choices=Source.choices)
    #: The sender's own id of the message.
    event_id = models.CharField(max_length=200)
    type = models.CharField(max_length=100)
    #: As it was signed, byte for byte.
    body = models.TextField()
    #: When the sender says that it happened; ours where it says nothing.
    event_created = models.DateTimeField()
    received_at = models.DateTimeField(default=timezone.now)
    request_id = models.CharField(max_length=36, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RECEIVED)
    attempts = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    #: Whom an ignored message was about, in the sender's words; it is taken up when we get to know.
    subject = models.CharField(max_length=200, blank=True)
    processed_at = models.DateTimeField(null=True, blank=True)
    # Not a foreign key: this app knows no accounts.
    account_id = models.UUIDField(null=True, blank=True, db_index=True)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["source", "event_id"], name="delivery_stored_once")
        ]
        indexes = [
            models.Index(fields=["source", "received_at"], name="delivery_by_arrival"),
            models.Index(fields=["source", "processed_at"], name="delivery_by_end"),
            models.Index(
                fields=["source", "state"],
                condition=Q(state__in=["received", "processing", "failed", "parked"]),
                name="delivery_unsettled",
            ),
            models.Index(
                fields=["source", "subject"], condition=~Q(subject=""), name="delivery_subject"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.type} {self.event_id}"


class DeliveryCount(models.Model):
    """How many deliveries of a day were pruned; the rows are gone, the number stays."""

    day = models.DateField()
    source = models.CharField(max_length=20, choices=Delivery.Source.choices)
    type = models.CharField(max_length=100)
    state = models.CharField(max_length=10, choices=Delivery.State.choices)
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["day", "source", "type", "state"], name="delivery_count_once"
            )
        ]

    def __str__(self) -> str:
        day: datetime.date = self.day
        return f"{day} {self.source} {self.type} {self.state}: {self.count}"
