"""Background work for staff: ledgers to read; a dead job may be begun anew or discarded."""

from __future__ import annotations

import json
from collections.abc import Callable

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from apps.ops import logs
from apps.ops.audit import audit_record
from apps.ops.errors import ApplicationError
from apps.ops.jobs.models import Job, Schedule, Worker
from apps.ops.jobs.services import job_discard, job_retry


class Ledger(admin.ModelAdmin):  # type: ignore[type-arg]
    """Nothing is added, changed or deleted by hand."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Job)
class JobAdmin(Ledger):
    list_display = ("kind", "queue", "state", "attempts", "progress", "run_at", "finished_at")
    list_filter = ("state", "queue", "kind")
    search_fields = ("=id", "=key", "=request_id", "=account_id")
    date_hierarchy = "created_at"
    ordering = ("-created_at",)
    show_full_result_count = False
    actions = ("retry", "discard")
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

    @admin.action(description="Begin the selected dead jobs anew", permissions=["mend"])
    def retry(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        self._each(request, queryset, job_retry, "begun anew")

    @admin.action(description="Discard the selected jobs for good", permissions=["mend"])
    def discard(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        self._each(request, queryset, job_discard, "discarded")

    def has_mend_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("ops.change_job")

    def _each(
        self, request: HttpRequest, jobs: QuerySet[Job], act: Callable[[Job], None], done: str
    ) -> None:
        refused: set[str] = set()
        changed = 0
        for job in jobs:
            try:
                with transaction.atomic():
                    act(job)
                    audit_record(actor=str(request.user), action=f"job {done}", target=job)
                changed += 1
            except ApplicationError as refusal:
                refused.add(refusal.message)
        level = messages.WARNING if refused else messages.INFO
        told = " ".join([f"{changed} of {len(jobs)} were {done}.", *sorted(refused)])
        self.message_user(request, told, level)


@admin.register(Schedule)
class ScheduleAdmin(Ledger):
    list_display = ("name", "next_at", "last_at")


@admin.register(Worker)
class WorkerAdmin(Ledger):
    list_display = ("name", "started_at", "seen_at")
