"""What an account pays for."""

from __future__ import annotations

import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone

from apps.accounts.models import Account
from apps.billing.plans import FREE, GRACE, PRO


class Subscription(models.Model):
    """An account's plan; an account without a row is on the free plan.

    ``plan``, ``state`` and ``past_due_since`` follow from the account's subscriptions at Stripe,
    and are written down so that asking for a plan takes one row.
    """

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

    customer_id = models.CharField(max_length=255, blank=True)
    #: How many customers Stripe made for the account; a deleted one is never to be had again.
    customer_number = models.PositiveIntegerField(default=1)
    past_due_since = models.DateTimeField(null=True, blank=True)
    #: When the days of grace ended without a payment.
    lapsed_at = models.DateTimeField(null=True, blank=True)
    disputed_at = models.DateTimeField(null=True, blank=True)

    override_plan = models.CharField(max_length=10, choices=Plan.choices, blank=True)
    override_reason = models.CharField(max_length=200, blank=True)
    override_until = models.DateTimeField(null=True, blank=True)

    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer_id"], condition=~Q(customer_id=""), name="one_row_per_customer"
            ),
            models.CheckConstraint(
                condition=Q(override_plan="") | ~Q(override_reason=""),
                name="override_has_a_reason",
                violation_error_message="Say why the plan is set by hand.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account}: {self.plan} ({self.state})"

    def plan_in_force(self, now: datetime.datetime | None = None) -> str:
        """The name of the plan that holds: staff's word first, then what is paid for."""
        now = now or timezone.now()
        if self.is_overridden(now):
            return self.override_plan
        return self.plan if self._grants(now) else FREE

    def is_overridden(self, now: datetime.datetime) -> bool:
        within = self.override_until is None or now < self.override_until
        return bool(self.override_plan) and within

    def has_lapsed(self, now: datetime.datetime) -> bool:
        """Whether a payment is due for longer than the days of grace."""
        since = self.past_due_since
        return self.state == self.State.PAST_DUE and since is not None and since + GRACE <= now

    def _grants(self, now: datetime.datetime) -> bool:
        paid_for = {self.State.TRIALING, self.State.ACTIVE, self.State.PAST_DUE}
        return self.state in paid_for and not self.has_lapsed(now)


class StripeSubscription(models.Model):
    """One subscription at Stripe, as the newest words about it say.

    Two kinds of events come in any order: about the subscription (``status``, true at
    ``status_at``) and about its payments (``paid_at``, ``failed_at``). Each is overwritten only by
    a newer one of its kind, so that the order of arrival does not matter.
    """

    class Interval(models.TextChoices):
        MONTHLY = "monthly"
        YEARLY = "yearly"

    subscription = models.ForeignKey(
        Subscription, on_delete=models.CASCADE, related_name="stripe_subscriptions"
    )
    stripe_id = models.CharField(max_length=255, unique=True)
    #: In Stripe's words; empty while only payments are known.
    status = models.CharField(max_length=30, blank=True)
    status_at = models.DateTimeField(null=True, blank=True)
    price_id = models.CharField(max_length=255, blank=True)
    interval = models.CharField(max_length=10, choices=Interval.choices, blank=True)
    current_period_end = models.DateTimeField(null=True, blank=True)
    trial_end = models.DateTimeField(null=True, blank=True)
    cancel_at_period_end = models.BooleanField(default=False)
    cancel_at = models.DateTimeField(null=True, blank=True)
    paid_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    past_due_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "subscription at Stripe"
        verbose_name_plural = "subscriptions at Stripe"

    def __str__(self) -> str:
        return f"{self.stripe_id} ({self.status or 'unknown'})"


class SubscriptionChange(models.Model):
    """What changed an account's plan or state, and when: a ledger."""

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="changes")
    at = models.DateTimeField(default=timezone.now)
    #: The id of Stripe's event, or the name of what else did it.
    cause = models.CharField(max_length=200)
    before = models.CharField(max_length=40)
    after = models.CharField(max_length=40)

    def __str__(self) -> str:
        return f"{self.before} to {self.after} by {self.cause}"
