"""Connecting an n8n instance: tried first, kept sealed, never inside our own network."""

from __future__ import annotations

import pytest

from apps.accounts.models import Connection
from apps.accounts.n8n import instance_address
from apps.ops.errors import ApplicationError
from tests.cast import person
from tests.players.n8n import KEY, N8n
from tests.players.server import Reply, serving

pytestmark = pytest.mark.django_db


@pytest.fixture
def n8n(settings):
    settings.ALLOW_PRIVATE_ADDRESSES = True
    player = N8n([{"id": "1"}])
    with serving(player):
        yield player


def connect(client, base_url, key=KEY):
    body = {"provider": "n8n", "baseUrl": base_url, "apiKey": key}
    return client.post("/api/connections", body, format="json")


def test_an_instance_that_lets_us_in_is_kept_sealed(alice, n8n):
    answer = connect(alice.client, f"{n8n.url}/api/v1/")
    assert answer.status_code == 201
    row = answer.json()["data"]
    assert (row["provider"], row["state"], row["baseUrl"]) == ("n8n", "connected", n8n.url)
    listed = alice.client.get("/api/connections")
    assert listed.json()["data"] == [row]
    assert KEY not in answer.content.decode() + listed.content.decode()
    assert Connection.objects.get().token == KEY
    assert alice.client.get("/auth/status").json()["data"]["connection"]["provider"] == "n8n"


def test_a_known_instance_gets_the_new_key(alice, n8n):
    connect(alice.client, n8n.url)
    Connection.objects.update(state="needs_attention", last_error="x")
    answer = connect(alice.client, n8n.url + "/")
    assert (answer.status_code, answer.json()["data"]["state"]) == (200, "connected")
    assert Connection.objects.count() == 1


@pytest.mark.parametrize(
    ("fault", "code", "status"),
    [
        (None, "upstream_auth", 502),
        (Reply(200, {"data": "none"}), "upstream_unavailable", 502),
        (Reply(200, []), "upstream_unavailable", 502),
        (Reply(200, {"data": [1]}), "upstream_unavailable", 502),
        (Reply(404, b"<html>"), "upstream_unavailable", 502),
        (Reply(302, b"", {"Location": "http://127.0.0.1:1/"}), "upstream_unavailable", 502),
    ],
)
def test_one_that_does_not_is_not_kept(alice, n8n, fault, code, status):
    n8n.always = fault
    answer = connect(alice.client, n8n.url, key="wrong")
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert Connection.objects.count() == 0


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1", "https://localhost:5678", "https://10.0.0.5", "https://[::1]",
        "https://169.254.169.254/latest", "https://2130706433", "http://n8n.example.com",
        "n8n.example.com", "ftp://n8n.example.com", "https://", "https://user:pass@n8n.example.com",
        "https://n8n.example.com/?a=b", "https://n8n.example.com/#a", "https://[bad", "x" * 501, "",
        "https://n8n.example.com:99999",
    ],
)  # fmt: skip
def test_an_address_inside_or_none_is_400(alice, url):
    answer = connect(alice.client, url)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "validation_error")
    assert answer.json()["error"]["details"][0]["field"] == "baseUrl"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("https://N8N.example.com/", "https://n8n.example.com"),
        (" https://n8n.example.com/api/v1", "https://n8n.example.com"),
        ("https://example.com:8443/n8n/", "https://example.com:8443/n8n"),
    ],
)
def test_an_address_is_kept_in_one_form(sent, kept):
    assert instance_address(sent) == kept


def test_plain_http_is_for_deployments_that_allow_private_addresses(settings):
    with pytest.raises(ApplicationError):
        instance_address("http://n8n.example.com")
    settings.ALLOW_PRIVATE_ADDRESSES = True
    assert instance_address("http://n8n.internal:5678") == "http://n8n.internal:5678"


@pytest.mark.parametrize("key", ["", "a\nb", "ü", "x" * 5000, None])
def test_what_is_no_key_is_400(alice, n8n, key):
    assert connect(alice.client, n8n.url, key=key).status_code == 400
    assert n8n.requests == []


def test_highlevel_is_not_connected_by_key(alice):
    body = {"provider": "highlevel", "baseUrl": "https://x.example", "apiKey": "x"}
    answer = alice.client.post("/api/connections", body, format="json")
    assert answer.json()["error"]["details"][0]["field"] == "provider"


def test_only_owners_connect_and_disconnect(alice, bob, charlie, n8n):
    mallory = person("mallory", alice.account, "member")
    for client in (bob.client, mallory.client):
        assert connect(client, n8n.url).status_code == 403
    assert n8n.requests == []
    pk = connect(alice.client, n8n.url).json()["data"]["id"]
    found = [
        each.delete(f"/api/connections/{pk}").status_code
        for each in (bob.client, mallory.client, charlie.client, alice.client, alice.client)
    ]
    assert found == [403, 403, 404, 204, 404]
    assert mallory.client.get("/api/connections").status_code == 200
