"""Scans: everything once, whatever stops them."""

import datetime

import pytest
from django.core import mail
from django.utils import timezone

from apps.ops.errors import ApplicationError
from apps.ops.jobs import Job
from apps.ops.jobs.running import run
from apps.workflows.models import Analysis, Scan, ScanItem, Workflow, WorkflowVersion
from apps.workflows.selectors import scan_row
from apps.workflows.services import (
    Listed,
    scan_cancel,
    scan_create,
    scan_finish,
    scan_groups,
    scan_plan,
    scans,
    scans_settle,
    workflow_analyse,
    workflow_from_listing,
)
from tests.workflows.services.scanning import bring

pytestmark = pytest.mark.django_db


def test_scan_analyses_everything_in_the_account(scan, pro, workflows):
    made = scan(pro)
    assert (made.state, made.total, made.done, made.failed) == ("done", 3, 3, 0)
    assert made.started_at
    assert made.finished_at
    assert Analysis.objects.filter(origin="scan").count() == 3
    assert {item.analysis.workflow_id for item in ScanItem.objects.all() if item.analysis} == {
        each.pk for each in workflows
    }
    [account] = made.summary["accounts"]
    scores = [score or 0 for score in Analysis.objects.values_list("health_score", flat=True)]
    assert account["healthScore"] == made.summary["healthScore"] == round(sum(scores) / 3)
    assert sum(account["grades"].values()) == 3
    assert {job.state for job in Job.objects.all()} == {"done"}


def test_scan_finds_what_a_single_analysis_finds_and_what_only_all_together_show(scan, pro):
    single = {}
    for number in range(2):
        workflow = bring(pro, "medium", number)
        single[workflow.pk] = workflow_analyse(workflow=workflow)
    scan(pro)
    for analysis in Analysis.objects.filter(origin="scan"):
        assert analysis.workflow_id
        before = single[analysis.workflow_id]
        alone = {issue["fingerprint"] for issue in before.findings["issues"]}
        together = {issue["fingerprint"] for issue in analysis.findings["issues"]}
        assert alone <= together
        unchecked = {row["ruleId"] for row in analysis.result["notChecked"]}
        assert unchecked < {row["ruleId"] for row in before.result["notChecked"]}


def test_empty_account_is_scanned_at_once(scan, pro):
    made = scan(pro)
    assert (made.state, made.total) == ("done", 0)
    assert made.summary["healthScore"] is None


def test_workflow_without_steps_is_counted_apart(scan, pro, workflows):
    rows = [Listed("w1", "Only a name")]
    workflow_from_listing(
        account=pro, platform="highlevel", source=Workflow.Source.HIGHLEVEL, rows=rows
    )
    made = scan(pro)
    assert (made.total, made.failed) == (3, 0)
    assert made.summary["accounts"][0]["withoutSteps"] == 1


def test_definition_that_cannot_be_read_fails_alone(scan, pro, workflows):
    WorkflowVersion.objects.filter(workflow=workflows[0]).update(definition='{"hello": 1}')
    made = scan(pro)
    assert (made.state, made.done, made.failed) == ("done", 2, 1)
    [fault] = made.summary["faults"]
    assert fault["workflowId"] == str(workflows[0].pk)
    assert fault["message"]


def test_scan_in_which_nothing_could_be_read_has_failed(scan, pro, workflows):
    WorkflowVersion.objects.update(definition="[]")
    assert scan(pro).state == "failed"


def test_free_plan_has_no_scans(account):
    with pytest.raises(ApplicationError) as refused:
        scan_create(account=account)
    assert refused.value.code == "plan_limit"


def test_second_scan_while_one_runs_is_the_same(pro, workflows):
    assert scan_create(account=pro).pk == scan_create(account=pro).pk
    assert Job.objects.count() == 1


def test_large_account_is_taken_in_chunks(scan, pro, monkeypatch):
    monkeypatch.setattr(scans, "MOST_TOGETHER", 2)
    monkeypatch.setattr(scans, "CHUNK", 2)
    monkeypatch.setattr(scan_groups, "BATCH", 1)
    for number in range(5):
        bring(pro, "medium", number)
    made = scan(pro)
    assert (made.state, made.done) == ("done", 5)
    assert Job.objects.filter(kind="scans.group").count() == 3
    assert Job.objects.filter(kind="scans.finish").count() == 1


