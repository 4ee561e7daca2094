"""An account in the browser: signing in, bringing workflows in, comparing, upgrading."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from apps.billing.models import Subscription
from apps.workflows.samples import sample
from apps.workflows.services import analysis_create
from tests.billing.conftest import stripe  # noqa: F401
from tests.browser.conftest import PASSWORD
from tests.webhooks.signing import post_stripe


def test_wrong_password_is_said_and_the_right_one_leads_back(open_page, watch, alice, analysis):
    watch.expected = {401}
    page = open_page("/history")
    page.get_by_label("E-mail").fill(alice.user.email)
    page.get_by_label("Password").fill("not this one")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("no user with this e-mail and password")
    expect(page.get_by_label("E-mail")).to_have_value(alice.user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/history")
    expect(page.get_by_role("link", name="Webinar follow-up")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()


def test_whole_page_is_reached_by_keyboard(open_page):
    page = open_page("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("main").get_by_role("link").first).to_be_focused()


def test_workflow_is_brought_in_changed_and_compared(signed_in, alice, pro, tmp_path):
    page = signed_in(alice, "/workflows")
    definition = sample("medium")
    for number in (1, 2):
        file = tmp_path / f"{number}.json"
        file.write_text(json.dumps(definition))
        page.goto("/workflows")
        page.locator("input[type=file]").set_input_files(file)
        expect(page.get_by_role("status").first).to_contain_text("1 workflow brought in")
        steps = definition["workflow"]["workflowData"]["templates"]
        kept = [step for step in steps if step["name"] != "Back to the tip"]
        definition["workflow"]["workflowData"]["templates"] = kept
    page.get_by_role("link", name="Versions and history").click()
    page.get_by_role("button", name="Compare the two chosen").click()
    expect(page.get_by_role("heading", name="Fixed")).to_be_visible()
    expect(page.locator("#fate-fixed ~ ol .issue").first).to_contain_text("loop")
    expect(page.locator("[data-picture] svg")).to_have_count(2)


def test_fold_of_a_long_workflow_opens(signed_in, alice, pro, account):
    steps = [
        {
            "id": f"s{n}",
            "type": "sms",
            "name": f"Text {n}",
            "order": n,
            "next": f"s{n + 1}" if n < 299 else None,
            "attributes": {"body": "Hello, this is Acme. Reply STOP to opt out."},
        }
        for n in range(300)
    ]
    definition = {"workflow": {"_id": "w", "name": "Long", "workflowData": {"templates": steps}}}
    found = analysis_create(account=account, definition=definition)
    page = signed_in(alice, f"/analysis/{found.pk}")
    assert page.locator("[data-node]").count() < 200
    fold = page.locator(".wd-fold").first
    step = fold.get_attribute("data-node")
    fold.focus()
    page.keyboard.press("Enter")
    expect(page.locator(f'.wd-box:not(.wd-fold)[data-node="{step}"]')).to_have_count(1)


@pytest.mark.parametrize("works", [True, False])
def test_upgrade_at_stripe_shows_every_issue(works, stripe, signed_in, watch, alice, analysis):  # noqa: F811
    page = signed_in(alice, f"/analysis/{analysis.pk}", java_script_enabled=works)
    expect(page.locator(".issue")).to_have_count(3)
    watch.elsewhere = {"checkout.stripe.test"}
    shown = {"content_type": "text/html", "body": "<title>Stripe</title>"}
    page.route("https://checkout.stripe.test/**", lambda route: route.fulfill(**shown))
    page.get_by_role("link", name="See the Pro plan").click()
    page.get_by_role("button", name="Upgrade, pay monthly").click()
    page.wait_for_url("https://checkout.stripe.test/**")
    for event in stripe.pay(page.url):
        assert post_stripe(event).status_code == 200
    page.goto("/?checkout=success")
    expect(page.get_by_role("status").first).to_contain_text("the account is on Pro")
    page.goto(f"/analysis/{analysis.pk}")
    expect(page.locator(".issue")).to_have_count(7)
    assert Subscription.objects.get().plan_in_force() == "pro"


def test_report_shared_is_read_by_anybody(signed_in, open_page, alice, pro, analysis):
    page = signed_in(alice, f"/analysis/{analysis.pk}")
    page.get_by_text("Share", exact=True).click()
    page.get_by_role("button", name="Make a link").click()
    link = page.locator("[data-link]").inner_text()
    other = open_page(link)
    expect(other.get_by_text("Webinar follow-up").first).to_be_visible()


def test_menu_of_exports_gives_a_file(signed_in, alice, pro, analysis):
    page = signed_in(alice, f"/analysis/{analysis.pk}")
    page.get_by_text("Export", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    assert download.value.suggested_filename.endswith(".csv")
