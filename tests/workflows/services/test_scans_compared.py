"""Scans: what is new, fixed and worse, who is told, and which are made by night."""

import uuid

import pytest
from django.core import mail
from django.utils import timezone

from apps.accounts.models import Account, Membership
from apps.billing.models import Subscription
from apps.ops.jobs import Job
from apps.ops.notifications import channels
from apps.ops.notifications.models import Notice
from apps.workflows import tasks
from apps.workflows.models import Analysis, Scan, WorkflowVersion
from apps.workflows.selectors import scans_for
from apps.workflows.services import (
    suppression_create,
    workflow_analyse,
)
from tests.workflows.services.scanning import bring

pytestmark = pytest.mark.django_db


def test_findings_are_compared_with_the_analysis_before(scan, pro, workflows):
    assert (scan(pro).summary["new"], scan(pro).summary["new"]) == (0, 0)
    again = scan(pro).summary
    assert again["unchanged"] > 0
    critical = workflows[0]
    first = Analysis.objects.filter(workflow=critical).latest("created_at")
    kept = {**first.findings, "issues": first.findings["issues"][2:]}
    gone = [{**first.findings["issues"][0], "fingerprint": "gone"}]
    kept["issues"] = [*kept["issues"], *gone]
    Analysis.objects.filter(pk=first.pk).update(findings=kept, grade="Good")
    made = scan(pro).summary
    assert (made["new"], made["fixed"]) == (2, 1)
    [worse] = made["worse"]
    assert (worse["gradeBefore"], worse["grade"], worse["newCritical"]) == ("Good", "Critical", 2)


def test_channels_hear_of_what_got_worse_and_of_the_end(scan, pro, workflows, settings):
    kinds = ["workflow_worse", "new_critical", "scan_finished"]
    row = {"name": "x", "url": "https://hooks.example.org/x", "kinds": kinds, "frequency": "daily"}
    channels.channels_replace(account_id=pro.pk, rows=[row], members=[])
    scan(pro)
    assert set(Notice.objects.values_list("kind", flat=True)) == {"scan_finished"}
    last = Analysis.objects.filter(workflow=workflows[0]).latest("created_at")
    Analysis.objects.filter(pk=last.pk).update(findings={"issues": []}, grade="Good")
    scan(pro)
    assert set(Notice.objects.values_list("kind", flat=True)) == set(kinds)
    assert Notice.objects.filter(kind="workflow_worse").count() == 1


def test_who_began_it_gets_a_mail(scan, pro, alice, workflows):
    scan(pro, user=alice.user)
    [sent] = mail.outbox
    assert sent.to == [alice.user.email]
    assert sent.subject.startswith("Scan of Alice's agency: 3 workflows")


def test_scan_ends_though_its_maker_has_no_address(scan, pro, alice, workflows):
    alice.user.email = "location-owner"
    alice.user.save()
    assert scan(pro, user=alice.user).state == "done"
    assert mail.outbox == []


def test_silenced_findings_stay_silenced(scan, pro, workflows):
    scan(pro)
    found = Analysis.objects.filter(workflow=workflows[0]).latest("created_at")
    issue = found.findings["issues"][0]
    suppression_create(account=pro, reason="known", fingerprint=issue["fingerprint"])
    scan(pro)
    latest = Analysis.objects.filter(workflow=workflows[0]).latest("created_at")
    assert issue["fingerprint"] in {each["fingerprint"] for each in latest.findings["suppressed"]}


def test_agency_is_every_account_where_its_maker_may_write_and_the_plan_has_scans(
    scan, pro, alice, workflows
):
    for name, role, plan in [
        ("a", "member", "pro"),
        ("b", "viewer", "pro"),
        ("c", "owner", "free"),
    ]:
        account = Account.objects.create(name=name)
        Membership.objects.create(user=alice.user, account=account, role=role)
        Subscription.objects.create(account=account, plan=plan, state="active")
        bring(account, "medium", 7)
    made = scan(pro, user=alice.user, scope="agency")
    assert (made.state, made.done) == ("done", 4)
    assert [each["name"] for each in made.summary["accounts"]] == ["Alice's agency", "a"]
    assert made.summary["healthScore"] is None


def test_scan_of_an_agency_is_seen_by_its_maker_alone(scan, pro, alice, bob):
    made = scan(pro, user=alice.user, scope="agency")
    assert list(scans_for(pro, alice.user)) == [made]
    assert list(scans_for(pro, bob.user)) == []


def test_night_takes_only_what_changed(pro, workflows, django_capture_on_commit_callbacks):
    def night() -> int:
        before = Analysis.objects.count()
        with django_capture_on_commit_callbacks(execute=True):
            tasks.scan_by_night(Job())
        return Analysis.objects.count() - before

    assert night() == 3
    assert night() == 0
    workflow_analyse(workflow=workflows[0])
    assert night() == 0
    version = WorkflowVersion.objects.get(workflow=workflows[1])
    version.pk = uuid.uuid4()
    version.content_hash, version.current_since = "changed", timezone.now()
    version.save(force_insert=True)
    assert night() == 1


def test_night_leaves_the_free_plan_alone(account, django_capture_on_commit_callbacks):
    bring(account, "medium")
    tasks.scan_by_night(Job())
    assert not Scan.objects.exists()


def test_scan_of_an_agency_is_gone_for_who_has_left_one_of_its_accounts(scan, pro, alice):
    other = Account.objects.create(name="other")
    membership = Membership.objects.create(user=alice.user, account=other, role="member")
    Subscription.objects.create(account=other, plan="pro", state="active")
    bring(other, "medium", 7)
    made = scan(pro, user=alice.user, scope="agency")
    assert list(scans_for(pro, alice.user)) == [made]
    assert list(scans_for(pro, None)) == []
    membership.delete()
    assert list(scans_for(pro, alice.user)) == []
