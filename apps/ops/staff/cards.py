"""What this app itself shows: jobs, alerts, and what a request caused."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q
from django.urls import reverse

from apps.ops.jobs.selectors import workers_report
from apps.ops.metrics import machines, summary
from apps.ops.models import Alert, AuditEntry, Job
from apps.ops.staff.dashboard import Card, card
from apps.ops.staff.search import as_uuid, searcher


@searcher("Jobs", permission="ops.view_job")
def jobs(query: str) -> Iterable[Job]:
    if not as_uuid(query):
        return []
    found = Q(pk=query) | Q(request_id=query) | Q(account_id=query)
    return Job.objects.filter(found).order_by("-created_at")


@searcher("Trail", permission="ops.view_auditentry")
def trail(query: str) -> Iterable[AuditEntry]:
    found = Q(target_id=query) | Q(request_id=query) | Q(actor__iexact=query)
    return AuditEntry.objects.filter(found).order_by("-at")


@card("Queues", permission="ops.view_job", order=20)
def queues() -> Card:
    report = workers_report()
    waiting = sum(each["depth"] for each in report["queues"])
    oldest = max(each["oldestAgeSeconds"] for each in report["queues"])
    dead = report["jobs"]["dead"]
    note = f"the oldest for {oldest:.0f} s; {dead} given up; {report['workers']['alive']} workers"
    url = reverse("admin:ops_job_changelist")
    return Card(f"{waiting} wait", note, url=url, bad=bool(dead))


@card("Failed requests", permission="ops.view_alert", order=15)
def failed_requests() -> Card:
    """Of the whole service, since its processes began."""
    told = summary.performance(machines.figures())
    failed = round(told["errorRate"] * told["totalRequests"])
    p95 = told["responseTime"]["p95"]
    note = f"of {told['totalRequests']} since the start; one in twenty takes over {p95:.0f} ms"
    return Card(str(failed), note, url="/api/monitoring/endpoints", bad=bool(failed))


@card("Alerts", permission="ops.view_alert", order=25)
def alerts() -> Card:
    firing = list(
        Alert.objects.filter(firing=True).order_by("since").values_list("name", flat=True)
    )
    url = reverse("admin:ops_alert_changelist")
    return Card(str(len(firing)), ", ".join(firing) or "all is quiet", url=url, bad=bool(firing))
