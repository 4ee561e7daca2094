"""The ledger of jobs, when scheduled work is due, and who is there to do it."""

from __future__ import annotations

import time
import uuid

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone

#: Seconds between two writes of progress.
REPORT_EVERY = 0.5


class LeaseLostError(Exception):
    """Another worker has taken the job up, since this one was silent for too long."""


class Job(models.Model):
    """One piece of work, from the moment its cause is committed until it is done or parked."""

    class State(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"  # the last try failed; the next is due at `run_at`
        DEAD = "dead"  # given up; waits for a person

    #: What still lies ahead.
    WAITING = (State.QUEUED, State.FAILED)
    UNFINISHED = (*WAITING, State.RUNNING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=80)
    queue = models.CharField(max_length=20)
    priority = models.PositiveSmallIntegerField(default=5)  # 0 to 9, the highest goes first
    # Not a foreign key: this app knows no accounts.
    account_id = models.UUIDField(null=True, blank=True)
    payload = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    #: Unique among the unfinished jobs of a kind, when it is not empty.
    key = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True, blank=True)
    request_id = models.CharField(max_length=36)
    error = models.TextField(blank=True)
    run_at = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    #: When it was last handed out; empty while that is still to be done.
    dispatched_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    #: Who runs it, and until when it may be silent.
    claim = models.UUIDField(null=True, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"],
                condition=models.Q(state__in=["queued", "failed", "running"]) & ~models.Q(key=""),
                name="job_once_per_key",
            )
        ]
        indexes = [
            models.Index(
                fields=["queue", "run_at"],
                condition=models.Q(state__in=["queued", "failed", "running"]),
                name="job_unfinished",
            ),
            models.Index(fields=["state", "finished_at"], name="job_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    def report(self, done: int, total: int | None = None) -> None:
        """Progress for people to see. Raises `LeaseLostError` when the job is no longer ours."""
        total = self.total if total is None else total
        now, last = time.monotonic(), getattr(self, "_reported", 0.0)
        if now - last < REPORT_EVERY and done != total:
            return
        self._reported = now
        self.done, self.total = done, total
        mine = Job.objects.filter(pk=self.pk, claim=self.claim, state=self.State.RUNNING)
        if not mine.update(done=done, total=total):
            raise LeaseLostError(str(self))


class Schedule(models.Model):
    """When a piece of periodic work is next due; whoever moves `next_at` on has it to do."""

    name = models.CharField(max_length=80, primary_key=True)
    next_at = models.DateTimeField()
    last_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Worker(models.Model):
    """A process that does jobs, as long as it is seen."""

    name = models.CharField(max_length=200, primary_key=True)
    started_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
