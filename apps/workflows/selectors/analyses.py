"""Analyses as the account's plan shows them."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from apps.accounts.models import Account
from apps.billing.entitlements import entitlements
from apps.billing.plans import Plan
from apps.workflows.models import Analysis

UPGRADE_URL = "/settings/plan"


def analyses_for(account: Account) -> QuerySet[Analysis]:
    """The account's analyses within its plan's history, newest first."""
    days = entitlements(account).history_days
    since = timezone.now() - datetime.timedelta(days=days)
    return Analysis.objects.filter(account=account, created_at__gte=since).order_by(
        "-created_at", "-id"
    )


def analyses_filtered(
    account: Account,
    *,
    workflow: uuid.UUID | None = None,
    version: uuid.UUID | None = None,
    since: datetime.datetime | None = None,
    grade: str | None = None,
) -> QuerySet[Analysis]:
    found = analyses_for(account)
    if workflow is not None:
        found = found.filter(workflow_id=workflow)
    if version is not None:
        found = found.filter(version_id=version)
    if since is not None:
        found = found.filter(created_at__gte=since)
    return found.filter(grade=grade) if grade is not None else found


def test_analyses() -> QuerySet[Analysis]:
    """What the test endpoints analysed, newest first."""
    return Analysis.objects.filter(origin=Analysis.Origin.TEST).order_by("-created_at", "-id")


def analysis_shown(analysis: Analysis, plan: Plan | None) -> dict[str, Any]:
    """An analysis as the plan shows it; without a plan everything is shown.

    Score, grade and summary always count every issue.
    """
    issues = analysis.findings["issues"]
    return {**analysis_row(analysis, plan), "issues": issues[: plan.issues_shown if plan else None]}


def analysis_row(analysis: Analysis, plan: Plan | None) -> dict[str, Any]:
    """An analysis without its issues, for lists."""
    found = analysis.result["summary"]["total"]
    shown = found if plan is None or plan.issues_shown is None else plan.issues_shown
    hidden = max(0, found - shown)
    return {
        "analysisId": str(analysis.id),
        **analysis.result,
        "hiddenIssues": hidden,
        "upgrade": upgrade(hidden) if hidden else None,
        "createdAt": analysis.created_at,
    }


def upgrade(hidden: int) -> dict[str, str]:
    more = "1 more issue" if hidden == 1 else f"{hidden} more issues"
    return {"message": f"The Pro plan shows the {more} found here.", "url": UPGRADE_URL}
