"""Scans: everything in an account, or in the accounts of an agency, analysed in the background."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone

from apps.accounts.models import Account, User
from apps.workflows.models.analyses import Analysis
from apps.workflows.models.workflows import Workflow, WorkflowVersion


class Scan(models.Model):
    """`done` counts the workflows that were analysed, `failed` those that could not be."""

    class State(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        CANCELLED = "cancelled"
        FAILED = "failed"

    class Scope(models.TextChoices):
        ACCOUNT = "account"
        AGENCY = "agency"  # every account in which its maker may write

    OPEN = (State.QUEUED, State.RUNNING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="scans")
    created_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, related_name="+", null=True, blank=True
    )
    scope = models.CharField(max_length=10, choices=Scope.choices, default=Scope.ACCOUNT)
    #: Only workflows that changed since their last analysis; such scans are made by night.
    only_changed = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    summary = models.JSONField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "only_changed"],
                condition=models.Q(scope="account", state__in=["queued", "running"]),
                name="scan_one_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["created_by"],
                condition=models.Q(scope="agency", state__in=["queued", "running"]),
                name="scan_of_an_agency_one_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["account", "-created_at", "-id"], name="scan_newest")]

    def __str__(self) -> str:
        return f"{self.scope} scan of {self.account_id} ({self.state})"


class ScanItem(models.Model):
    """One workflow in a scan, at the version it had when the scan began."""

    class State(models.TextChoices):
        QUEUED = "queued"
        DONE = "done"
        FAILED = "failed"

    scan = models.ForeignKey(Scan, on_delete=models.CASCADE, related_name="items")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    workflow = models.ForeignKey(Workflow, on_delete=models.CASCADE, related_name="+")
    version = models.ForeignKey(WorkflowVersion, on_delete=models.CASCADE, related_name="+")
    #: Items of one number are one job's.
    group = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    analysis = models.ForeignKey(
        Analysis, on_delete=models.SET_NULL, related_name="+", null=True, blank=True
    )
    #: Findings against the analysis before; none where there was none.
    new = models.PositiveIntegerField(default=0)
    fixed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    new_critical = models.PositiveIntegerField(default=0)
    grade_before = models.CharField(max_length=20, blank=True)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scan", "workflow"], name="scan_item_once")]
        indexes = [models.Index(fields=["scan", "group", "state"], name="scan_item_of_group")]

    def __str__(self) -> str:
        return f"{self.workflow_id} ({self.state})"
