"""The start page: try a workflow, without signing in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from apps.accounts.access import membership_of
from apps.ops.errors import ApplicationError
from apps.workflows.analysis.rules import all_rules
from apps.workflows.platforms.loading import documents
from apps.workflows.reports.run import Entry, Run
from apps.workflows.views.bringing import bring_in
from apps.workflows.views.doors import refused, show
from apps.workflows.views.pictures import picture_of
from apps.workflows.views.reading import Report, report_of_result
from apps.workflows.views.trial import Given, given_in, inspected

SAMPLES = (
    ("critical", "Broken", "scores 0"),
    ("medium", "In need of care", "scores 22"),
    ("healthy", "Healthy", "scores 94"),
)
#: Workflows of one file that are written out; of more only the line in the table is shown.
MOST_WRITTEN, MOST_PICTURES = 50, 3


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _back_from(request) or _form(request)
    me = membership_of(request) if request.user.is_authenticated else None
    try:
        given = given_in(request)
        if me is not None and me.may_write:
            brought = bring_in(me, documents(given.data, given.name))
            messages.success(request, brought.sentence)
            return HttpResponseRedirect(brought.address)
        entries = inspected(given)
    except ApplicationError as wrong:
        return _form(request, refused(request, wrong), wrong.status)
    return _results(request, given, entries)


def _back_from(request: HttpRequest) -> HttpResponse | None:
    """Stripe and HighLevel send people here and say how it went."""
    checkout = request.GET.get("checkout")
    if checkout in ("success", "cancelled") and request.user.is_authenticated:
        return HttpResponseRedirect(f"/settings/plan?checkout={checkout}")
    if request.GET.get("error") == "access_denied":
        messages.error(request, "HighLevel was not connected: the permission was not given.")
    return None


def _form(request: HttpRequest, error: str = "", status: int = 200) -> HttpResponse:
    pasted = request.POST.get("definition", "")
    shown = {
        "error": error,
        "samples": SAMPLES,
        "rules": len(all_rules()),
        "pasted": pasted if len(pasted) <= 100_000 else "",
    }
    return show(request, "start", shown, area="start", status=status)


def _results(request: HttpRequest, given: Given, entries: list[Entry]) -> HttpResponse:
    run = Run(entries, files=1)
    found = [(entry.file, entry.analysis) for entry in entries if entry.analysis is not None]
    reports: list[tuple[str, Report]] = []
    for file, result in found[:MOST_WRITTEN]:
        picture = picture_of(result) if len(reports) < MOST_PICTURES else ""
        reports.append((file, report_of_result(result, picture)))
    shown: dict[str, Any] = {
        "given": given.name,
        "reports": reports,
        "report": reports[0][1] if len(found) == 1 else None,
        "rest": [(file, result.graph.name, result.score) for file, result in found[MOST_WRITTEN:]],
        "total": len(found),
        "faults": run.errors,
        "accounts": run.accounts,
    }
    return show(request, "result", shown, area="start")
