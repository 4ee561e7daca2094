"""Past analyses of the account."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from apps.accounts.models import Membership
from apps.billing.entitlements import entitlements
from apps.billing.plans import PLANS, PRO
from apps.workflows.analysis.scoring import GRADES
from apps.workflows.selectors import analyses_filtered, trends_of
from apps.workflows.views.doors import account_page, page_of, show

#: Days of the account's trend line.
LONGEST_TREND = 60


@require_safe
@account_page
def history(request: HttpRequest, me: Membership) -> HttpResponse:
    days = entitlements(me.account).history_days
    grades = [name for _, name in GRADES]
    grade = request.GET.get("grade", "")
    workflow = _uuid(request.GET.get("workflow", ""))
    found = analyses_filtered(
        me.account, workflow=workflow, grade=grade if grade in grades else None
    )
    page = page_of(request, found.select_related("created_by").defer("findings"))
    shown = {
        "page": page,
        "analyses": list(page.object_list),
        "grades": grades,
        "grade": grade,
        "workflow": workflow,
        "trend": [day["healthScore"] for day in trends_of(me.account)["account"]][-LONGEST_TREND:],
        "days": days,
        "most": PLANS[PRO].history_days,
        "less": days < PLANS[PRO].history_days,
    }
    return show(request, "history", shown, area="history")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
