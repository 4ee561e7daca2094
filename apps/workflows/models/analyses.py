"""The analyses of workflows."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone

from apps.accounts.models import Account, User
from apps.workflows.models.workflows import Workflow, WorkflowVersion


class Analysis(models.Model):
    """One run of the rules over a definition.

    ``result`` is the API's answer but for the findings, which may be megabytes and which lists
    leave where they are: ``findings`` has them all, as ``issues`` and ``suppressed``.
    """

    class Origin(models.TextChoices):
        API = "api"
        SCAN = "scan"
        DEMO = "demo"
        TEST = "test"  # the /test endpoints: belongs to no account

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(
        Account, on_delete=models.CASCADE, related_name="analyses", null=True, blank=True
    )
    workflow = models.ForeignKey(
        Workflow, on_delete=models.CASCADE, related_name="analyses", null=True, blank=True
    )
    #: The version that was analysed, where the definition is kept.
    version = models.ForeignKey(
        WorkflowVersion,
        on_delete=models.SET_NULL,
        related_name="analyses",
        null=True,
        blank=True,
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
            models.Index(fields=["version", "-created_at"], name="analysis_of_version"),
            models.Index(fields=["created_at"], name="analysis_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.id}: {self.health_score}"
