"""Who may call what: one matrix over every route, so that a new route cannot be forgotten."""

import uuid

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from apps.accounts.models import ApiToken
from apps.accounts.tokens import api_token_create
from apps.workflows.views import urls
from tests.cast import person
from tests.workflows.api.matrix import BODIES, MATRIX, MEMBER, PUBLIC, QUERIES, pk_for


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
    rows = {row.split(" ", 1)[1] for row in MATRIX}
    assert set(routes(get_resolver())) - pages == rows | PUBLIC


@pytest.mark.parametrize("path", sorted({row.split(" ", 1)[1] for row in MATRIX}))
def test_every_method_of_a_route_has_a_row(path, alice):
    answer = alice.client.options("/" + filled(path, uuid.uuid4()))
    told = set(answer["Allow"].replace(" ", "").split(",")) - {"OPTIONS", "HEAD"}
    assert {f"{method} {path}" for method in told} <= set(MATRIX)


@pytest.fixture
def send(alice, analysis, definition):
    """Sends a row's request as someone."""
    pks = {}

    def call(row: str, client) -> int:
        method, path = row.split(" ", 1)
        if path not in pks:
            pks[path] = pk_for(path, analysis)
        url = "/" + filled(path + QUERIES.get(row, ""), pks[path])
        body = BODIES.get(row, {"definition": definition}) if method in {"POST", "PUT"} else None
        return getattr(client, method.lower())(url, body, format="json").status_code

    return call


@pytest.mark.parametrize("row", MATRIX)
def test_each_person_gets_what_the_matrix_says(row, send, anonymous, charlie, bob, alice):
    clients = [anonymous, charlie.client, bob.client, alice.client]
    assert [send(row, client) for client in clients] == list(MATRIX[row])


@pytest.mark.parametrize("row", MATRIX)
def test_a_member_gets_what_an_owner_gets_unless_told(row, send, alice):
    member = person("mallory", alice.account, "member")
    assert send(row, member.client) == MEMBER.get(row, MATRIX[row][-1])


def filled(path: str, pk: uuid.UUID) -> str:
    return path.replace("<uuid:pk>", str(pk))


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
