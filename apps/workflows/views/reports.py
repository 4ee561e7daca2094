"""One stored analysis as a page."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.models import Account, Membership
from apps.billing.entitlements import entitlements
from apps.workflows.models import Analysis
from apps.workflows.selectors import analyses_for, analysis_shown, version_graph
from apps.workflows.services import analysis_delete
from apps.workflows.views.doors import account_page, show
from apps.workflows.views.pictures import picture_of_issues
from apps.workflows.views.reading import report_of

#: The formats of ``/api/analysis/<id>/report`` a person may want, with what they are good for.
EXPORTS = (
    ("html", "HTML"),
    ("markdown", "Markdown"),
    ("csv", "CSV"),
    ("json", "JSON"),
    ("sarif", "SARIF"),
    ("svg", "Picture (SVG)"),
)


def analysis_of(account: Account, pk: UUID) -> Analysis:
    """Another account's, or one beyond the plan's history, is not found."""
    found = analyses_for(account).select_related("workflow", "version").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_safe
@account_page
def report(request: HttpRequest, me: Membership, pk: UUID) -> HttpResponse:
    analysis = analysis_of(me.account, pk)
    wire = analysis_shown(analysis, entitlements(me.account))
    graph = version_graph(analysis.version)
    chosen = request.GET.get("issue", "")
    walk: list[str] = next(
        (each["path"] for each in wire["issues"] if each["fingerprint"] == chosen), []
    )
    opened = request.GET.getlist("open")[:20]
    picture = picture_of_issues(graph, wire["issues"], trail=walk, opened=opened) if graph else ""
    shown = {
        "analysis": analysis,
        "report": report_of(wire, graph, picture),
        "chosen": chosen,
        "exports": EXPORTS,
        "before": _before(analysis),
        "suppress": True,
    }
    return show(request, "report", shown, area="workflows")


def _before(analysis: Analysis) -> Analysis | None:
    """The analysis of the same workflow before this one, to compare with."""
    if analysis.workflow_id is None or analysis.account is None:
        return None
    earlier = analyses_for(analysis.account).filter(workflow_id=analysis.workflow_id)
    return earlier.filter(created_at__lt=analysis.created_at).defer("findings").first()


@require_POST
@account_page
def delete(request: HttpRequest, me: Membership, pk: UUID) -> HttpResponse:
    analysis = analysis_of(me.account, pk)
    analysis_delete(analysis)
    messages.success(request, "The analysis is deleted.")
    return HttpResponseRedirect("/history")
