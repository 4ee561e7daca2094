"""A scan on real workers that are killed in the middle of it."""

import pytest

from apps.billing.models import Subscription
from apps.ops.jobs import Job
from apps.workflows.models import Analysis, Scan, ScanItem
from apps.workflows.services import scan_create
from tests.ops.jobs.workers import workers_on
from tests.servers import until
from tests.workflows.services.scanning import bring

WORKFLOWS = 300


@pytest.mark.django_db(transaction=True)
def test_scan_goes_on_after_its_workers_were_killed(own_redis, account):
    Subscription.objects.create(account=account, plan="pro", state="active")
    for number in range(WORKFLOWS):
        bring(account, "medium", number)
    with workers_on(own_redis.url) as workers:
        scan = begin(account)
        for done in (1, 101):
            workers.start(concurrency=1)
            until(lambda done=done: Scan.objects.get(pk=scan.pk).done >= done, 60)
            workers.kill(workers.running[0])
        workers.start(concurrency=1)
        until(lambda: Scan.objects.get(pk=scan.pk).state == "done", 60)
    scan.refresh_from_db()
    assert (scan.total, scan.done, scan.failed) == (WORKFLOWS, WORKFLOWS, 0)
    analysed = Analysis.objects.filter(origin="scan").values("workflow").distinct()
    assert analysed.count() == Analysis.objects.filter(origin="scan").count() == WORKFLOWS
    assert set(ScanItem.objects.values_list("state", flat=True)) == {"done"}


def begin(account) -> Scan:
    """As a request would, but that its jobs are left to workers."""
    from apps.ops.jobs import dispatch

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dispatch, "dispatch", lambda jobs: None)
        scan = scan_create(account=account)
    Job.objects.update(dispatched_at=None)
    return scan
