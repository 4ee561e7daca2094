"""Who may open which page: one matrix over every page, as for the API."""

import uuid

import pytest
from django.urls import get_resolver

from apps.workflows.views import urls
from tests.workflows.api.test_access import routes
from tests.workflows.views.matrix import OPEN, PAGES


def test_every_page_has_a_row():
    assert {str(entry.pattern) for entry in urls.urlpatterns} == set(PAGES) | OPEN
    assert set(PAGES) | OPEN <= set(routes(get_resolver()))


@pytest.mark.parametrize("path", PAGES)
def test_each_person_gets_what_the_matrix_says(path, visitor, stranger, viewer, owner, pro, places):
    method, *expected = PAGES[path]
    url = "/" + places(path)
    found = [getattr(each, method)(url).status_code for each in (visitor, stranger, viewer, owner)]
    assert found == expected


@pytest.mark.parametrize("path", [path for path in PAGES if PAGES[path][0] == "get"])
def test_page_that_needs_a_sign_in_leads_there_and_back(path, visitor, analysis, places):
    url = "/" + places(path)
    answer = visitor.get(url)
    assert answer["Location"] == f"/sign-in?next={url.replace('/', '%2F')}"
    told = visitor.get(url, HTTP_ACCEPT="*/*")
    assert told.status_code == 401
    assert told.json()["error"]["code"] == "not_authenticated"


@pytest.mark.parametrize("path", ["/workflows", "/settings", "/history", "/settings/tokens"])
def test_page_of_an_account_stays_in_no_browser(path, owner):
    assert "no-store" in owner.get(path)["Cache-Control"]


def test_refusal_inside_an_account_keeps_the_way_about(owner):
    for path, status in (("/map", 402), (f"/analysis/{uuid.uuid4()}", 404), ("/sign-out", 405)):
        answer = owner.get(path)
        assert answer.status_code == status
        assert ('href="/workflows"' in answer.content.decode()) is (status != 405)
        assert answer["X-Request-ID"] in answer.content.decode()
