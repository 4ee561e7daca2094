"""Request ids, access lines and headers."""

import io
import logging
import uuid

import pytest
from django.test import Client

from apps.ops import context

GIVEN = "d89ff212-5c1e-4a6f-9d3b-2f7f0f6f1a11"

pytestmark = pytest.mark.urls("tests.ops.urls")


def identity(given: str | None, path: str = "/live") -> str:
    headers = {} if given is None else {"X-Request-ID": given}
    return str(Client(raise_request_exception=False).get(path, headers=headers)["X-Request-ID"])


@pytest.mark.parametrize("path", ["/live", "/nope", "/plain/unknown", "/api/rest/denied"])
def test_uuid_of_the_caller_comes_back_from_every_layer(path):
    given = str(uuid.uuid4())
    assert identity(given, path) == given


def test_uuid_in_capitals_comes_back_unchanged():
    given = str(uuid.uuid1()).upper()
    assert identity(given) == given


@pytest.mark.parametrize(
    "given",
    [
        None,
        "",
        "abc",
        "1" * 5000,
        f"{GIVEN}x",
        f"{{{GIVEN}}}",
        GIVEN.replace("-", "_"),
        GIVEN.replace("d", "g"),
        GIVEN.replace("d", "é"),
    ],
)
def test_anything_else_is_replaced_by_a_new_uuid4(given):
    made = identity(given)
    assert made != given
    assert uuid.UUID(made).version == 4


def test_two_requests_get_two_ids():
    assert identity(None) != identity(None)


def test_id_does_not_outlive_its_request():
    identity(str(uuid.uuid4()))
    assert context.request_id.get() is None


def test_one_access_line_per_request_without_its_query(caplog):
    caplog.set_level(logging.INFO, "apps.access")
    Client().get("/nope?code=secret-code")
    (line,) = [each for each in caplog.records if each.name == "apps.access"]
    assert line.getMessage().startswith("GET /nope 404 in ")
    assert "secret-code" not in str(vars(line))


def test_probes_leave_no_line_at_info(caplog):
    caplog.set_level(logging.INFO, "apps.access")
    Client().get("/live")
    assert caplog.records == []


def test_content_security_policy_allows_nothing_inline():
    policy = Client().get("/admin/login/")["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "default-src 'self'" in policy


def test_other_origins_get_no_cors_header():
    response = Client().get("/live", headers={"Origin": "https://evil.example"})
    assert "Access-Control-Allow-Origin" not in response


def test_frontend_is_the_one_cors_origin(settings):
    settings.CORS_ALLOWED_ORIGINS = ["https://app.example"]
    response = Client().get("/live", headers={"Origin": "https://app.example"})
    assert response["Access-Control-Allow-Origin"] == "https://app.example"


@pytest.mark.parametrize("header", ["x-request-id", "idempotency-key", "x-csrftoken"])
def test_frontend_may_send_the_headers_that_are_read_here(settings, header):
    settings.CORS_ALLOWED_ORIGINS = ["https://app.example"]
    asked = {
        "Origin": "https://app.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": header,
    }
    allowed = Client().options("/live", headers=asked)["Access-Control-Allow-Headers"]
    assert header in allowed.split(", ")


def send_chunked(body: bytes, **more: object) -> tuple[int, dict]:
    """As gunicorn hands over a body that came in chunks."""
    environ = {
        "CONTENT_LENGTH": "",
        "CONTENT_TYPE": "application/json",
        "HTTP_TRANSFER_ENCODING": "chunked",
        "wsgi.input": io.BytesIO(body),
        "wsgi.input_terminated": True,
        **more,
    }
    response = Client().generic(
        "POST",
        "/api/echo",
        b"",
        "application/json",
        **environ,  # type: ignore[arg-type]
    )
    return response.status_code, response.json()


def test_body_in_chunks_is_read_whole():
    status, answer = send_chunked(b'{"a": 1}')
    assert (status, answer["data"]) == (200, {"a": 1})


def test_body_in_chunks_is_measured(settings):
    settings.MAX_BODY_BYTES = 10
    assert send_chunked(b'{"a": 12345}')[1]["error"]["code"] == "payload_too_large"
    assert send_chunked(b'{"a":1234}')[0] == 200


class StalledBody(io.BytesIO):
    """What the server makes of a client that stops in the middle."""

    def read(self, size: int | None = -1) -> bytes:
        raise TimeoutError("timed out")


def test_body_that_does_not_arrive_is_the_callers_fault():
    status, answer = send_chunked(
        b"", CONTENT_LENGTH="20", HTTP_TRANSFER_ENCODING="", **{"wsgi.input": StalledBody()}
    )
    assert (status, answer["error"]["code"]) == (400, "validation_error")
    status, answer = send_chunked(b"", **{"wsgi.input": StalledBody()})
    assert (status, answer["error"]["code"]) == (400, "validation_error")


def test_body_in_chunks_that_the_server_cannot_end_is_refused():
    status, answer = send_chunked(b"{}", **{"wsgi.input_terminated": False})
    assert status == 400
    assert "Content-Length" in answer["error"]["message"]
