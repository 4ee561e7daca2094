"""Watching one contact walk, step by step."""

from playwright.sync_api import expect

from tests.browser.watching import barriers


def test_walk_is_watched_step_by_step(signed_in, alice, pro, analysis):
    page = signed_in(alice, f"/workflows/{analysis.workflow_id}")
    page.get_by_role("link", name="Simulate").last.click()
    page.get_by_label("Starts").fill("2027-03-01T09:00")
    page.get_by_role("button", name="Walk").click()
    steps = page.locator(".timeline li")
    assert steps.count() > 3
    expect(page.get_by_text("The end")).to_be_visible()
    assert barriers(page) == []
    page.get_by_role("button", name="Next step").click()
    expect(steps.nth(0)).to_have_attribute("data-now", "")
    page.get_by_role("button", name="Next step").click()
    expect(steps.nth(1)).to_have_attribute("data-now", "")
    expect(page.get_by_role("status").last).to_contain_text(f"2 of {steps.count()}")
    expect(page.locator(".wd-box.wd-lit")).to_have_count(2)
    page.get_by_role("button", name="Back").click()
    expect(page.locator(".wd-box.wd-lit")).to_have_count(1)


def test_contact_who_replies_takes_another_way(signed_in, alice, pro, analysis):
    page = signed_in(alice, f"/simulate?workflow={analysis.workflow_id}")
    alone = page.locator(".timeline li").count()
    page.get_by_text("The contact, and what happens meanwhile").click()
    page.get_by_label("Event 1", exact=True).select_option("reply")
    page.get_by_label("Event 1 comes after").fill("2h")
    page.get_by_role("button", name="Walk").click()
    expect(page.get_by_label("Event 1 comes after")).to_have_value("2h")
    assert page.locator(".timeline li").count() != alone
