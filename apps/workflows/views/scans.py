"""Scans of the whole account: begun, watched, cancelled, read."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.models import Membership
from apps.billing.entitlements import entitlements
from apps.ops.errors import ApplicationError
from apps.workflows.models import Scan
from apps.workflows.selectors import scan_find, scan_row, scans_for
from apps.workflows.services import scan_cancel, scan_create
from apps.workflows.views.doors import account_page, page_of, refused, sent, show

TONES = {"done": "good", "failed": "critical", "cancelled": "info"}


@require_http_methods(["GET", "HEAD", "POST"])
@account_page
def scans(request: HttpRequest, me: Membership) -> HttpResponse:
    if request.method != "POST":
        return _list(request, me)
    agency = sent(request, "scope", 10) == Scan.Scope.AGENCY
    try:
        scan = scan_create(
            account=me.account,
            user=me.user,
            scope=Scan.Scope.AGENCY if agency else Scan.Scope.ACCOUNT,
        )
    except ApplicationError as wrong:
        return _list(request, me, refused(request, wrong), wrong.status)
    return HttpResponseRedirect(f"/scans/{scan.pk}")


def _list(request: HttpRequest, me: Membership, error: str = "", status: int = 200) -> HttpResponse:
    page = page_of(request, scans_for(me.account, me.user))
    shown = {
        "page": page,
        "rows": [(scan_row(scan), TONES.get(scan.state, "low")) for scan in page.object_list],
        "allowed": "scans" in entitlements(me.account).features,
        "many": Membership.objects.filter(user=me.user).count() > 1,
        "error": error,
    }
    return show(request, "scans", shown, area="scans", status=status)


@require_safe
@account_page
def scan(request: HttpRequest, me: Membership, scan: UUID) -> HttpResponse:
    found = scan_find(me.account, me.user, scan)
    row = scan_row(found)
    shown = {
        "row": row,
        "settled": row["done"] + row["failed"],
        "open": found.state in Scan.OPEN,
        "tone": TONES.get(found.state, "low"),
        "by": found.created_by,
    }
    return show(request, "scan", shown, area="scans")


@require_POST
@account_page
def cancel(request: HttpRequest, me: Membership, scan: UUID) -> HttpResponse:
    scan_cancel(scan_find(me.account, me.user, scan))
    return HttpResponseRedirect(f"/scans/{scan}")
