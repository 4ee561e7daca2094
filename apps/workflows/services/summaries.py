"""The week of an account in a few numbers, for those who do not look every day."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.db.models import Avg, OuterRef, QuerySet, Subquery, Sum
from django.utils import timezone

from apps.accounts.models import Account, Membership
from apps.ops.notifications import notify
from apps.ops.notifications.email import email_offer
from apps.workflows.analysis.scoring import grade
from apps.workflows.models import Analysis, ScanItem, Workflow

WEEK = datetime.timedelta(days=7)
NAMED = 5


def week_tell(*, account: Account, until: datetime.datetime) -> bool:
    """Tells the owners by mail and the channels that hear of it; False in a week without work."""
    since = until - WEEK
    analyses = Analysis.objects.filter(
        account=account, created_at__gte=since, created_at__lt=until
    ).count()
    if not analyses:
        return False
    context = _context(account, since, until) | {"analyses": analyses}
    owners = Membership.objects.filter(
        account=account, role=Membership.Role.OWNER, user__is_active=True
    )
    with transaction.atomic():
        notify(account.pk, "weekly_summary", context)
        for to in owners.values_list("user__email", flat=True):
            key = f"week:{account.pk}:{until:%Y-%m-%d}:{to}"[:200]
            email_offer("weekly_summary", to=to, context=context, account_id=account.pk, key=key)
    return True


def _context(
    account: Account, since: datetime.datetime, until: datetime.datetime
) -> dict[str, Any]:
    now = _standing(account, until)
    score, before = _mean(now), _mean(_standing(account, since))
    items = ScanItem.objects.filter(
        account=account, analysis__created_at__gte=since, analysis__created_at__lt=until
    )
    found = items.aggregate(new=Sum("new"), fixed=Sum("fixed"))
    worst = now.order_by("health_score", "pk").select_related("workflow")[:NAMED]
    return {
        "account": account.name,
        "score": score,
        "grade": None if score is None else grade(score),
        "before": before,
        "new": found["new"] or 0,
        "fixed": found["fixed"] or 0,
        "worst": [
            {
                "name": each.workflow.name if each.workflow else "",
                "path": f"/analysis/{each.pk}",
                "grade": each.grade,
            }
            for each in worst.defer("result", "findings")
        ],
        "path": "/history",
    }


def _standing(account: Account, moment: datetime.datetime) -> QuerySet[Analysis]:
    """Of each workflow the last analysis before the moment, where it has a score."""
    last = Analysis.objects.filter(workflow=OuterRef("pk"), created_at__lt=moment)
    newest = last.order_by("-created_at", "-id").values("pk")[:1]
    workflows = Workflow.objects.filter(account=account).annotate(last=Subquery(newest))
    return Analysis.objects.filter(pk__in=workflows.values("last")).exclude(health_score=None)


def _mean(analyses: QuerySet[Analysis]) -> int | None:
    """Rounded half up, as the account's score is."""
    value = analyses.aggregate(mean=Avg("health_score"))["mean"]
    return None if value is None else int(float(value) + 0.5)


def start_of_week(moment: datetime.datetime | None = None) -> datetime.datetime:
    """Midnight UTC of the last Monday."""
    day = (moment or timezone.now()).astimezone(datetime.UTC)
    monday = day - datetime.timedelta(days=day.weekday())
    return monday.replace(hour=0, minute=0, second=0, microsecond=0)