def test_crash_in_the_middle_does_nothing_twice(pro, monkeypatch):
    monkeypatch.setattr(scan_groups, "BATCH", 2)
    for number in range(6):
        bring(pro, "medium", number)
    made = scan_create(account=pro)
    scan_plan(made.pk)
    group = Job.objects.get(kind="scans.group")
    write, calls = scan_groups._write, []

    def breaking(scan, batch):
        calls.append(len(batch))
        if len(calls) == 2:
            raise ConnectionError("the worker lost the database")
        write(scan, batch)

    monkeypatch.setattr(scan_groups, "_write", breaking)
    run(group.pk)
    made.refresh_from_db()
    assert (made.done, Analysis.objects.count()) == (2, 2)
    Job.objects.filter(pk=group.pk).update(run_at=timezone.now())
    run(group.pk)
    made.refresh_from_db()
    assert (made.done, made.failed, Analysis.objects.count()) == (6, 0, 6)
    assert calls == [2, 2, 2, 2]


def test_two_workers_with_the_same_group_write_it_once(pro):
    for number in range(3):
        bring(pro, "medium", number)
    made = scan_create(account=pro)
    scan_plan(made.pk)
    items = list(ScanItem.objects.select_related("workflow", "version", "account"))
    made.refresh_from_db()
    batch = list(scan_groups._look(made, items))
    scan_groups._write(made, batch)
    scan_groups._write(made, batch)
    made.refresh_from_db()
    assert (made.done, Analysis.objects.count()) == (3, 3)


def test_plan_and_finish_happen_once(scan, pro, workflows):
    made = scan(pro)
    scan_plan(made.pk)
    scan_finish(made.pk)
    assert ScanItem.objects.count() == 3
    assert len(mail.outbox) == 0


def test_cancelled_scan_stops_and_keeps_what_it_has(
    pro, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(scan_groups, "BATCH", 1)
    for number in range(4):
        bring(pro, "medium", number)
    made = scan_create(account=pro)
    scan_plan(made.pk)
    write = scan_groups._write

    def cancelling(scan, batch):
        write(scan, batch)
        scan_cancel(made)

    monkeypatch.setattr(scan_groups, "_write", cancelling)
    group = Job.objects.get(kind="scans.group")
    run(group.pk)
    made.refresh_from_db()
    assert (made.state, made.done, Analysis.objects.count()) == ("cancelled", 1, 1)
    assert Job.objects.get(pk=group.pk).state == "done"
    scan_cancel(made)  # once more changes nothing


def test_scan_that_is_over_cannot_be_cancelled(scan, pro):
    with pytest.raises(ApplicationError) as refused:
        scan_cancel(scan(pro))
    assert refused.value.code == "conflict"


def test_time_left_follows_from_the_pace(pro):
    begun = timezone.now() - datetime.timedelta(seconds=10)
    made = Scan.objects.create(account=pro, state="running", total=100, done=20, failed=5,
                               started_at=begun)  # fmt: skip
    assert 29 < scan_row(made)["etaSeconds"] < 40
    made.done = made.failed = 0
    assert scan_row(made)["etaSeconds"] is None
    made.state = "done"
    assert scan_row(made)["etaSeconds"] is None


def test_scan_whose_work_was_given_up_ends(pro, django_capture_on_commit_callbacks):
    for number in range(2):
        bring(pro, "medium", number)
    made = scan_create(account=pro)
    scan_plan(made.pk)
    assert scans_settle() == 0
    Job.objects.filter(kind="scans.group").update(state="dead")
    Job.objects.filter(kind="scans.plan").update(state="done")
    with django_capture_on_commit_callbacks(execute=True):
        assert scans_settle() == 1
    made.refresh_from_db()
    assert (made.state, made.failed) == ("failed", 2)


def test_scan_that_was_never_planned_ends(pro):
    made = scan_create(account=pro)
    Job.objects.update(state="dead")
    scans_settle()
    made.refresh_from_db()
    assert made.state == "failed"
