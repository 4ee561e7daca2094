"""What an account pays for."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from apps.accounts.models import Account
from apps.billing.plans import FREE, PRO


class Subscription(models.Model):
    """An account's plan; an account without a row is on the free plan."""

    class Plan(models.TextChoices):
        FREE = FREE
        PRO = PRO

    class State(models.TextChoices):
        FREE = "free"
        TRIALING = "trialing"
        ACTIVE = "active"
        PAST_DUE = "past_due"
        CANCELLED = "cancelled"

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="subscription")
    plan = models.CharField(max_length=10, choices=Plan.choices, default=Plan.FREE)
    state = models.CharField(max_length=10, choices=State.choices, default=State.FREE)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return f"{self.account}: {self.plan} ({self.state})"
