"""The trail that staff leave."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone


class AuditEntry(models.Model):
    """One act. Plain values instead of foreign keys: it outlives the rows that it speaks of."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(default=timezone.now, editable=False)
    actor_id = models.UUIDField(null=True, editable=False)
    #: The e-mail address, or the name of the command.
    actor = models.CharField(max_length=254, editable=False)
    action = models.CharField(max_length=80, editable=False)
    target_type = models.CharField(max_length=80, editable=False)
    target_id = models.CharField(max_length=100, editable=False)
    target = models.CharField(max_length=300, editable=False)
    reason = models.TextField(blank=True, editable=False)
    request_id = models.CharField(max_length=36, blank=True, editable=False)

    class Meta:
        verbose_name_plural = "audit entries"
        indexes = [
            models.Index(fields=["-at"], name="audit_newest"),
            models.Index(fields=["target_type", "target_id"], name="audit_of_target"),
        ]

    def __str__(self) -> str:
        return f"{self.actor}: {self.action} {self.target}"
