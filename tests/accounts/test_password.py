"""E-mail and password, signing out, and how matters stand."""

from __future__ import annotations

import json
from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.accounts.models import Account, Membership
from tests.cast import person

PASSWORD = "correct horse battery"
NOBODY: dict[str, Any] = {
    "authenticated": False,
    "user": None,
    "account": None,
    "plan": None,
    "connection": {"provider": None, "state": "none", "scopes": [], "expiresAt": None},
}


@pytest.fixture
def browser(db) -> APIClient:
    client = APIClient(enforce_csrf_checks=True)
    client.get("/auth/status")
    return client


def send(browser, path, body=None, **headers):
    headers = {"HTTP_X_CSRFTOKEN": browser.cookies["csrftoken"].value} | headers
    # Not the client's own JSON, which cannot say everything that may be sent.
    return browser.post(path, json.dumps(body), content_type="application/json", **headers)


def sign_in(browser, email="alice@example.org", password=PASSWORD, **headers):
    return send(browser, "/auth/password", {"email": email, "password": password}, **headers)


def status(browser):
    answer = browser.get("/auth/status")
    assert answer.status_code == 200
    return answer.json()["data"]


def test_status_of_a_stranger_sets_the_csrf_cookie(browser):
    assert status(browser) == NOBODY
    assert browser.cookies["csrftoken"].value


def test_sign_in_answers_as_status_does(browser, alice, pro):
    answer = sign_in(browser)
    assert answer.status_code == 200
    assert answer.json()["data"] == status(browser)
    assert status(browser) == NOBODY | {
        "authenticated": True,
        "user": {"id": str(alice.user.pk), "email": "alice@example.org", "role": "owner"},
        "account": {"id": str(alice.account.pk), "name": "Alice's agency", "locationId": None},
        "plan": "pro",
    }


@pytest.mark.parametrize("email", ["Alice@Example.ORG", "  alice@example.org "])
def test_address_is_known_however_it_is_written(browser, alice, email):
    assert sign_in(browser, email).status_code == 200


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("alice@example.org", PASSWORD + " "),
        ("alice@example.org", PASSWORD.upper()),
        ("nobody@example.org", PASSWORD),
        ("alice", PASSWORD),
        ("inactive@example.org", PASSWORD),
        ("unusable@example.org", "!"),
    ],
)
def test_wrong_ones_are_401_and_say_not_which(browser, alice, email, password):
    inactive = person("inactive", alice.account, "member").user
    inactive.is_active = False
    inactive.save()
    unusable = person("unusable", alice.account, "member").user
    unusable.set_unusable_password()
    unusable.save()
    answer = sign_in(browser, email, password)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "not_authenticated")
    assert answer.json()["error"]["message"] == "The e-mail address or the password is wrong."
    assert status(browser) == NOBODY


@pytest.mark.parametrize(
    "body",
    [
        None, [], {}, {"email": "a@b.example"}, {"password": "x"}, {"email": "", "password": ""},
        {"email": 5, "password": []}, {"email": "a\0", "password": "b"},
        {"email": "a", "password": "\ud800"}, {"email": "a", "password": "x" * 1001},
    ],
)  # fmt: skip
def test_a_body_that_is_none_is_400(browser, body):
    assert send(browser, "/auth/password", body).status_code == 400


def test_login_csrf_is_refused(browser, alice):
    """A page elsewhere must not sign its visitor in as someone of its choice."""
    for header in ("", "wrong", "x" * 64):
        answer = sign_in(browser, HTTP_X_CSRFTOKEN=header)
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "csrf_failed")
    answer = sign_in(browser, HTTP_ORIGIN="https://evil.example")
    assert answer.json()["error"]["code"] == "csrf_failed"
    assert status(browser) == NOBODY


def test_sign_in_changes_session_key_and_csrf_token(browser, alice):
    from django.contrib.sessions.backends.db import SessionStore

    planted = SessionStore()
    planted["x"] = 1
    planted.create()
    browser.cookies["sessionid"] = planted.session_key or ""
    token = browser.cookies["csrftoken"].value
    assert sign_in(browser).status_code == 200
    assert browser.cookies["sessionid"].value != planted.session_key
    assert browser.cookies["csrftoken"].value != token
    attacker = APIClient()
    attacker.cookies["sessionid"] = planted.session_key or ""
    assert status(attacker) == NOBODY


def test_signing_in_as_someone_else_leaves_nothing_of_the_first(browser, alice, charlie):
    sign_in(browser)
    sign_in(browser, "charlie@example.org")
    assert status(browser)["account"]["id"] == str(charlie.account.pk)


def test_logout_ends_the_session_for_good(browser, alice):
    sign_in(browser)
    key = browser.cookies["sessionid"].value
    answer = send(browser, "/auth/logout")
    assert (answer.status_code, answer.json()["data"]) == (200, NOBODY)
    again = APIClient()
    again.cookies["sessionid"] = key
    assert status(again) == NOBODY
    assert send(browser, "/auth/logout").status_code == 401


def test_logout_needs_the_csrf_token(browser, alice):
    sign_in(browser)
    assert send(browser, "/auth/logout", HTTP_X_CSRFTOKEN="").status_code == 403
    assert status(browser)["authenticated"] is True


def test_status_by_token_and_by_a_token_that_is_none(alice, anonymous):
    assert status(alice.client)["user"]["email"] == "alice@example.org"
    anonymous.credentials(HTTP_AUTHORIZATION="Bearer wd_wrong")
    assert status(anonymous) == NOBODY


def test_who_has_no_account_has_a_status(browser, alice):
    Membership.objects.all().delete()
    assert sign_in(browser).status_code == 200
    found = status(browser)
    assert (found["user"]["role"], found["account"], found["plan"]) == (None, None, None)


def test_nothing_of_it_is_cached(browser, alice):
    assert "no-store" in sign_in(browser)["Cache-Control"]
    assert "no-store" in browser.get("/auth/status")["Cache-Control"]


def test_of_several_accounts_the_chosen_one_counts(browser, alice, charlie):
    Membership.objects.create(user=alice.user, account=charlie.account, role="viewer")
    sign_in(browser)
    session = browser.session
    session["account_id"] = str(charlie.account.pk)
    session.save()
    assert status(browser)["account"]["name"] == "Charlie's own"
    assert status(browser)["user"]["role"] == "viewer"
    Membership.objects.filter(account=charlie.account, user=alice.user).delete()
    assert status(browser)["account"]["name"] == Account.objects.get(pk=alice.account.pk).name
