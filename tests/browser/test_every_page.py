"""Each page: no barrier, nothing wider than the screen, light enough."""

import pytest

from tests.browser.watching import HEAVIEST, barriers, weight
from tests.workflows.views.matrix import OPEN, PAGES

PHONE = {"width": 390, "height": 844}
VISITOR = ["/", "/sign-in", "/rules", "/rules/loop-without-exit", "/api/docs"]
SIGNED_IN = sorted(f"/{path}" for path, row in PAGES.items() if row[0] == "get" and row[4] == 200)


def judge(page) -> None:
    assert barriers(page) == []
    assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0
    assert weight(page) <= HEAVIEST


def test_every_page_for_anyone_is_judged():
    shown = {path.split("<")[0].strip("/") for path in OPEN if path != "sign-out"}
    assert shown <= {path.strip("/") for path in VISITOR} | {"share", "rules"}


@pytest.mark.parametrize("path", VISITOR)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_for_anyone(path, scheme, open_page):
    page = open_page(path, color_scheme=scheme)
    judge(page)
    page.set_viewport_size(PHONE)
    judge(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_of_an_account(scheme, signed_in, alice, pro, places):
    paths = [places(path) for path in SIGNED_IN]
    page = signed_in(alice, paths[0], color_scheme=scheme)
    for path in paths:
        page.set_viewport_size({"width": 1360, "height": 860})
        page.goto(path)
        judge(page)
        page.set_viewport_size(PHONE)
        judge(page)


def test_page_of_a_failure(open_page, watch):
    watch.expected = {404}
    judge(open_page("/nope"))
