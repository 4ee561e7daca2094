"""Signing in with HighLevel in the browser: there, agreed, back, and working in the account."""

from __future__ import annotations

import dataclasses
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from apps.accounts.models import Account
from tests.accounts.conftest import highlevel  # noqa: F401
from tests.players.highlevel import LOCATION
from tests.players.server import Reply


@pytest.fixture
def returning(highlevel, settings, live_server, watch):  # noqa: F811
    """HighLevel sends people back to the server of this test."""
    settings.ENVIRONMENT = dataclasses.replace(
        settings.ENVIRONMENT, highlevel_redirect_uri=f"{live_server.url}/auth/callback"
    )
    watch.elsewhere = {urlsplit(highlevel.url).netloc}
    return highlevel


def test_a_person_signs_in_with_highlevel_and_out_again(returning, open_page):
    page = open_page("/sign-in")
    page.get_by_role("link", name="Sign in with HighLevel").click()
    page.get_by_role("heading", name="Choose a location").wait_for()
    assert page.url.startswith(returning.url)
    page.get_by_role("link", name="Agree").click()
    page.wait_for_url("**/")
    page.goto("/settings")
    expect(page.get_by_role("main")).to_contain_text(LOCATION)
    expect(page.get_by_role("main")).to_contain_text("ada@example.org")
    assert Account.objects.get().location_id == LOCATION
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in", exact=True)).to_be_visible()


def test_a_sign_in_that_was_not_started_here_is_explained(returning, open_page, watch):
    watch.expected = {400}
    page = open_page(f"/auth/callback?state=forged&code={returning.agree()}")
    expect(page.get_by_role("main")).to_contain_text("was not started here")
    assert not returning.calls("/oauth/token")


def test_an_outage_is_explained(returning, open_page, watch):
    watch.expected = {502}
    page = open_page("/sign-in")
    page.get_by_role("link", name="Sign in with HighLevel").click()
    agree = page.get_by_role("link", name="Agree")
    agree.wait_for()
    returning.answers["/oauth/token"] = Reply(500)
    agree.click()
    expect(page.get_by_role("main")).to_contain_text("HighLevel has a fault")
