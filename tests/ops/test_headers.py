"""Headers of every answer, and what travels compressed."""

import gzip

import pytest
from django.test import Client

from apps.ops.headers import may_compress

LONG = "/api/rules"


@pytest.mark.parametrize("path", ["/live", LONG, "/nope", "/admin/login/", "/api/nope"])
@pytest.mark.django_db
def test_every_answer_has_the_security_headers(path):
    found = Client().get(path).headers
    assert found["X-Content-Type-Options"] == "nosniff"
    assert found["X-Frame-Options"] == "DENY"
    assert found["Referrer-Policy"] == "same-origin"
    assert found["Cross-Origin-Opener-Policy"] == "same-origin"
    assert found["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in found["Permissions-Policy"]
    assert "default-src 'self'" in found["Content-Security-Policy"]
    assert "unsafe-inline" not in found["Content-Security-Policy"]


def test_https_is_insisted_on():
    answer = Client().get(LONG, secure=True)
    assert answer["Strict-Transport-Security"].startswith("max-age=31536000")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/api/history", "/api/nope"])
def test_no_cache_keeps_what_is_private(path):
    assert "no-store" in Client().get(path)["Cache-Control"]


def test_long_answers_of_the_api_are_compressed_for_those_who_can():
    plain = Client().get(LONG)
    packed = Client().get(LONG, headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain
    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"]
    assert len(packed.content) < len(plain.content) / 2
    assert gzip.decompress(packed.content)[:30] == plain.content[:30]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/auth/tokens", "application/json"),
        ("/auth/status", "application/json"),
        ("/api/analysis/1/share", "application/json"),
        ("/share/abc", "text/html"),
        ("/", "text/html"),
        ("/admin/login/", "text/html"),
        ("/apian", "application/json"),
        ("/api/workflows", "application/zip"),
    ],
)
def test_what_may_hold_a_secret_is_not_compressed(path, kind):
    assert not may_compress(path, kind)


def test_cookies_of_a_session_are_closed_to_scripts_and_other_sites(settings):
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.SESSION_COOKIE_SECURE
    assert settings.CSRF_COOKIE_SECURE
    assert {settings.SESSION_COOKIE_SAMESITE, settings.CSRF_COOKIE_SAMESITE} == {"Lax"}
