"""Workflows and the ledger of their analyses, for staff to read."""

from __future__ import annotations

import json

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from apps.ops.staff.ledger import Ledger
from apps.workflows import staff as _staff  # noqa: F401 - declares cards and searches
from apps.workflows.models import Analysis, Workflow

#: A result may be megabytes; the first part tells staff enough.
SHOWN = 20_000


@admin.register(Workflow)
class WorkflowAdmin(Ledger):
    list_display = ("name", "platform", "account", "created_at", "updated_at")
    list_filter = ("platform",)
    list_select_related = ("account",)
    search_fields = ("name", "external_id", "account__name")
    fields = ("id", "name", "platform", "external_id", "account", "created_at", "updated_at")


@admin.register(Analysis)
class AnalysisAdmin(Ledger):
    list_display = ("id", "workflow", "account", "origin", "health_score", "grade", "created_at")
    list_filter = ("origin", "grade")
    list_select_related = ("account", "workflow")
    search_fields = ("workflow__name", "account__name")
    fields = (
        "id", "account", "workflow", "created_by", "origin", "created_at", "health_score", "grade",
        "content_hash", "result_text",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Analysis]:
        return super().get_queryset(request).defer("result", "findings")

    @admin.display(description="Result")
    def result_text(self, analysis: Analysis) -> str:
        whole = {**analysis.result, **analysis.findings}
        text = json.dumps(whole, indent=2, ensure_ascii=False)
        return text if len(text) <= SHOWN else f"{text[:SHOWN]} …"
