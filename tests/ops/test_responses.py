"""The envelope around successes, and pages."""

import pytest
from django.test import Client, RequestFactory

from apps.accounts.models import User
from apps.ops.responses import client_address

pytestmark = pytest.mark.urls("tests.ops.urls")


@pytest.fixture
def people(db: None) -> None:
    for number in range(25):
        User.objects.create_user(f"p{number:02}@example.com")


def pages(query: str) -> tuple[int, dict[str, int]]:
    response = Client().get(f"/api/people{query}")
    return response.status_code, response.json()["meta"].get("pagination")


def test_success_has_data_and_meta():
    response = Client().post("/api/echo", {"a_key": 1}, "application/json")
    body = response.json()
    assert body["success"] is True
    assert body["data"] == {"a_key": 1}
    assert body["meta"]["requestId"] == response["X-Request-ID"]
    assert "pagination" not in body["meta"]


def test_times_have_milliseconds_and_z():
    at = Client().get("/api/moment").json()["data"]["at"]
    assert at.endswith("Z")
    assert len(at) == len("2026-02-11T06:23:20.704Z")


def test_lone_surrogate_is_answered_escaped():
    response = Client().get("/api/moment")
    assert rb"\ud800" in response.content
    assert response.json()["data"]["lone"] == "\ud800"


@pytest.mark.parametrize("accept", ["*/*", "application/json", "application/json; version=1"])
def test_version_one_answers_with_and_without_being_named(accept):
    response = Client().get("/api/moment", headers={"Accept": accept})
    assert response.json()["data"]["version"] == "1"


def test_deletion_has_no_body():
    response = Client().delete("/api/gone")
    assert (response.status_code, response.content) == (204, b"")


def test_format_in_the_query_belongs_to_the_view():
    assert Client().get("/api/moment?format=html").status_code == 200


def test_list_has_pagination(people):
    assert pages("") == (200, {"page": 1, "pageSize": 20, "total": 25, "pages": 2})
    assert pages("?page=3&pageSize=10") == (
        200,
        {"page": 3, "pageSize": 10, "total": 25, "pages": 3},
    )


def test_empty_list_is_the_first_of_no_pages(db):
    assert pages("") == (200, {"page": 1, "pageSize": 20, "total": 0, "pages": 0})


def test_page_past_the_end_is_not_found(people):
    assert pages("?page=3")[0] == 404


@pytest.mark.parametrize("size", ["1", "100"])
def test_page_sizes_at_the_edges_are_taken(people, size):
    assert pages(f"?pageSize={size}")[0] == 200


@pytest.mark.parametrize(
    "query",
    [
        *("page=0", "page=-1", "page=x", "page=", "page=1.0", "page=last", "page=%D9%A1"),
        *("pageSize=0", "pageSize=101", "pageSize=x", "pageSize=", "pageSize=-5"),
    ],
)
def test_page_out_of_range_is_refused_with_its_field(people, query):
    response = Client().get(f"/api/people?{query}")
    assert response.status_code == 400
    (detail,) = response.json()["error"]["details"]
    assert detail["field"] == query.split("=")[0]


@pytest.mark.parametrize(
    ("forwarded", "proxies", "expected"),
    [
        ("6.6.6.6", 0, "1.1.1.1"),
        ("6.6.6.6, 5.5.5.5", 1, "5.5.5.5"),
        ("6.6.6.6, 5.5.5.5", 2, "6.6.6.6"),
        ("5.5.5.5", 2, "1.1.1.1"),
        ("", 1, "1.1.1.1"),
    ],
)
def test_address_is_what_the_last_trusted_proxy_saw(forwarded, proxies, expected):
    request = RequestFactory().get(
        "/", REMOTE_ADDR="1.1.1.1", headers={"X-Forwarded-For": forwarded}
    )
    assert client_address(request, proxies) == expected
