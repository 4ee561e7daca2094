"""Links by which anybody may read one report."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone

from apps.accounts.models import Account, User
from apps.workflows.models.analyses import Analysis


class ShareLink(models.Model):
    """Of the token only its digest is stored: whoever reads the table can open no report."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="share_links")
    analysis = models.ForeignKey(Analysis, on_delete=models.CASCADE, related_name="share_links")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, related_name="+", null=True, blank=True
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["analysis", "-created_at"], name="share_link_of_analysis")]

    def __str__(self) -> str:
        return f"{self.analysis_id} until {self.expires_at:%Y-%m-%d}"
