"""Scans as they are shown, and what is in reach of one."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from apps.accounts.models import Account, Membership, User
from apps.billing.entitlements import entitlements
from apps.ops.errors import ApplicationError
from apps.workflows.models import Analysis, Scan, ScanItem, Workflow, WorkflowVersion


def scans_for(account: Account, user: User | None) -> QuerySet[Scan]:
    """The account's scans, newest first, and those over several accounts that the user made.

    Of these only such as tell of no account that the user belongs to no more. ``None`` is for who
    acts in the account alone.
    """
    shown = Q(scope=Scan.Scope.ACCOUNT, account=account)
    if user is not None:
        mine = Account.objects.filter(memberships__user=user)
        foreign = ScanItem.objects.filter(scan=OuterRef("pk")).exclude(account__in=mine)
        shown |= Q(~Exists(foreign), scope=Scan.Scope.AGENCY, created_by=user)
    return Scan.objects.filter(shown).order_by("-created_at", "-id")


def scan_find(account: Account, user: User | None, pk: uuid.UUID) -> Scan:
    """One of them. Raises ``not_found``, for another account's too."""
    found = scans_for(account, user).filter(pk=pk).first()
    if found is None:
        raise ApplicationError("not_found", "There is no scan with this id.")
    return found


def accounts_of(scan: Scan) -> list[Account]:
    """The accounts that a scan is about: of an agency those whose plan has scans."""
    if scan.scope == Scan.Scope.ACCOUNT:
        return [scan.account]
    memberships = Membership.objects.filter(user=scan.created_by).exclude(
        role=Membership.Role.VIEWER
    )
    found = Account.objects.filter(memberships__in=memberships).order_by("created_at", "pk")
    return [account for account in found if "scans" in entitlements(account).features]


def workflows_to_scan(account: Account, *, only_changed: bool) -> list[tuple[Any, Any]]:
    """(workflow, newest version) ids of those whose steps are known, in a lasting order."""
    versions = WorkflowVersion.objects.filter(workflow=OuterRef("pk"))
    newest = versions.order_by("-current_since", "-id").values("pk")[:1]
    found = Workflow.objects.filter(account=account).annotate(newest=Subquery(newest))
    found = found.exclude(newest=None)
    if only_changed:
        last = Analysis.objects.filter(workflow=OuterRef("pk")).order_by("-created_at", "-id")
        found = found.annotate(seen=Subquery(last.values("version")[:1]))
        found = found.filter(Q(seen=None) | ~Q(seen=F("newest")))
    return list(found.order_by("created_at", "pk").values_list("pk", "newest"))


def scan_row(scan: Scan) -> dict[str, Any]:
    return {
        "id": str(scan.pk),
        "scope": scan.scope,
        "state": scan.state,
        "total": scan.total,
        "done": scan.done,
        "failed": scan.failed,
        "etaSeconds": _eta(scan),
        "createdAt": scan.created_at,
        "startedAt": scan.started_at,
        "finishedAt": scan.finished_at,
        "summary": scan.summary,
    }


def _eta(scan: Scan) -> float | None:
    """Seconds left at the pace so far; none before there is a pace, or when it is over."""
    settled = scan.done + scan.failed
    if scan.state != Scan.State.RUNNING or scan.started_at is None or not settled:
        return None
    passed = (timezone.now() - scan.started_at).total_seconds()
    return round(max(0.0, passed / settled * (scan.total - settled)), 1)
