"""A scan from its beginning to its summary; what lies between is in `scan_groups`."""

from __future__ import annotations

import uuid
from collections import Counter
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, F, Q, Sum
from django.utils import timezone

from apps.accounts.models import Account, User
from apps.billing.entitlements import require
from apps.ops.errors import ApplicationError
from apps.ops.jobs import Job, enqueue
from apps.ops.notifications import notify
from apps.ops.notifications.email import email_offer
from apps.workflows.analysis.scoring import GRADES, grade
from apps.workflows.models import Scan, ScanItem, Workflow
from apps.workflows.selectors import accounts_of, workflows_to_scan

#: So many workflows are looked at together, each knowing the others: the rules about an account
#: see all of it. A larger one is taken in chunks, without these rules, to bound the memory.
MOST_TOGETHER = 1000
CHUNK = 250
#: Workflows that got worse: named in the summary, told one by one.
NAMED, TOLD = 50, 10


def scan_create(
    *,
    account: Account,
    user: User | None = None,
    scope: str = Scan.Scope.ACCOUNT,
    only_changed: bool = False,
) -> Scan:
    """Begins a scan in the background, or returns the one that already runs.

    Raises `plan_limit` where the plan has no scans.
    """
    require(account, "scans")
    kept: dict[str, Any] = {"scope": scope, "only_changed": only_changed}
    same = {
        **kept,
        **({"created_by": user} if scope == Scan.Scope.AGENCY else {"account": account}),
    }
    while True:
        try:
            with transaction.atomic():
                scan = Scan.objects.create(account=account, created_by=user, **kept)
                enqueue("scans.plan", payload={"scan": scan.pk}, account_id=account.pk,
                        key=f"{scan.pk}:plan")  # fmt: skip
                return scan
        except IntegrityError:
            running = Scan.objects.filter(state__in=Scan.OPEN, **same).first()
            if running is not None:
                return running
            # It was done between the two statements.


def scan_cancel(scan: Scan) -> None:
    """What has been analysed stays. Raises `conflict` for a scan that is over."""
    changed = Scan.objects.filter(pk=scan.pk, state__in=Scan.OPEN).update(
        state=Scan.State.CANCELLED, finished_at=timezone.now()
    )
    if not changed and Scan.objects.get(pk=scan.pk).state != Scan.State.CANCELLED:
        raise ApplicationError("conflict", "This scan is over.")


def scan_plan(scan_id: uuid.UUID) -> None:
    """Writes down what is to be done and hands it out; a second call finds it done."""
    with transaction.atomic():
        now = timezone.now()
        queued = Scan.objects.filter(pk=scan_id, state=Scan.State.QUEUED)
        if not queued.update(state=Scan.State.RUNNING, started_at=now):
            return
        scan = Scan.objects.select_related("account").get(pk=scan_id)
        items = _items(scan)
        ScanItem.objects.bulk_create(items, batch_size=500)
        Scan.objects.filter(pk=scan_id).update(total=len(items))
        for group in sorted({item.group for item in items}):
            enqueue(
                "scans.group",
                payload={"scan": scan_id, "group": group},
                account_id=scan.account_id,
                key=f"{scan_id}:{group}",
            )
        if not items:
            finish_after_commit(scan)


def _items(scan: Scan) -> list[ScanItem]:
    items: list[ScanItem] = []
    group = -1
    for account in accounts_of(scan):
        found = workflows_to_scan(account, only_changed=scan.only_changed)
        size = len(found) if len(found) <= MOST_TOGETHER else CHUNK
        for number, (workflow, version) in enumerate(found):
            group += number % size == 0
            item = ScanItem(scan=scan, account=account, workflow_id=workflow, group=group)
            item.version_id = version
            items.append(item)
    return items


def finish_after_commit(scan: Scan) -> None:
    """The job that ends a scan; the last group enqueues it, several may."""
    enqueue("scans.finish", payload={"scan": scan.pk}, account_id=scan.account_id,
            key=f"{scan.pk}:finish")  # fmt: skip


def scan_finish(scan_id: uuid.UUID) -> None:
    """Sums up and tells, once, when nothing is left to be done."""
    scan = Scan.objects.select_related("account", "created_by").get(pk=scan_id)
    if scan.state != Scan.State.RUNNING:
        return
    if ScanItem.objects.filter(scan=scan, state=ScanItem.State.QUEUED).exists():
        return
    summary = _summary(scan)
    state = Scan.State.FAILED if scan.total and scan.failed == scan.total else Scan.State.DONE
    with transaction.atomic():
        running = Scan.objects.filter(pk=scan.pk, state=Scan.State.RUNNING)
        if running.update(state=state, summary=summary, finished_at=timezone.now()):
            _tell(scan, summary)


def scans_settle() -> int:
    """Ends scans of whose work nothing is left to hope for: its jobs are dead or were discarded."""
    ended = 0
    for scan in Scan.objects.filter(state__in=Scan.OPEN):
        jobs = Job.objects.filter(kind__startswith="scans.", key__startswith=f"{scan.pk}:")
        if jobs.filter(state__in=Job.UNFINISHED).exists():
            continue
        with transaction.atomic():
            left = ScanItem.objects.filter(scan=scan, state=ScanItem.State.QUEUED)
            count = left.update(state=ScanItem.State.FAILED, error="The analysis was given up.")
            mine = Scan.objects.filter(pk=scan.pk, state=scan.state)
            if scan.state == Scan.State.QUEUED or jobs.filter(kind="scans.finish").exists():
                mine.update(state=Scan.State.FAILED, finished_at=timezone.now())
            else:
                mine.update(failed=F("failed") + count)
                finish_after_commit(scan)
        ended += 1
    return ended


