"""Every layer fails in one shape."""

import json
import re
from typing import Any

import pytest
from django.test import Client
from rest_framework import serializers
from rest_framework.exceptions import Throttled

from apps.ops import errors

pytestmark = pytest.mark.urls("tests.ops.urls")

TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


def failure(response: Any, status: int, code: str) -> dict[str, Any]:
    assert response.status_code == status
    assert response["Content-Type"] == "application/json"
    body: dict[str, Any] = response.json()
    assert set(body) == {"success", "error", "meta"}
    assert body["success"] is False
    assert body["error"]["code"] == code
    assert body["error"]["message"]
    assert isinstance(body["error"]["details"], list)
    assert body["meta"]["requestId"] == response["X-Request-ID"]
    assert TIMESTAMP.fullmatch(body["meta"]["timestamp"])
    error: dict[str, Any] = body["error"]
    return error


def test_address_that_does_not_exist_is_not_found(client):
    failure(client.get("/nope"), 404, "not_found")


def test_address_with_a_trailing_slash_is_not_redirected(client):
    failure(client.get("/live/"), 404, "not_found")


def test_debug_pages_of_django_are_replaced(client, settings):
    settings.DEBUG = True
    failure(client.get("/nope"), 404, "not_found")
    shown = failure(client.get("/plain/unknown"), 500, "internal_error")
    assert "UnexpectedError" in shown["debug"]["exception"]


@pytest.mark.parametrize("door", ["/plain", "/api/rest"])
@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ("missing", 404, "not_found"),
        ("denied", 403, "permission_denied"),
        ("suspicious", 400, "validation_error"),
        ("database", 503, "database_unavailable"),
        ("conflict", 409, "conflict"),
        ("upstream", 502, "upstream_unavailable"),
        ("unknown", 500, "internal_error"),
    ],
)
def test_exceptions_answer_alike_from_plain_and_rest_views(client, door, fault, status, code):
    failure(client.get(f"{door}/{fault}"), status, code)


@pytest.mark.parametrize("fault", ["unknown", "database"])
def test_faults_of_ours_show_nothing_of_the_inside(client, fault):
    text = client.get(f"/api/rest/{fault}").content.decode()
    assert not re.search(r"SELECT|/srv|10\.0\.0\.5|UnexpectedError|Traceback|debug", text)


def test_fault_of_ours_is_logged_once_with_its_traceback(client, caplog):
    client.get("/plain/unknown")
    (line,) = [each for each in caplog.records if each.levelname == "ERROR"]
    assert line.exc_info


def test_known_fault_is_logged_once(client, caplog):
    client.get("/api/rest/database")
    (line,) = [each for each in caplog.records if each.levelname == "ERROR"]
    assert line.exc_info


def test_refusal_of_a_caller_is_no_error_in_the_log(client, caplog):
    client.get("/api/rest/missing")
    assert [each for each in caplog.records if each.levelname in {"ERROR", "WARNING"}] == []


def test_wrong_method_of_a_rest_view_is_405_with_allow(client):
    response = client.get("/api/echo")
    failure(response, 405, "method_not_allowed")
    assert "POST" in response["Allow"]


def test_wrong_method_of_a_plain_view_is_405_with_allow(client):
    response = client.get("/only-post")
    failure(response, 405, "method_not_allowed")
    assert response["Allow"] == "POST"


@pytest.mark.parametrize("path", ["/live", "/ready", "/api/schema"])
def test_wrong_method_of_a_probe_or_the_schema_is_405(client, path):
    failure(client.post(path), 405, "method_not_allowed")


def test_form_is_an_unsupported_media_type(client):
    failure(client.post("/api/echo", {"a": "1"}), 415, "unsupported_media_type")


def test_body_without_a_media_type_is_unsupported(client):
    failure(client.generic("POST", "/api/echo", b"x", ""), 415, "unsupported_media_type")


def test_unknown_version_is_not_acceptable(client):
    response = client.get("/api/moment", headers={"Accept": "application/json; version=9"})
    failure(response, 406, "not_acceptable")


def test_caller_who_is_not_signed_in_is_401(client):
    response = client.get("/api/closed")
    failure(response, 401, "not_authenticated")
    assert response["WWW-Authenticate"] == "Bearer"


def test_plain_view_without_a_csrf_token_is_csrf_failed():
    failure(Client(enforce_csrf_checks=True).post("/only-post"), 403, "csrf_failed")


def test_rest_view_with_a_session_and_no_csrf_token_is_csrf_failed(django_user_model, db):
    user = django_user_model.objects.create_user("alice@example.com", "x")
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    failure(client.post("/api/closed", {}, "application/json"), 403, "csrf_failed")


def test_validation_names_the_place_of_every_fault(client):
    body = {"nodes": [{"id": "1"}, {}, {"id": "3"}, {"id": []}]}
    error = failure(
        client.post("/api/validated", body, "application/json"), 400, "validation_error"
    )
    fields = [detail["field"] for detail in error["details"]]
    assert fields == ["nodes[1].id", "nodes[3].id", "name"]
    assert error["details"][0]["code"] == "required"
    assert "and 2 more" in error["message"]


def test_validation_of_the_whole_body_has_no_field(client):
    error = failure(client.post("/api/validated", [], "application/json"), 400, "validation_error")
    assert [detail["field"] for detail in error["details"]] == [""]


def test_host_that_is_not_ours_is_a_bad_request(client):
    failure(client.get("/live", headers={"Host": "evil.test"}), 400, "validation_error")


def test_answer_of_a_view_that_forgot_to_raise_is_shaped(client):
    response = client.get("/api/teapot")
    failure(response, 409, "conflict")
    assert b"shape" not in response.content


def test_too_many_requests_says_when_to_come_back():
    told = errors.translate(Throttled(wait=12.3))
    assert told
    assert (told.status, told.code, told.headers) == (429, "rate_limited", {"Retry-After": "13"})


def test_ordinary_exception_is_not_translated():
    assert errors.translate(ValueError("x")) is None
    assert errors.translate(KeyError("x")) is None


@pytest.mark.parametrize(
    ("code", "permanent"), [("conflict", True), ("upstream_unavailable", False)]
)
def test_only_refusals_are_permanent(code, permanent):
    assert errors.ApplicationError(code).permanent is permanent


def test_every_code_has_a_failing_status():
    assert all(400 <= status < 600 for status in errors.STATUSES.values())


def test_code_outside_the_list_cannot_be_raised():
    with pytest.raises(KeyError):
        errors.ApplicationError("surprise")


def test_nested_list_errors_have_indexed_fields():
    told = errors.translate(serializers.ValidationError({"a": {"b": [{"c": ["x"]}, {}]}}))
    assert told
    assert [detail["field"] for detail in told.details] == ["a.b[0].c"]


def test_unreadable_request_is_answered_in_the_same_shape():
    response = errors.unseen(414)
    failure_body = json.loads(response.content)
    assert response.status_code == 414
    assert failure_body["error"]["code"] == "validation_error"
    assert failure_body["meta"]["requestId"] == response["X-Request-ID"]


def test_failure_does_not_send_back_a_megabyte():
    details = [{"field": "x" * 10**6, "code": "invalid", "message": "m"}] * 1000
    told = errors.ApplicationError("validation_error", "y" * 10**6, details=details)
    answer = errors.body(told)["error"]
    assert len(answer["message"]) == len(answer["details"][0]["field"]) == errors.LONGEST + 1
    assert len(answer["details"]) == errors.MOST
