"""Workflows and the ledger of their analyses, for staff to read."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from apps.accounts.admin import ACCOUNT_ACTIONS
from apps.ops.staff.actions import with_reason
from apps.ops.staff.ledger import Ledger
from apps.workflows import staff as _staff  # noqa: F401 - declares cards and searches
from apps.workflows.admin_import import PERMISSION, import_page
from apps.workflows.models import (
    Analysis,
    ReferenceList,
    RuleSettings,
    Scan,
    Suppression,
    Workflow,
    WorkflowVersion,
)
from apps.workflows.services import sync_request

#: A result may be megabytes; the first part tells staff enough.
SHOWN = 20_000


class VersionInline(admin.TabularInline):  # type: ignore[type-arg]
    """When the workflow was what; never the definitions, which may hold secrets."""

    model = WorkflowVersion
    fields = readonly_fields = ("content_hash", "created_at", "current_since", "created_by")
    ordering = ("-current_since",)
    can_delete = False
    max_num = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[WorkflowVersion]:
        return super().get_queryset(request).defer("definition")


@admin.register(Workflow)
class WorkflowAdmin(Ledger):
    list_display = ("name", "platform", "account", "status", "source", "created_at", "updated_at")
    list_filter = ("platform", "status", "source")
    list_select_related = ("account",)
    search_fields = ("name", "external_id", "account__name")
    fields = (
        "id", "name", "platform", "external_id", "account", "status", "source", "created_at",
        "updated_at",
    )  # fmt: skip
    inlines = (VersionInline,)

    def get_urls(self) -> list[URLPattern]:
        page = partial(import_page, model_admin=self)
        own = path("import", self.admin_site.admin_view(page), name="workflows_workflow_import")
        return [own, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        may_import = request.user.has_perm(PERMISSION)
        told = {**(extra_context or {}), "may_import": may_import}
        return super().changelist_view(request, told)


@admin.register(ReferenceList)
class ReferenceListAdmin(Ledger):
    list_display = ("account", "kind", "entries", "location_id", "source", "fetched_at")
    list_filter = ("kind", "source")
    list_select_related = ("account",)
    search_fields = ("account__name", "location_id")
    fields = ("account", "kind", "entries", "location_id", "source", "fetched_at")

    @admin.display(description="Entries")
    def entries(self, row: ReferenceList) -> int:
        return len(row.data)


@admin.register(RuleSettings)
class RuleSettingsAdmin(Ledger):
    list_display = fields = ("account", "rules", "updated_at")
    list_select_related = ("account",)
    search_fields = ("account__name",)


@admin.register(Suppression)
class SuppressionAdmin(Ledger):
    list_display = ("account", "__str__", "workflow", "reason", "expires_at", "created_at")
    list_select_related = ("account", "workflow")
    search_fields = ("account__name", "fingerprint", "rule_id")
    fields = (
        "account", "fingerprint", "rule_id", "workflow", "node_id", "reason", "expires_at",
        "created_at", "created_by",
    )  # fmt: skip


@admin.register(Analysis)
class AnalysisAdmin(Ledger):
    list_display = ("id", "workflow", "account", "origin", "health_score", "grade", "created_at")
    list_filter = ("origin", "grade")
    list_select_related = ("account", "workflow")
    search_fields = ("workflow__name", "account__name")
    fields = (
        "id", "account", "workflow", "created_by", "origin", "created_at", "health_score", "grade",
        "version", "content_hash", "result_text",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Analysis]:
        return super().get_queryset(request).defer("result", "findings")

    @admin.display(description="Result")
    def result_text(self, analysis: Analysis) -> str:
        whole = {**analysis.result, **analysis.findings}
        text = json.dumps(whole, indent=2, ensure_ascii=False)
        return text if len(text) <= SHOWN else f"{text[:SHOWN]} …"


ACCOUNT_ACTIONS.append(
    with_reason(
        "Sync the workflows",
        name="account-sync",
        permission="workflows.change_workflow",
        act=lambda account: sync_request(account=account),
    )
)


@admin.register(Scan)
class ScanAdmin(Ledger):
    list_display = ("account", "scope", "state", "total", "done", "failed", "created_at")
    list_filter = ("state", "scope", "only_changed")
    list_select_related = ("account",)
    search_fields = ("=id", "account__name")
    date_hierarchy = "created_at"
    fields = (
        "id", "account", "created_by", "scope", "only_changed", "state", "total", "done", "failed",
        "created_at", "started_at", "finished_at", "summary_text",
    )  # fmt: skip

    @admin.display(description="Summary")
    def summary_text(self, scan: Scan) -> str:
        return json.dumps(scan.summary, indent=2, ensure_ascii=False)[:SHOWN]
