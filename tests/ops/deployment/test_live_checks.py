"""Checks that ask the running service; a local server plays it, well and badly."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from apps.ops.deployment.inspection import inspect
from apps.ops.deployment.target import Target
from apps.ops.deployment.verdict import Status
from config import env
from tests.ops.deployment.player import (
    GOOD_HEADERS,
    Answer,
    Played,
    certificate,
    playing,
    sound_service,
)
from tests.ops.deployment.test_settings_checks import run

LIVE = ["live_probes", "live_health", "live_headers", "live_cookies", "live_errors"]
LIVE += ["live_closed_doors", "live_cors"]


@pytest.fixture
def service() -> Iterator[Played]:
    with playing(sound_service()) as played:
        yield played


@pytest.mark.parametrize("name", LIVE)
def test_sound_service_passes(service, name):
    assert run(name, service.url).status == Status.PASS


def test_time_of_an_answer_is_told(service):
    verdict = run("live_response_times", service.url)
    assert verdict.status in {Status.PASS, Status.WARN}
    assert " ms" in verdict.message


def test_nothing_is_asked_without_an_address(db):
    results = {each.id: each.verdict for each in inspect(Target()).results}
    for name in (*LIVE, "tls_certificate", "https_redirect"):
        verdict = results[name.replace("_", "-")]
        assert verdict.status == Status.SKIP
        assert "--url" in verdict.message


def test_service_that_is_down_fails_once_and_the_rest_is_skipped(db):
    results = {each.id: each.verdict for each in inspect(Target("http://127.0.0.1:1")).results}
    assert results["live-probes"].status == Status.FAIL
    for name in LIVE[1:]:
        assert results[name.replace("_", "-")].status == Status.SKIP


COOKIE = "csrftoken=1; Secure; SameSite=Lax"
BAD = [
    ("live_probes", "/ready", Answer(503, {"status": "unhealthy"}), "fail"),
    ("live_probes", "/ready", Answer(200, {"status": "degraded"}), "warn"),
    ("live_probes", "/live", Answer(302), "fail"),
    ("live_health", "/health/detailed", Answer(503, {"status": "unhealthy"}), "fail"),
    ("live_health", "/health/detailed", Answer(404), "skip"),
    (
        "live_health",
        "/health/detailed",
        Answer(200, {"status": "degraded", "checks": {"redis": {"status": "degraded"}}}),
        "warn",
    ),
    ("live_headers", "/api/docs", Answer(), "fail"),
    (
        "live_headers",
        "/api/docs",
        Answer(headers={**GOOD_HEADERS, "Content-Security-Policy": "default-src 'unsafe-inline'"}),
        "fail",
    ),
    ("live_cookies", "/admin/login/", Answer(headers={"Set-Cookie": "csrftoken=1"}), "fail"),
    ("live_cookies", "/admin/login/", Answer(headers={"Set-Cookie": "a=1; Secure"}), "fail"),
    ("live_cookies", "/admin/login/", Answer(), "skip"),
    ("live_errors", "/api/no-such-page", Answer(200, {}), "fail"),
    ("live_errors", "/api/no-such-page", Answer(404, "a page of the router"), "fail"),
    ("live_errors", "/api/no-such-page", Answer(404, {"error": {"debug": {}}}), "fail"),
    ("live_closed_doors", "/metrics", Answer(), "fail"),
    ("live_closed_doors", "/admin/", Answer(302), "pass"),
    ("live_closed_doors", "/test/workflows", Answer(), "fail"),
    ("live_cors", "/api/rules", Answer(headers={"Access-Control-Allow-Origin": "*"}), "fail"),
]


@pytest.mark.parametrize(("name", "path", "answer", "status"), BAD)
def test_answer_of_the_service_is_judged(service, name, path, answer, status):
    service.answers[path] = answer
    assert run(name, service.url).status == status


def test_what_is_wrong_with_the_health_is_named(service):
    checks = {"redis": {"status": "degraded"}, "database": {"status": "healthy"}}
    service.answers["/health/detailed"] = Answer(body={"status": "degraded", "checks": checks})
    told = run("live_health", service.url).message
    assert "redis" in told
    assert "database" not in told


@pytest.mark.parametrize(("seconds", "status"), [(0, "pass"), (12, "warn"), (-300, "fail")])
def test_clock_of_the_service_is_compared(db, service, seconds, status):
    moment = datetime.now(UTC) + timedelta(seconds=seconds)
    service.answers["/live"] = Answer(date=format_datetime(moment, usegmt=True))
    assert run("clock", service.url).status == status


@pytest.mark.parametrize(("hours", "status"), [(2, "pass"), (40, "fail")])
def test_backup_can_be_told_by_an_address(settings, service, hours, status):
    moment = datetime.now(UTC) - timedelta(hours=hours)
    service.answers["/backup"] = Answer(body=moment.isoformat())
    settings.ENVIRONMENT = env.read({"BACKUP_STATUS": f"{service.url}/backup"})
    assert run("backups").status == status


@pytest.mark.parametrize("told", ["yesterday", "2026-01-01T00:00:00", 17])
def test_backup_address_that_tells_no_moment_is_a_failure(settings, service, told):
    service.answers["/backup"] = Answer(body=told)
    settings.ENVIRONMENT = env.read({"BACKUP_STATUS": f"{service.url}/backup"})
    assert run("backups").status == Status.FAIL


@pytest.mark.parametrize(("days", "status"), [(90, "pass"), (3, "warn"), (-2, "fail")])
def test_certificate_is_judged_by_its_end(monkeypatch, tmp_path, days, status):
    context = certificate(tmp_path, days=days)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "ca.pem"))
    with playing(sound_service(), context) as played:
        assert run("tls_certificate", played.url).status == status


def test_certificate_of_an_unknown_issuer_is_refused(tmp_path):
    with playing(sound_service(), certificate(tmp_path, days=90)) as played:
        verdict = run("tls_certificate", played.url)
    assert verdict.status == Status.FAIL
    assert "self-signed" in verdict.message


def test_certificate_of_another_name_is_refused(monkeypatch, tmp_path):
    context = certificate(tmp_path, days=90, address="192.0.2.1")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "ca.pem"))
    with playing(sound_service(), context) as played:
        assert run("tls_certificate", played.url).status == Status.FAIL


def test_our_own_service_passes_what_does_not_depend_on_the_platform(live_server, settings):
    settings.SECURE_SSL_REDIRECT = False
    for name in ("live_probes", "live_headers", "live_cookies", "live_errors", "live_cors"):
        assert run(name, live_server.url).status == Status.PASS, name
    assert run("live_closed_doors", live_server.url).status == Status.PASS
