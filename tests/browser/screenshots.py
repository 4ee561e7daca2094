"""Writes docs/screenshots: `make screenshots`. Not collected by itself: its name is no test's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import Page

from apps.accounts.models import Membership
from apps.workflows.models import Analysis
from apps.workflows.platforms.loading import documents
from apps.workflows.samples import sample
from apps.workflows.services import analysis_create, workflow_analyse, workflow_import
from tests.workflows.views.test_landscape import workflow as linked

FOLDER = Path(__file__).resolve().parents[2] / "docs/screenshots"
PHONE = {"width": 390, "height": 844}
OWNER, PASSWORD = "owner@demo.test", "a password for pictures"


@pytest.fixture
def demo(transactional_db, settings) -> Membership:
    """The demo account, with a past to show."""
    settings.DEMO_PASSWORD = PASSWORD
    call_command("create_demo", verbosity=0)
    me = Membership.objects.get(user__email=OWNER)
    definition = sample("medium")
    steps = definition["workflow"]["workflowData"]["templates"]
    for name in ("Back to the tip", "Note the interest"):
        kept = [step for step in steps if step["name"] != name]
        definition["workflow"]["workflowData"]["templates"] = kept
        analysis_create(account=me.account, definition=json.loads(json.dumps(definition)))
    for each in (
        linked("nurture", "Nurture cold leads", starts_on="cold-lead", adds="hot-lead"),
        linked("sales", "Hand over to sales", starts_on="hot-lead", adds="in-sales"),
        linked("lost", "Win back", starts_on="lost", adds="cold-lead"),
        linked("close", "After the call", starts_on="in-sales", adds="lost"),
        linked("onboard", "Welcome a customer", starts_on="in-sales", adds="customer"),
    ):
        text = json.dumps(each).encode()
        for workflow in workflow_import(
            account=me.account, documents=documents(text, "x")
        ).workflows:
            workflow_analyse(workflow=workflow)
    return me


def sign_in(page: Page) -> None:
    page.get_by_label("E-mail").fill(OWNER)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/workflows")


def shoot(page: Page, name: str) -> None:
    page.evaluate("() => document.activeElement?.blur()")
    page.screenshot(path=FOLDER / f"{name}.png")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_of_the_demo_account(demo, open_page, scheme):
    FOLDER.mkdir(parents=True, exist_ok=True)
    page = open_page("/sign-in", color_scheme=scheme)
    sign_in(page)
    first = Analysis.objects.filter(account=demo.account, health_score=22).earliest("created_at")
    mine = Analysis.objects.filter(workflow=first.workflow)
    last = mine.latest("created_at")
    places = {
        "workflows": "/workflows",
        "workflow": f"/workflows/{first.workflow_id}",
        "report": f"/analysis/{first.pk}",
        "rule": "/rules/loop-without-exit",
        "compare": f"/analysis/{last.pk}/compare/{first.pk}",
        "simulate": f"/simulate?workflow={first.workflow_id}&start=2027-03-01T09:00",
        "map": "/map",
        "settings": "/settings/rules",
    }
    for name, path in places.items():
        page.goto(path)
        if name == "report":
            page.locator("[data-light]").nth(3).click()
            page.evaluate("() => scrollTo(0, 0)")
        shoot(page, f"{name}-{scheme}")
    page.set_viewport_size(PHONE)
    page.goto(places["report"])
    shoot(page, f"report-phone-{scheme}")


def test_start_page(open_page, db):
    FOLDER.mkdir(parents=True, exist_ok=True)
    shoot(open_page("/"), "start-light")
