"""Each page: no barrier, nothing wider than the screen, light enough."""

import pytest

from apps.workflows.models import Analysis, Workflow
from tests.browser.watching import HEAVIEST, barriers, weight
from tests.workflows.views.matrix import OPEN, PAGES

PHONE = {"width": 390, "height": 844}
VISITOR = ["/", "/sign-in", "/rules", "/rules/loop-without-exit", "/api/docs"]
SIGNED_IN = sorted(f"/{path}" for path, row in PAGES.items() if row[0] == "get" and row[4] == 200)


WIDER = "() => document.documentElement.scrollWidth - innerWidth"


def judge(page) -> None:
    assert barriers(page) == []
    assert page.evaluate(WIDER) <= 0
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
        assert page.evaluate(WIDER) <= 0, path


def test_page_of_a_failure(open_page, watch):
    watch.expected = {404}
    judge(open_page("/nope"))


def test_hostile_names_break_no_page(signed_in, alice, pro, places):
    """Script tags, marks that turn the text, 10,000 characters: wherever a name stands."""
    name = "<script>alert(1)</script>\u202e\u200f" + "x" * 10_000
    Workflow.objects.update(name=name[:500])
    for analysis in Analysis.objects.all():
        analysis.result["workflow"]["name"] = name
        analysis.save()
    type(alice.account).objects.filter(pk=alice.account.pk).update(name=name[:200])
    paths = [places(path) for path in SIGNED_IN]
    page = signed_in(alice, paths[0], viewport=PHONE)
    dialogs: list[str] = []

    def note(dialog) -> None:
        dialogs.append(dialog.message)
        dialog.accept()

    page.on("dialog", note)
    for path in paths:
        page.goto(path)
        assert page.evaluate(WIDER) <= 0, path
        assert "\u202e" not in page.content(), path
    assert dialogs == []
