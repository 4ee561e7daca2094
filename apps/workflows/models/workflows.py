"""Workflows, the versions of their definitions, and the lists of the account they refer to."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone

from apps.accounts.models import Account, User


class Workflow(models.Model):
    """A workflow of an account; one row however often it is imported or analysed.

    One without a version is known only from a platform's list: its steps are not available.
    """

    class Status(models.TextChoices):
        DRAFT = "draft"
        ACTIVE = "active"  # HighLevel calls it published
        INACTIVE = "inactive"
        UNKNOWN = "unknown"

    class Source(models.TextChoices):
        """How the workflow came here; a live connection says more than an upload before it."""

        UPLOAD = "upload"
        HIGHLEVEL = "highlevel"
        N8N = "n8n"
        API = "api"  # kept by POST /api/analyze
        DEMO = "demo"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="workflows")
    platform = models.CharField(max_length=20)
    external_id = models.CharField(max_length=200, blank=True)
    name = models.CharField(max_length=500)
    #: A digest of what tells this workflow from the account's others: its id on the platform,
    #: else its name.
    identity = models.CharField(max_length=64, editable=False)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.UNKNOWN)
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.API)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    #: When its definition, name or status last changed.
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "platform", "identity"], name="workflow_once_per_account"
            )
        ]

    def __str__(self) -> str:
        return self.name


class WorkflowVersion(models.Model):
    """One content a workflow has had. The same content brought in again is the same version."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workflow = models.ForeignKey(Workflow, on_delete=models.CASCADE, related_name="versions")
    #: The same for the same content, whatever the order of its keys and the export around it.
    content_hash = models.CharField(max_length=64)
    #: The JSON text. As text, because a JSON column would reorder keys and refuse some characters.
    definition = models.TextField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    #: When this content last became the workflow's: the newest is what the workflow is now.
    current_since = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, related_name="+", null=True, blank=True
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workflow", "content_hash"], name="version_once_per_content"
            )
        ]
        indexes = [
            models.Index(fields=["workflow", "-current_since", "-id"], name="version_newest")
        ]

    def __str__(self) -> str:
        return f"{self.workflow_id} {self.content_hash[:12]}"


class ReferenceList(models.Model):
    """What an account has of one kind (tags, users, calendars…), as the rules look it up.

    ``kind`` is the name the core gives it. An account without a row of a kind is one of which
    that list is not known, which is not the same as an empty one.
    """

    class Source(models.TextChoices):
        UPLOAD = "upload"
        HIGHLEVEL = "highlevel"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="reference_lists")
    kind = models.CharField(max_length=40)
    data = models.JSONField()
    #: The HighLevel location it is of; empty where the document did not say.
    location_id = models.CharField(max_length=100, blank=True)
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.UPLOAD)
    fetched_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "kind"], name="reference_list_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.account_id}"
