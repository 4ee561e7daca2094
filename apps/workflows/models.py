"""Workflows and their analyses."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone

from apps.accounts.models import Account, User


class Workflow(models.Model):
    """A workflow of an account; one row however often it is analysed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="workflows")
    platform = models.CharField(max_length=20)
    external_id = models.CharField(max_length=200, blank=True)
    name = models.CharField(max_length=500)
    #: A digest of what tells this workflow from the account's others: its id on the platform,
    #: else its name.
    identity = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "platform", "identity"], name="workflow_once_per_account"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Analysis(models.Model):
    """One run of the rules over a definition.

    ``result`` is the API's answer but for the findings, which may be megabytes and which lists
    leave where they are: ``findings`` has them all, as ``issues`` and ``suppressed``.
    """

    class Origin(models.TextChoices):
        API = "api"
        DEMO = "demo"
        TEST = "test"  # the /test endpoints: belongs to no account

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(
        Account, on_delete=models.CASCADE, related_name="analyses", null=True, blank=True
    )
    workflow = models.ForeignKey(
        Workflow, on_delete=models.CASCADE, related_name="analyses", null=True, blank=True
    )
    created_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, related_name="+", null=True, blank=True
    )
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.API)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    health_score = models.PositiveSmallIntegerField(null=True, blank=True)
    grade = models.CharField(max_length=20, blank=True)
    content_hash = models.CharField(max_length=64)
    result = models.JSONField()
    findings = models.JSONField(default=dict)

    class Meta:
        verbose_name_plural = "analyses"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(account__isnull=False) | models.Q(origin="test"),
                name="analysis_belongs_to_an_account",
            )
        ]
        indexes = [
            models.Index(fields=["account", "-created_at", "-id"], name="analysis_history"),
            models.Index(fields=["workflow", "-created_at"], name="analysis_of_workflow"),
        ]

    def __str__(self) -> str:
        return f"{self.id}: {self.health_score}"
