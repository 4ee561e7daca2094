"""What an account has decided about rules: severities, thresholds, findings set aside."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone

from apps.accounts.models import Account, User
from apps.workflows.models.workflows import Workflow


class RuleSettings(models.Model):
    """An account's severities and thresholds, as ``settings.rules`` of an analysis takes them."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="rule_settings")
    rules = models.JSONField(default=dict)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "rule settings"

    def __str__(self) -> str:
        return f"rules of {self.account_id}"


class Suppression(models.Model):
    """Silences one finding (by fingerprint) or a rule: everywhere, on a workflow, or on a step."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="suppressions")
    fingerprint = models.CharField(max_length=64, blank=True)
    rule_id = models.CharField(max_length=100, blank=True)
    workflow = models.ForeignKey(
        Workflow, on_delete=models.CASCADE, related_name="suppressions", null=True, blank=True
    )
    node_id = models.CharField(max_length=500, blank=True)
    reason = models.CharField(max_length=500)
    expires_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, related_name="+", null=True, blank=True
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(fingerprint="") ^ models.Q(rule_id=""),
                name="suppression_of_a_finding_or_a_rule",
            ),
            # Two, because where it is null a workflow would never be the same as another.
            models.UniqueConstraint(
                fields=["account", "fingerprint", "rule_id", "node_id"],
                condition=models.Q(workflow=None),
                name="suppression_once_per_account",
            ),
            models.UniqueConstraint(
                fields=["account", "fingerprint", "rule_id", "workflow", "node_id"],
                condition=models.Q(workflow__isnull=False),
                name="suppression_once_per_workflow",
            ),
        ]
        indexes = [models.Index(fields=["account", "-created_at"], name="suppression_newest")]

    def __str__(self) -> str:
        return self.fingerprint or self.rule_id
