"""The account's workflows: the list, one of them with its versions, and bringing some in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.connections import connections_for
from apps.accounts.models import Account, Membership
from apps.ops.errors import ApplicationError
from apps.workflows.analysis.graph import PLATFORMS
from apps.workflows.analysis.scoring import GRADES
from apps.workflows.models import Workflow
from apps.workflows.platforms.loading import documents
from apps.workflows.selectors import (
    analyses_for,
    versions_of,
    workflow_find,
    workflows_filtered,
    workflows_for,
)
from apps.workflows.services import workflow_analyse
from apps.workflows.views.bringing import bring_in
from apps.workflows.views.doors import account_page, page_of, refused, show
from apps.workflows.views.trial import given_in

ORDERINGS = (
    ("-updatedAt", "Last changed"),
    ("healthScore", "Worst score"),
    ("-healthScore", "Best score"),
    ("name", "Name"),
)
#: Points of a trend line.
LONGEST_TREND = 20


@require_http_methods(["GET", "HEAD", "POST"])
@account_page
def workflows(request: HttpRequest, me: Membership) -> HttpResponse:
    if request.method != "POST":
        return _list(request, me)
    try:
        given = given_in(request)
        brought = bring_in(me, documents(given.data, given.name))
    except ApplicationError as wrong:
        return _list(request, me, refused(request, wrong), wrong.status)
    for sentence in brought.faults:
        messages.error(request, sentence)
    messages.success(request, brought.sentence)
    return HttpResponseRedirect(brought.address)


def _list(request: HttpRequest, me: Membership, error: str = "", status: int = 200) -> HttpResponse:
    asked = {
        "search": request.GET.get("search", "").replace("\x00", "")[:200],
        "platform": _one_of(request.GET.get("platform"), PLATFORMS),
        "grade": _one_of(request.GET.get("grade"), [name for _, name in GRADES]),
        "ordering": _one_of(request.GET.get("ordering"), [key for key, _ in ORDERINGS])
        or ORDERINGS[0][0],
    }
    found = workflows_filtered(
        me.account,
        search=asked["search"],
        platform=asked["platform"] or None,
        grade=asked["grade"] or None,
        ordering=asked["ordering"],
    )
    page = page_of(request, found)
    rows = list(page.object_list)
    trends = _trends(me.account, rows)
    shown = {
        "page": page,
        "rows": [(row, trends.get(row.pk, [])) for row in rows],
        "asked": asked,
        "narrowed": any(asked[name] for name in ("search", "platform", "grade")),
        "any": bool(rows) or workflows_for(me.account).exists(),
        "platforms": PLATFORMS,
        "grades": [name for _, name in GRADES],
        "orderings": ORDERINGS,
        "connected": connections_for(me.account).exists(),
        "error": error,
    }
    return show(request, "workflows", shown, area="workflows", status=status)


def _one_of(value: str | None, known: Sequence[str]) -> str:
    return value if value is not None and value in known else ""


def _trends(account: Account, rows: Sequence[Workflow]) -> Mapping[UUID, list[int]]:
    """The last scores of each workflow, oldest first."""
    found = analyses_for(account).filter(workflow__in=rows, health_score__isnull=False)
    trends: dict[Any, list[int]] = {}
    for workflow, score in found.values_list("workflow_id", "health_score"):
        scores = trends.setdefault(workflow, [])
        if len(scores) < LONGEST_TREND:
            scores.insert(0, score or 0)
    return trends


@require_safe
@account_page
def workflow(request: HttpRequest, me: Membership, workflow: UUID) -> HttpResponse:
    found = workflow_find(me.account, workflow)
    history = page_of(
        request, analyses_for(me.account).filter(workflow=found).defer("findings", "result")
    )
    shown = {
        "workflow": found,
        "versions": list(versions_of(found)[:50]),
        "page": history,
        "analyses": list(history.object_list),
        "trend": _trends(me.account, [found]).get(found.pk, []),
    }
    return show(request, "workflow", shown, area="workflows")


@require_POST
@account_page
def analyse(request: HttpRequest, me: Membership, workflow: UUID) -> HttpResponse:
    """What the workflow is now, once more: rules and lists may have changed."""
    analysis = workflow_analyse(workflow=workflow_find(me.account, workflow), user=me.user)
    return HttpResponseRedirect(f"/analysis/{analysis.pk}")
