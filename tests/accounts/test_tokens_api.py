"""Personal API tokens over the API: made, listed, revoked, and never more than their maker."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from apps.accounts.models import ApiToken
from apps.accounts.tokens import api_token_create, api_token_find

pytestmark = pytest.mark.django_db
BODY = {"name": "laptop", "scopes": ["read", "write"]}
SOON = timezone.now() + datetime.timedelta(days=1)


def make(client, **changes):
    return client.post("/auth/tokens", BODY | changes, format="json")


def bearer(membership, scopes, expires_at=None) -> APIClient:
    _, plain = api_token_create(
        membership=membership, name="maker", scopes=scopes, expires_at=expires_at
    )
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {plain}")
    return client


def test_a_token_is_shown_once_and_works(alice, pro, anonymous):
    answer = make(alice.client)
    assert answer.status_code == 201
    made = answer.json()["data"]
    assert made["token"].startswith("wd_")
    assert (made["name"], made["scopes"], made["expiresAt"]) == ("laptop", ["read", "write"], None)
    anonymous.credentials(HTTP_AUTHORIZATION=f"Bearer {made['token']}")
    assert anonymous.get("/api/history").status_code == 200
    listed = alice.client.get("/auth/tokens")
    assert listed.json()["meta"]["pagination"]["total"] == 2
    assert "wd_" not in listed.content.decode()
    assert ApiToken.objects.get(pk=made["id"]).digest not in listed.content.decode()


def test_a_revoked_token_is_gone(alice, pro, anonymous):
    made = make(alice.client).json()["data"]
    answer = alice.client.delete(f"/auth/tokens/{made['id']}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert api_token_find(made["token"]) is None
    assert alice.client.delete(f"/auth/tokens/{made['id']}").status_code == 404


def test_tokens_are_personal(alice, bob, charlie, pro):
    made = make(alice.client).json()["data"]
    assert charlie.client.delete(f"/auth/tokens/{made['id']}").status_code == 404
    listed = bob.client.get("/auth/tokens").json()["data"]
    assert made["id"] not in {row["id"] for row in listed}
    assert ApiToken.objects.filter(pk=made["id"]).exists()


def test_the_free_plan_has_none(alice):
    answer = make(alice.client)
    assert (answer.status_code, answer.json()["error"]["code"]) == (402, "plan_limit")


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""}, {"name": "x" * 101}, {"name": None}, {"scopes": []}, {"scopes": ["admin"]},
        {"scopes": "read"}, {"scopes": None}, {"scopes": ["read", 5]},
        {"expiresAt": "2020-01-01T00:00:00Z"}, {"expiresAt": "soon"},
    ],
)  # fmt: skip
def test_what_makes_no_token_is_400(alice, pro, changes):
    before = ApiToken.objects.count()
    answer = make(alice.client, **changes)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "validation_error")
    assert answer.json()["error"]["details"][0]["field"].startswith(next(iter(changes)))
    assert ApiToken.objects.count() == before


def test_doubled_scopes_are_one(alice, pro):
    made = make(alice.client, scopes=["write", "read", "write"]).json()["data"]
    assert made["scopes"] == ["read", "write"]


@pytest.mark.parametrize(
    ("own", "wanted", "status"),
    [
        (["read", "write"], ["read"], 201),
        (["read", "write"], ["read", "write"], 201),
        (["write"], ["write"], 201),
        (["write"], ["read"], 403),
        (["write"], ["read", "write"], 403),
        (["read"], ["read"], 403),
        ([], ["read"], 403),
    ],
)
def test_a_token_makes_none_that_may_do_more(alice, pro, own, wanted, status):
    answer = make(bearer(alice.membership, own), scopes=wanted)
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["error"]["code"] == "permission_denied"


def test_a_token_makes_none_that_lasts_longer(alice, pro):
    maker = bearer(alice.membership, ["read", "write"], SOON)
    later = (SOON + datetime.timedelta(days=1)).isoformat()
    assert make(maker, expiresAt=later).status_code == 403
    sooner = (SOON - datetime.timedelta(hours=1)).isoformat()
    assert make(maker, expiresAt=sooner).status_code == 201
    inherited = make(maker).json()["data"]["expiresAt"]
    assert abs(datetime.datetime.fromisoformat(inherited) - SOON) < datetime.timedelta(seconds=1)


def test_use_is_told_in_the_list(alice, pro, anonymous):
    made = make(alice.client).json()["data"]
    assert made["lastUsedAt"] is None
    anonymous.credentials(HTTP_AUTHORIZATION=f"Bearer {made['token']}")
    anonymous.get("/api/history")
    rows = alice.client.get("/auth/tokens").json()["data"]
    assert next(row for row in rows if row["id"] == made["id"])["lastUsedAt"]
