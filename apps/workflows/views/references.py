"""Who reads and writes what: every tag, field, stage… of the account, and the steps behind it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from apps.accounts.models import Membership
from apps.billing.entitlements import require
from apps.workflows.analysis.usage import KINDS
from apps.workflows.selectors import index_of, matching, references_of
from apps.workflows.views.doors import account_page, page_of, show


@require_safe
@account_page
def references(request: HttpRequest, me: Membership) -> HttpResponse:
    require(me.account, "references")
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    value = request.GET.get("value", "").strip()[:300]
    exact = request.GET.get("exact") == "1"
    rows = matching(references_of(me.account), kind or None, value if exact else None)
    found = (
        rows if exact else [row for row in index_of(rows) if value.lower() in row["value"].lower()]
    )
    page = page_of(request, found, size=50)
    shown = {
        "kinds": KINDS,
        "kind": kind,
        "value": value,
        "exact": exact,
        "page": page,
        "rows": list(page.object_list),
        "total": len(found),
    }
    return show(request, "references", shown, area="references")
