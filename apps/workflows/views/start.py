"""The start page: try a workflow, without signing in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from apps.ops.errors import ApplicationError
from apps.workflows.analysis.rules import all_rules
from apps.workflows.reports.run import Entry, Run
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
        return _form(request)
    try:
        given = given_in(request)
        entries = inspected(given)
    except ApplicationError as wrong:
        return _form(request, refused(request, wrong), wrong.status)
    return _results(request, given, entries)


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
