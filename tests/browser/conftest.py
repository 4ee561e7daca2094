"""A browser, a server it reads from, and an eye on everything that should not happen."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.browser.finding import MISSING, find_browser
from tests.browser.watching import Watch
from tests.cast import Person

# No test judges how fast a machine is.
PATIENCE = 20_000
expect.set_options(timeout=PATIENCE)
WIDE = {"width": 1360, "height": 860}
PASSWORD = "correct horse battery"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Not for the session: playwright runs an event loop in this thread, which Django's async
    parts, and so other tests, cannot stand."""
    program = find_browser()
    if program is None:
        if os.environ.get("CI"):
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        # Root, as in a container, has no sandbox; a small /dev/shm would end the browser.
        options = ["--no-sandbox", "--disable-dev-shm-usage"]
        browser = playwright.chromium.launch(executable_path=program, args=options)
        yield browser
        browser.close()


@pytest.fixture
def calm(settings) -> None:
    """Limits that a test's clicks do not reach, and cookies without TLS."""
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, (100_000, 60))
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False


@pytest.fixture
def watch() -> Iterator[Watch]:
    """What went wrong on any page of the test; nothing may."""
    found = Watch()
    yield found
    assert found.troubles == []


Open = Callable[..., Page]


@pytest.fixture
def open_page(chromium: Browser, live_server: LiveServer, calm, watch: Watch) -> Iterator[Open]:
    """Opens a path in a browser of its own; options are those of playwright's contexts."""
    contexts = []

    def opened(path: str, **options) -> Page:
        context = chromium.new_context(
            base_url=live_server.url, **{"viewport": WIDE, "accept_downloads": True, **options}
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        watch.look_at(page, urlsplit(live_server.url).netloc)
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def signed_in(open_page: Open) -> Callable[..., Page]:
    """The same, after a person has typed who they are."""

    def opened(who: Person, path: str, **options) -> Page:
        page = open_page(f"/sign-in?next={path}", **options)
        page.get_by_label("E-mail").fill(who.user.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"**{path}")
        return page

    return opened
