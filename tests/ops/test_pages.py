"""Failures as pages: for browsers at addresses for people, and for nobody else."""

import pytest
from django.db import connection
from django.test import Client

from apps.ops import errors, pages

pytestmark = pytest.mark.urls("tests.ops.urls")

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/nope", 404, "Nothing is here"),
        ("/plain/denied", 403, "You may not do this"),
        ("/plain/unknown", 500, "Something went wrong on our side"),
        ("/plain/database", 503, "We are not reachable"),
        ("/only-post", 405, "That is no way to call this page"),
    ],
)
def test_browser_gets_a_page_with_the_status(client, path, status, says):
    answer = client.get(path, HTTP_ACCEPT=BROWSER)
    assert answer.status_code == status
    assert answer["Content-Type"].startswith("text/html")
    assert says in answer.content.decode()
    assert answer["X-Request-ID"] in answer.content.decode()
    assert "Content-Security-Policy" in answer


def test_page_of_a_failure_asks_the_database_nothing(client, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        client.get("/nope", HTTP_ACCEPT=BROWSER)
    assert connection.queries == []


@pytest.mark.parametrize(
    "accept",
    [
        None, "", "*/*", "application/json", "application/json, text/html", "image/png",
        "text/html;q=0.5, application/json", "nonsense",
    ],
)  # fmt: skip
def test_who_does_not_ask_for_html_first_gets_the_envelope(client, accept):
    answer = client.get("/nope", **({} if accept is None else {"HTTP_ACCEPT": accept}))
    assert answer["Content-Type"] == "application/json"
    assert answer.json()["error"]["code"] == "not_found"


@pytest.mark.parametrize(
    "path",
    [
        "/api", "/api/nope", "/auth/nope", "/test/nope", "/webhooks/nope", "/live/", "/ready/x",
        "/health/x", "/metrics/x", "/static/nope.css",
    ],
)  # fmt: skip
def test_addresses_of_programs_always_answer_the_envelope(client, path):
    answer = client.get(path, HTTP_ACCEPT=BROWSER)
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not_found"


def test_header_of_a_failure_stays(client):
    assert client.get("/only-post", HTTP_ACCEPT=BROWSER)["Allow"] == "POST"


def test_message_that_says_more_is_shown():
    told = errors.ApplicationError("conflict", "This <workflow> has no definition yet.")
    page = pages.failure_page(told).content.decode()
    assert "This &lt;workflow&gt; has no definition yet." in page


def test_plan_limit_shows_the_way_to_the_plans():
    told = errors.ApplicationError("plan_limit", "The free plan has no scans.")
    assert "/settings/plan" in pages.failure_page(told).content.decode()


@pytest.mark.parametrize("code", errors.STATUSES)
def test_every_code_has_a_page(code):
    assert pages.failure_page(errors.ApplicationError(code)).status_code == errors.STATUSES[code]
