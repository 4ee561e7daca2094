"""What is set aside, why and until when."""

from __future__ import annotations

import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.models import Membership
from apps.ops.errors import ApplicationError
from apps.workflows.analysis.rules import all_rules
from apps.workflows.selectors import (
    states_of,
    suppression_find,
    suppressions_for,
    workflow_find,
    workflows_for,
)
from apps.workflows.services import suppression_create, suppression_delete
from apps.workflows.views.doors import account_page, page_of, refused, sent, show

TONES = {"active": "good", "expired": "info", "stale": "medium"}
#: Workflows a rule can be set aside for in the form; the API takes any.
MOST_WORKFLOWS = 500


@require_http_methods(["GET", "HEAD", "POST"])
@account_page
def suppressions(request: HttpRequest, me: Membership) -> HttpResponse:
    if request.method != "POST":
        return _list(request, me)
    try:
        _set_aside(request, me)
    except ApplicationError as wrong:
        return _list(request, me, refused(request, wrong), wrong.status)
    messages.success(request, "Set aside from the next analysis on.")
    return HttpResponseRedirect("/suppressions")


def _set_aside(request: HttpRequest, me: Membership) -> None:
    reason = sent(request, "reason")
    if not reason:
        raise ApplicationError("validation_error", "Say why: whoever reads it later will ask.")
    fingerprint, rule = sent(request, "fingerprint", 64), sent(request, "rule", 100)
    if not fingerprint and not rule:
        raise ApplicationError("validation_error", "Choose the rule to set aside.")
    workflow = sent(request, "workflow", 40)
    suppression_create(
        account=me.account,
        user=me.user,
        reason=reason,
        fingerprint=fingerprint,
        rule_id="" if fingerprint else rule,
        workflow=workflow_find(me.account, _uuid(workflow)) if workflow else None,
        expires_at=_day(sent(request, "expires", 10)),
    )


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise ApplicationError("not_found", "There is no workflow with this id.") from None


def _day(text: str) -> datetime.datetime | None:
    if not text:
        return None
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        message = "Give the day as in 2027-01-31, or leave it empty."
        raise ApplicationError("validation_error", message) from None
    return datetime.datetime.combine(day, datetime.time(), datetime.UTC)


def _list(request: HttpRequest, me: Membership, error: str = "", status: int = 200) -> HttpResponse:
    page = page_of(request, suppressions_for(me.account).select_related("workflow", "created_by"))
    rows = list(page.object_list)
    states = states_of(me.account, rows)
    asked = request.POST if request.method == "POST" else request.GET
    shown = {
        "page": page,
        "rows": [(row, states[row.pk], TONES[states[row.pk]]) for row in rows],
        "error": error,
        "fingerprint": asked.get("fingerprint", "")[:64],
        "rule": asked.get("rule", "")[:100],
        "reason": request.POST.get("reason", "")[:500],
        "rules": all_rules().values(),
        "workflows": workflows_for(me.account).order_by("name")[:MOST_WORKFLOWS],
    }
    return show(request, "suppressions", shown, area="suppressions", status=status)


@require_POST
@account_page
def delete(request: HttpRequest, me: Membership, suppression: UUID) -> HttpResponse:
    suppression_delete(suppression_find(me.account, suppression))
    messages.success(request, "It is reported again from the next analysis on.")
    return HttpResponseRedirect("/suppressions")
