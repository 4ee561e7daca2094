"""Background work, alerts and the trail for staff: ledgers; a dead job may be begun anew."""

from __future__ import annotations

import json

from django.contrib import admin

from apps.ops import logs
from apps.ops.jobs.services import job_discard, job_retry
from apps.ops.models import Alert, AuditEntry, Job, Schedule, Worker
from apps.ops.notifications import admin as _notifications  # noqa: F401 - registers them
from apps.ops.staff import cards as _cards  # noqa: F401 - declares them
from apps.ops.staff.actions import with_reason
from apps.ops.staff.ledger import Ledger


@admin.register(Job)
class JobAdmin(Ledger):
    list_display = ("kind", "queue", "state", "attempts", "progress", "run_at", "finished_at")
    list_filter = ("state", "queue", "kind")
    search_fields = ("=id", "=key", "=request_id", "=account_id")
    date_hierarchy = "created_at"
    ordering = ("-created_at",)
    show_full_result_count = False
    actions = (
        with_reason("Begin anew", name="job-retry", permission="ops.change_job", act=job_retry),
        with_reason(
            "Discard for good", name="job-discard", permission="ops.change_job", act=job_discard
        ),
    )
    fields = (
        "id", "kind", "queue", "priority", "state", "attempts", "progress", "error", "account_id",
        "key", "request_id", "content", "created_at", "run_at", "dispatched_at", "started_at",
        "lease_until", "finished_at",
    )  # fmt: skip

    @admin.display(description="Progress")
    def progress(self, job: Job) -> str:
        return f"{job.done} of {job.total}" if job.total else ""

    @admin.display(description="Payload")
    def content(self, job: Job) -> str:
        return json.dumps(logs.redact(job.payload), indent=2, ensure_ascii=False)


@admin.register(Schedule)
class ScheduleAdmin(Ledger):
    list_display = ("name", "next_at", "last_at")


@admin.register(Worker)
class WorkerAdmin(Ledger):
    list_display = ("name", "started_at", "seen_at")


@admin.register(Alert)
class AlertAdmin(Ledger):
    list_display = ("name", "firing", "since", "over_at", "message")
    list_filter = ("firing",)


@admin.register(AuditEntry)
class AuditEntryAdmin(Ledger):
    list_display = ("at", "actor", "action", "target_type", "target", "reason")
    list_filter = ("action", "target_type")
    search_fields = ("actor", "action", "target", "target_id", "request_id", "reason")
    date_hierarchy = "at"
