"""Staff in the browser: the second factor, the figures of today, the box, a deed with a reason."""

from __future__ import annotations

import re

import pytest
from django_otp.plugins.otp_totp.models import TOTPDevice
from playwright.sync_api import Page, expect

from apps.accounts.models import User
from apps.ops.models import AuditEntry, Job
from tests.browser.conftest import PASSWORD
from tests.browser.watching import barriers
from tests.ops.staff.test_two_factor import code_of


@pytest.fixture
def chief(transactional_db) -> User:
    return User.objects.create_superuser("chief@example.org", PASSWORD)


def sign_in(page: Page, user: User) -> None:
    page.get_by_label("Email").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


def test_staff_set_up_the_second_factor_look_find_and_act(open_page, chief, alice, analysis):
    job = Job.objects.create(kind="test.note", queue="default", state="dead", request_id="r")
    page = open_page("/admin/")
    sign_in(page, chief)
    page.wait_for_url("**/admin/two-factor?**")
    expect(page.get_by_role("img", name=re.compile("QR code"))).to_be_visible()
    assert barriers(page) == []
    page.get_by_label("The six digits").fill("000000")
    page.get_by_role("button", name="Set it up").click()
    expect(page.get_by_role("alert")).to_contain_text("wrong")
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    page.get_by_label("The six digits").fill(code_of(TOTPDevice.objects.get()))
    page.get_by_role("button", name="Set it up").click()
    expect(page.get_by_role("listitem")).to_have_count(10)
    assert barriers(page) == []
    page.get_by_role("link", name="go on").click()
    expect(page.get_by_role("heading", name="Analyses today")).to_be_visible()
    expect(page.locator(".cards .bad", has_text="given up")).to_be_visible()
    page.get_by_label(re.compile("Find by")).fill("alice@example.org")
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_role("link", name="Alice's agency")).to_be_visible()
    page.goto(f"/admin/ops/job/?state=dead&q={job.pk}")
    page.get_by_role("checkbox").nth(1).check()
    page.get_by_label("Action:").select_option(label="Discard for good")
    page.get_by_role("button", name="Run", exact=False).or_(
        page.get_by_role("button", name="Go", exact=False)
    ).first.click()
    page.get_by_label("Why?").fill("the test is over")
    page.get_by_role("button", name="Discard for good").click()
    expect(page.get_by_text("1 of 1")).to_be_visible()
    assert not Job.objects.filter(pk=job.pk).exists()
    assert AuditEntry.objects.get(action="job-discard").reason == "the test is over"


def test_recovery_code_lets_in_whose_phone_is_lost(open_page, chief):
    page = open_page("/admin/")
    sign_in(page, chief)
    page.get_by_label("The six digits").fill(code_of(TOTPDevice.objects.get()))
    page.get_by_role("button", name="Set it up").click()
    code = page.get_by_role("listitem").first.inner_text()
    other = open_page("/admin/ops/job/")
    sign_in(other, chief)
    expect(other.get_by_label(re.compile("recovery code"))).to_be_visible()
    assert barriers(other) == []
    other.get_by_label(re.compile("recovery code")).fill(code)
    other.get_by_role("button", name="Go on").click()
    other.wait_for_url("**/admin/ops/job/")
