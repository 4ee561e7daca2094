"""Who may call what: one matrix over every route, so that a new route cannot be forgotten."""

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from apps.accounts.models import ApiToken
from apps.accounts.tokens import api_token_create
from apps.workflows.views import urls

#: path -> (method, anonymous, stranger, viewer, owner); {analysis} is one of Alice's.
MATRIX = {
    "api/analyze": ("post", 401, 200, 403, 200),
    "api/analysis/<uuid:pk>": ("get", 401, 404, 200, 200),
    "api/history": ("get", 401, 200, 200, 200),
}
#: Open to anyone, or with doors of their own.
PUBLIC = {
    "admin",
    "api/rules", "api/rules/<str:rule_id>", "api/schema", "api/docs",
    "test/workflows", "test/analyze", "test/history", "test/health",
    "live", "health/liveness", "api/health/live", "ready", "health/readiness", "api/health/ready",
    "webhooks/stripe", "webhooks/ghl", "webhooks/health",
}  # fmt: skip


def routes(resolver, prefix="") -> list[str]:
    found = []
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            found += [] if path.startswith("admin/") else routes(entry, path)
        elif isinstance(entry, URLPattern):
            found.append(path)
    return found


def test_every_route_has_a_row():
    pages = {str(entry.pattern) for entry in urls.urlpatterns}  # they have their own matrix
    assert set(routes(get_resolver())) - pages == set(MATRIX) | PUBLIC


@pytest.mark.parametrize("path", MATRIX)
def test_each_person_gets_what_the_matrix_says(
    path, anonymous, charlie, bob, alice, analysis, definition
):
    method, *expected = MATRIX[path]
    url = "/" + path.replace("<uuid:pk>", str(analysis.pk))
    body = {"definition": definition} if method == "post" else None
    clients = [anonymous, charlie.client, bob.client, alice.client]
    found = [getattr(client, method)(url, body, format="json").status_code for client in clients]
    assert found == expected


def test_a_token_that_only_reads_may_not_write(alice, definition):
    _, plain = api_token_create(membership=alice.membership, name="reader", scopes=["read"])
    alice.client.credentials(HTTP_AUTHORIZATION=f"Bearer {plain}")
    assert alice.client.get("/api/history").status_code == 200
    answer = alice.client.post("/api/analyze", {"definition": definition}, format="json")
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "permission_denied"


@pytest.mark.parametrize(
    "header", ["Bearer wd_wrong", "Bearer", "Bearer  ", "bearer x y", "Bearer wd_\xff"]
)
def test_a_wrong_token_is_401(anonymous, header):
    answer = anonymous.get("/api/history", HTTP_AUTHORIZATION=header)
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "not_authenticated"


def test_an_expired_token_and_an_inactive_user_are_401(alice):
    from django.utils import timezone

    ApiToken.objects.update(expires_at=timezone.now())
    assert alice.client.get("/api/history").status_code == 401
    ApiToken.objects.update(expires_at=None)
    assert alice.client.get("/api/history").status_code == 200
    alice.user.is_active = False
    alice.user.save()
    assert alice.client.get("/api/history").status_code == 401


def test_a_browser_session_needs_the_csrf_token_to_write(alice, definition):
    from rest_framework.test import APIClient

    browser = APIClient(enforce_csrf_checks=True)
    browser.force_login(alice.user)
    assert browser.get("/api/history").status_code == 200
    answer = browser.post("/api/analyze", {"definition": definition}, format="json")
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "csrf_failed"
