"""One stored analysis as a page."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.models import Account, Membership
from apps.billing.entitlements import entitlements
from apps.ops.errors import ApplicationError
from apps.workflows.models import Analysis, ShareLink
from apps.workflows.reports.wording import count
from apps.workflows.selectors import (
    analyses_for,
    analysis_shown,
    share_links_live,
    version_graph,
)
from apps.workflows.services import analysis_delete, share_link_create, share_links_revoke
from apps.workflows.views.doors import account_page, refused, sent, show
from apps.workflows.views.pictures import picture_of_issues
from apps.workflows.views.reading import report_of

SHARE_DAYS = (7, 30, 90)
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
    found = (
        analyses_for(account).select_related("workflow", "version__workflow").filter(pk=pk).first()
    )
    if found is None:
        raise Http404
    return found


@require_safe
@account_page
def report(request: HttpRequest, me: Membership, pk: UUID) -> HttpResponse:
    return _page(request, me, analysis_of(me.account, pk))


def _page(
    request: HttpRequest,
    me: Membership,
    analysis: Analysis,
    *,
    link: tuple[ShareLink, str] | None = None,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    plan = entitlements(me.account)
    wire = analysis_shown(analysis, plan)
    if plan.issues_shown is None:  # else setting aside would show what the plan hides
        wire["suppressed"] = analysis.findings.get("suppressed", [])
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
        "link": link,
        "links": share_links_live(analysis).count(),
        "share_days": SHARE_DAYS,
        "error": error,
    }
    return show(request, "report", shown, area="workflows", status=status)


def _before(analysis: Analysis) -> Analysis | None:
    """The analysis of the same workflow before this one, to compare with."""
    if analysis.workflow_id is None or analysis.account is None:
        return None
    earlier = analyses_for(analysis.account).filter(workflow_id=analysis.workflow_id)
    return earlier.filter(created_at__lt=analysis.created_at).defer("findings").first()


@never_cache
@require_POST
@account_page
def share(request: HttpRequest, me: Membership, pk: UUID) -> HttpResponse:
    """Makes a link, which is shown on this one page and never again, or revokes all there are."""
    analysis = analysis_of(me.account, pk)
    if request.POST.get("action") == "revoke":
        gone = share_links_revoke(analysis=analysis)
        messages.success(request, f"{count(gone, 'link')} revoked.")
        return HttpResponseRedirect(f"/analysis/{pk}")
    days = sent(request, "days", 4)
    try:
        if days not in map(str, SHARE_DAYS):
            raise ApplicationError("validation_error", "Choose how long the link should last.")
        made, token = share_link_create(
            account=me.account, analysis=analysis, user=me.user, days=int(days)
        )
    except ApplicationError as wrong:
        said = refused(request, wrong)
        return _page(request, me, analysis, error=said, status=wrong.status)
    url = request.build_absolute_uri(f"/share/{token}")
    return _page(request, me, analysis, link=(made, url))


@require_POST
@account_page
def delete(request: HttpRequest, me: Membership, pk: UUID) -> HttpResponse:
    analysis = analysis_of(me.account, pk)
    analysis_delete(analysis)
    messages.success(request, "The analysis is deleted.")
    return HttpResponseRedirect("/history")