def _summary(scan: Scan) -> dict[str, Any]:
    items = ScanItem.objects.filter(scan=scan)
    counts = items.aggregate(*(Sum(each) for each in ("new", "fixed", "unchanged")))
    worse = list(_worse(items)[:NAMED])
    accounts = [_account(scan, account) for account in accounts_of(scan)]
    return {
        "accounts": accounts,
        "healthScore": accounts[0]["healthScore"] if len(accounts) == 1 else None,
        "grade": accounts[0]["grade"] if len(accounts) == 1 else None,
        "new": counts["new__sum"] or 0,
        "fixed": counts["fixed__sum"] or 0,
        "unchanged": counts["unchanged__sum"] or 0,
        "worse": [_named(item) for item in worse],
        "faults": [
            {"workflowId": str(item.workflow_id), "name": item.workflow.name, "message": item.error}
            for item in items.filter(state=ScanItem.State.FAILED).select_related("workflow")[:NAMED]
        ],
    }


def _worse(items: Any) -> Any:
    """Whose grade fell, or that have a new critical finding; the gravest first."""
    names = [name for _, name in GRADES]
    fell = Q()
    for place, before in enumerate(names):
        fell |= Q(grade_before=before, analysis__grade__in=names[place + 1 :])
    return (
        items.filter(fell | Q(new_critical__gt=0))
        .select_related("workflow", "analysis")
        .defer("analysis__result", "analysis__findings")
        .order_by("-new_critical", "analysis__health_score", "pk")
    )


def _named(item: ScanItem) -> dict[str, Any]:
    score, now = (item.analysis.health_score, item.analysis.grade) if item.analysis else (None, "")
    return {
        "workflowId": str(item.workflow_id),
        "analysisId": str(item.analysis_id),
        "name": item.workflow.name,
        "healthScore": score,
        "grade": now or None,
        "gradeBefore": item.grade_before or None,
        "new": item.new,
        "newCritical": item.new_critical,
    }


def _account(scan: Scan, account: Account) -> dict[str, Any]:
    """The account's standing: the mean of its workflows' last scores, and each category's."""
    items = ScanItem.objects.filter(scan=scan, account=account)
    scored = items.exclude(analysis__health_score=None)
    rows = scored.values_list(
        "analysis__health_score", "analysis__grade", "analysis__result__categories"
    )
    scores: list[int] = []
    grades, sums = Counter[str](), dict[str, list[int]]()
    for score, name, categories in rows.iterator(chunk_size=1000):
        scores.append(score or 0)
        grades[name] += 1
        for category, value in categories.items():
            sums.setdefault(category, [])
            if value is not None:
                sums[category].append(value)
    whole = _mean(scores)
    found = items.aggregate(
        done=Count("pk", filter=Q(state="done")), failed=Count("pk", filter=Q(state="failed"))
    )
    skipped = Workflow.objects.filter(account=account, versions__isnull=True).count()
    return {
        "id": str(account.pk),
        "name": account.name,
        "healthScore": whole,
        "grade": None if whole is None else grade(whole),
        "categories": {category: _mean(values) for category, values in sorted(sums.items())},
        "grades": {name: grades[name] for _, name in GRADES},
        **found,
        "withoutSteps": skipped,
    }


def _mean(values: list[int]) -> int | None:
    """Rounded half up, as the account's score is."""
    return (2 * sum(values) + len(values)) // (2 * len(values)) if values else None


def _tell(scan: Scan, summary: dict[str, Any]) -> None:
    name = scan.account.name
    context = {
        "account": name, "done": scan.done, "failed": scan.failed, "score": summary["healthScore"],
        "grade": summary["grade"], "new": summary["new"], "fixed": summary["fixed"],
        "path": f"/scans/{scan.pk}",
    }  # fmt: skip
    if not scan.only_changed:
        notify(scan.account_id, "scan_finished", context)
        if scan.created_by is not None:
            worse = [_mailed(each) for each in summary["worse"][:TOLD]]
            email_offer(
                "scan_finished",
                to=scan.created_by.email,
                context={**context, "worse": worse},
                account_id=scan.account_id,
                key=str(scan.pk),
            )
    items = _worse(ScanItem.objects.filter(scan=scan))
    for item in items[:TOLD]:
        _tell_worse(item)


def _mailed(row: dict[str, Any]) -> dict[str, Any]:
    path = f"/analysis/{row['analysisId']}"
    return {**row, "path": path, "before": row["gradeBefore"]}


def _tell_worse(item: ScanItem) -> None:
    row = _named(item)
    context = {
        "name": row["name"], "before": row["gradeBefore"], "grade": row["grade"],
        "score": row["healthScore"], "new": row["new"], "newCritical": row["newCritical"],
        "path": f"/analysis/{row['analysisId']}",
    }  # fmt: skip
    if row["newCritical"]:
        notify(item.account_id, "new_critical", {**context, "title": _title(item)})
    if row["gradeBefore"] and row["gradeBefore"] != row["grade"]:
        notify(item.account_id, "workflow_worse", context)


def _title(item: ScanItem) -> str:
    found = item.analysis
    issues = found.findings.get("issues", []) if found else []
    return next((each["title"] for each in issues if each["severity"] == "critical"), "")
