"""What staff see of analyses, and find by a request's id."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.urls import reverse

from apps.ops.staff.dashboard import Card, by_day, card, since
from apps.ops.staff.search import as_uuid, searcher
from apps.workflows.models import Analysis, Workflow


@searcher("Workflows", permission="workflows.view_workflow")
def workflows(query: str) -> Iterable[Workflow]:
    if ident := as_uuid(query):
        return Workflow.objects.filter(pk=ident)
    return Workflow.objects.filter(external_id=query).order_by("name")


@searcher("Analyses", permission="workflows.view_analysis")
def analyses(query: str) -> Iterable[Analysis]:
    ident = as_uuid(query)
    return Analysis.objects.filter(pk=ident).defer("result", "findings") if ident else []


@card("Analyses today", permission="workflows.view_analysis", order=10)
def analyses_today() -> Card:
    recent = Analysis.objects.filter(created_at__gte=since())
    counts = dict(recent.values_list(TruncDate("created_at")).annotate(Count("pk")))
    series = by_day(counts)
    return Card(
        str(series[-1]),
        f"{sum(series)} in {len(series)} days",
        series=series,
        url=reverse("admin:workflows_analysis_changelist"),
    )
