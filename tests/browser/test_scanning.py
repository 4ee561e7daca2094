"""Scanning an account: begun by a click, watched without reloading, read when it is done."""

from django.utils import timezone
from playwright.sync_api import expect

from apps.workflows.models import Scan
from tests.browser.watching import barriers


def test_scan_is_begun_and_shows_its_result(signed_in, alice, pro, analysis):
    page = signed_in(alice, "/scans")
    page.get_by_role("button", name="Scan the account").click()
    expect(page.get_by_text("1 workflow analysed")).to_be_visible(timeout=20_000)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Done")
    assert barriers(page) == []


def test_progress_goes_on_by_itself_until_the_result_is_there(signed_in, alice, pro, analysis):
    scan = Scan.objects.create(
        account=alice.account, created_by=alice.user, state="running", total=10, done=2,
        started_at=timezone.now(),
    )  # fmt: skip
    page = signed_in(alice, f"/scans/{scan.pk}")
    status = page.get_by_role("status")
    expect(status).to_contain_text("2 of 10 workflows")
    assert barriers(page) == []
    Scan.objects.filter(pk=scan.pk).update(done=6, failed=1)
    expect(status).to_contain_text("7 of 10 workflows, 1 failed")
    assert page.get_by_role("progressbar").evaluate("(bar) => bar.value") == 7
    Scan.objects.filter(pk=scan.pk).update(state="cancelled", finished_at=timezone.now())
    expect(page.get_by_text("The scan was cancelled")).to_be_visible()
