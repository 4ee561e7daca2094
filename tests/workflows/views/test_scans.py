"""Scans on pages."""

import pytest

from apps.workflows.models import Analysis, Scan
from tests.workflows.views.conftest import browser


@pytest.fixture
def scanned(owner, analysis, pro, django_capture_on_commit_callbacks) -> Scan:
    """A scan that is done: without a broker its jobs run when the request's work is kept."""
    with django_capture_on_commit_callbacks(execute=True):
        answer = owner.post("/scans")
    scan = Scan.objects.get()
    assert answer["Location"] == f"/scans/{scan.pk}"
    return scan


def test_scan_is_begun_and_its_result_shown(owner, scanned):
    assert Analysis.objects.count() == 2
    page = owner.get(f"/scans/{scanned.pk}").content.decode()
    assert "1 workflow analysed" in page
    assert "data-scan" not in page
    assert "0 new" in page
    listed = owner.get("/scans").content.decode()
    assert f'href="/scans/{scanned.pk}"' in listed
    assert "1 of 1" in listed


def test_scan_that_runs_shows_its_progress_and_looks_again_without_javascript(owner, alice, pro):
    scan = Scan.objects.create(account=alice.account, state="running", total=10, done=3, failed=1)
    page = owner.get(f"/scans/{scan.pk}").content.decode()
    assert "4 of 10 workflows, 1 failed" in page
    assert 'http-equiv="refresh"' in page
    assert "Cancel" in page


def test_scan_is_cancelled_once(owner, alice, pro):
    scan = Scan.objects.create(account=alice.account, state="running", total=10)
    assert owner.post(f"/scans/{scan.pk}/cancel").status_code == 302
    assert "was cancelled" in owner.get(f"/scans/{scan.pk}").content.decode()
    Scan.objects.filter(pk=scan.pk).update(state="done")
    assert owner.post(f"/scans/{scan.pk}/cancel").status_code == 409


def test_second_click_leads_to_the_scan_that_runs(owner, alice, pro):
    scan = Scan.objects.create(account=alice.account, state="running", total=10)
    assert owner.post("/scans")["Location"] == f"/scans/{scan.pk}"


def test_free_plan_has_no_scans_and_says_so(owner, analysis):
    answer = owner.post("/scans")
    assert answer.status_code == 402
    assert "Part of the Pro plan" in answer.content.decode()
    assert not Scan.objects.exists()


def test_viewer_watches_and_begins_nothing(viewer, alice, pro):
    scan = Scan.objects.create(account=alice.account, state="running", total=10)
    assert "Cancel" not in viewer.get(f"/scans/{scan.pk}").content.decode()
    assert "Scan the account" not in viewer.get("/scans").content.decode()
    assert viewer.post("/scans").status_code == 403


def test_failed_scan_says_what_to_do(owner, alice, pro):
    scan = Scan.objects.create(account=alice.account, state="failed")
    assert "Begin another one" in owner.get(f"/scans/{scan.pk}").content.decode()


def test_summary_with_hostile_names_is_only_text(owner, alice, pro):
    name = "<script>alert(1)</script>\u202e"
    row = {
        "workflowId": str(alice.account.pk), "analysisId": str(alice.account.pk), "name": name,
        "healthScore": 1, "grade": "Critical", "gradeBefore": "Good", "new": 2, "newCritical": 1,
    }  # fmt: skip
    summary = {
        "accounts": [], "healthScore": None, "grade": None, "new": 0, "fixed": 0, "unchanged": 0,
        "worse": [row], "faults": [row | {"message": name}],
    }  # fmt: skip
    scan = Scan.objects.create(account=alice.account, state="done", summary=summary)
    page = owner.get(f"/scans/{scan.pk}").content.decode()
    assert "<script>alert" not in page
    assert "\u202e" not in page


def test_program_is_told_of_the_missing_sign_in(db):
    assert browser().post("/scans", HTTP_ACCEPT="*/*").status_code == 401
