"""Events and traces really arrive where they are configured, and nothing secret with them."""

import json
import subprocess
import sys

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.ops.receiver import receiving
from tests.ops.test_failures import in_process

FAILING = (
    "from django.conf import settings\n"
    "settings.ROOT_URLCONF = 'tests.ops.urls'\n"
    "from django.test import Client\n"
    "sent = {'Authorization': 'Bearer wd_secret'}\n"
    "client = Client(raise_request_exception=False, headers=sent)\n"
    "for path in ('/plain/unknown?code=abcdef', '/plain/conflict', '/live'):\n"
    "    client.get(path, headers={'X-Request-ID': '11111111-2222-4333-8444-555555555555'})\n"
)
DJANGO_CLIENT = {"ALLOWED_HOSTS": "testserver", "SECRET_KEY": "k" * 40}


def test_failure_is_one_event_at_sentry_with_what_finds_it_and_nothing_secret():
    with receiving() as sentry:
        dsn = f"http://publickey@127.0.0.1:{sentry.port}/42"
        code = FAILING + "import sentry_sdk; sentry_sdk.flush(5)"
        ended = in_process(code, SENTRY_DSN=dsn, **DJANGO_CLIENT)
    assert ended.returncode == 0, ended.stderr
    ((path, body),) = sentry.posts
    assert path.startswith("/api/42/")
    event = json.loads(body.splitlines()[2])
    assert event["exception"]["values"][-1]["type"] == "UnexpectedError"
    assert event["tags"]["requestId"] == "11111111-2222-4333-8444-555555555555"
    assert event["tags"]["route"] == "plain/<str:fault>"
    assert event["tags"]["kind"] == "programming"
    for secret in (b"wd_secret", b"abcdef", b"vars", b"kkkkkkkk"):
        assert secret not in body


def test_nothing_of_sentry_is_loaded_without_its_address():
    code = "import sys; print('sentry_sdk' in sys.modules, 'opentelemetry.exporter' in sys.modules)"
    assert in_process(code).stdout.strip() == "False False"


def test_service_works_when_sentry_is_away():
    ended = in_process(
        FAILING + "print('done')", SENTRY_DSN="http://k@127.0.0.1:1/42", **DJANGO_CLIENT
    )
    assert ended.stdout.strip() == "done"


def spans(posts):
    for path, body in posts:
        assert path == "/v1/traces"
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            for scope in resource.scope_spans:
                yield from scope.spans


def test_request_is_one_span_named_by_its_route():
    with receiving() as collector:
        address = f"http://127.0.0.1:{collector.port}/"
        ended = in_process(FAILING, OTEL_EXPORTER_OTLP_ENDPOINT=address, **DJANGO_CLIENT)
    assert ended.returncode == 0, ended.stderr
    found = {span.attributes[2].value.int_value: span for span in spans(collector.posts)}
    assert {span.name for span in found.values()} == {"GET /plain/<str:fault>"}
    assert set(found) == {500, 409}
    assert found[500].status.code == 2
    assert found[409].status.code == 0
    assert not any(b"abcdef" in body for _, body in collector.posts)


def test_span_goes_on_with_the_trace_of_the_caller():
    parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    code = FAILING + f"client.get('/api/rules', headers={{'traceparent': '{parent}'}})\n"
    with receiving() as collector:
        address = f"http://127.0.0.1:{collector.port}"
        in_process(code, OTEL_EXPORTER_OTLP_ENDPOINT=address, **DJANGO_CLIENT)
    assert any(span.parent_span_id.hex() == "b7ad6b7169203331" for span in spans(collector.posts))


@pytest.mark.parametrize("module", ["opentelemetry.sdk.trace"])
def test_missing_packages_are_told_with_the_fix_and_the_service_goes_on(module):
    code = f"import sys; sys.modules['{module}'] = None\n" + FAILING + "print('served')"
    ended = in_process(code, OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:1", **DJANGO_CLIENT)
    assert ended.stdout.strip() == "served"
    assert "requirements/production.txt" in ended.stderr


def test_production_packages_of_tracing_are_installed_here():
    """Else the tests above would prove nothing."""
    code = "import opentelemetry.exporter.otlp.proto.http"
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0
