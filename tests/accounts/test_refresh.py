"""Tokens are renewed in time, once however many ask, and a refusal loses nothing but the access."""

from __future__ import annotations

import datetime
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core import mail
from django.db import connection as database
from django.utils import timezone
from rest_framework.test import APIClient

from apps.accounts.connections import connection_refresh
from apps.accounts.models import Connection
from apps.accounts.oauth.highlevel import HIGHLEVEL
from apps.accounts.tokens import api_token_create
from apps.ops.jobs import Job
from tests.accounts.connecting import LONG_AGO, connected, refreshes, refused
from tests.accounts.signing_in import sign_in
from tests.players.server import Reply

pytestmark = pytest.mark.django_db


def test_a_refresh_stores_both_new_tokens(alice, highlevel, connection):
    before = connection.refresh_token
    answer = alice.client.post("/auth/refresh")
    assert answer.status_code == 200
    assert answer.json()["data"]["connection"]["state"] == "connected"
    connection.refresh_from_db()
    assert connection.refresh_token != before
    assert connection.token in highlevel.tokens.access
    assert connection.refresh_token in highlevel.tokens.refresh
    form = highlevel.calls("/oauth/token")[0].form
    assert (form["grant_type"], form["refresh_token"]) == ("refresh_token", before)
    assert form["user_type"] == "Location"


def test_a_refresh_soon_after_another_makes_no_call(alice, highlevel, connection):
    assert [alice.client.post("/auth/refresh").status_code for _ in range(3)] == [200] * 3
    assert refreshes(highlevel) == 1
    Connection.objects.update(refreshed_at=timezone.now() - datetime.timedelta(seconds=6))
    assert alice.client.post("/auth/refresh").status_code == 200
    assert refreshes(highlevel) == 2


def test_a_refresh_right_after_the_sign_in_is_one(highlevel, alice):
    browser = APIClient()
    browser.force_login(alice.user)
    sign_in(browser, highlevel)
    highlevel.requests.clear()
    assert [browser.post("/auth/refresh").status_code for _ in range(2)] == [200, 200]
    assert refreshes(highlevel) == 1


@pytest.mark.django_db(transaction=True)
def test_ten_at_once_make_one_call_and_all_succeed(alice, highlevel, connection):
    """In ten threads with a database connection each; HighLevel takes its time."""
    highlevel.always = Reply(fault="slow", seconds=0.3)
    highlevel.grace = 0
    _, token = api_token_create(membership=alice.membership, name="x")

    def refresh(_):
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
        try:
            return client.post("/auth/refresh").status_code
        finally:
            database.close()

    with ThreadPoolExecutor(10) as pool:
        assert list(pool.map(refresh, range(10))) == [200] * 10
    assert refreshes(highlevel) == 1
    connection.refresh_from_db()
    assert connection.refresh_token in highlevel.tokens.refresh


def test_a_crash_before_the_commit_is_recovered_within_the_grace(highlevel, connection):
    """HighLevel answered and nobody stored it: for 30 s it answers the same again."""
    spent = connection.refresh_token
    connection_refresh(connection.pk)
    connection.refresh_from_db()
    stored = connection.refresh_token
    connection.seal(token="gone", refresh_token=spent)
    connection.refreshed_at = timezone.now() - LONG_AGO
    connection.save()
    assert connection_refresh(connection.pk).refresh_token == stored
    assert not highlevel.calls("/oauth/reconnect")


@pytest.mark.parametrize("user_type", ["Location", "Company"])
def test_after_the_grace_it_reconnects_by_itself(alice, highlevel, user_type):
    connection = connected(alice.account, highlevel, user_type=user_type)
    highlevel.tokens.refresh.clear()
    fresh = connection_refresh(connection.pk)
    assert fresh.state == "connected"
    assert fresh.token in highlevel.tokens.access
    sent = highlevel.calls("/oauth/reconnect")[0].json()
    whom = (
        {"locationId": fresh.location_id} if fresh.location_id else {"companyId": fresh.company_id}
    )
    assert sent == {"clientKey": "app-1", "clientSecret": "the-app-secret", **whom}


@pytest.fixture
def withdrawn(highlevel, connection) -> Connection:
    highlevel.tokens.refresh.clear()
    highlevel.may_reconnect = False
    return connection


def test_a_refused_refresh_needs_attention_and_keeps_the_data(alice, withdrawn):
    answer = alice.client.post("/auth/refresh")
    assert (answer.status_code, answer.json()["error"]["code"]) == (502, "upstream_auth")
    assert "Location is not active" in answer.json()["error"]["message"]
    found = alice.client.get("/auth/status").json()["data"]["connection"]
    assert found["state"] == "needs_attention"
    withdrawn.refresh_from_db()
    assert withdrawn.sealed_refresh_token


def test_owners_are_told_once(alice, bob, withdrawn, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(3):
            alice.client.post("/auth/refresh")
            Connection.objects.update(failed_at=timezone.now() - LONG_AGO)
    told = [message for message in mail.outbox if "no longer connected" in message.subject]
    assert [message.to for message in told] == [["alice@example.org"]]
    assert Job.objects.filter(kind="notifications.email").count() <= 1


@pytest.mark.django_db(transaction=True)
def test_ten_refused_at_once_ask_once(alice, highlevel, withdrawn):
    def refresh(_):
        try:
            return refused(lambda: connection_refresh(withdrawn.pk)).code
        finally:
            database.close()

    with ThreadPoolExecutor(10) as pool:
        assert list(pool.map(refresh, range(10))) == ["upstream_auth"] * 10
    assert refreshes(highlevel) == 1


def test_a_new_sign_in_ends_the_trouble(alice, highlevel, withdrawn):
    alice.client.post("/auth/refresh")
    browser = APIClient()
    browser.force_login(alice.user)
    sign_in(browser, highlevel, location_id=withdrawn.location_id)
    withdrawn.refresh_from_db()
    assert (withdrawn.state, withdrawn.last_error, withdrawn.failed_at) == ("connected", "", None)


@pytest.mark.parametrize(
    "fault", [Reply(500), Reply(fault="closed"), Reply(200, b"<html>"), Reply(429, {})]
)
def test_an_outage_changes_nothing(highlevel, connection, fault):
    before = Connection.objects.values().get()
    highlevel.always = fault
    error = refused(lambda: connection_refresh(connection.pk))
    assert error.code in {"upstream_unavailable", "upstream_rate_limited"}
    assert not error.permanent
    assert Connection.objects.values().get() == before


def test_an_outage_is_answered_at_once_and_ends_by_itself(
    alice, highlevel, connection, monkeypatch
):
    highlevel.always = Reply(500)
    for _ in range(2):
        assert alice.client.post("/auth/refresh").status_code == 502
    made = len(highlevel.requests)
    started = time.monotonic()
    answer = alice.client.post("/auth/refresh")
    assert time.monotonic() - started < 1
    assert (answer.status_code, answer.json()["error"]["code"]) == (502, "upstream_unavailable")
    assert int(answer["Retry-After"]) >= 1
    assert len(highlevel.requests) == made
    highlevel.always = None
    later = time.time() + HIGHLEVEL.open_seconds + 1
    monkeypatch.setattr("apps.ops.http.breaker.time.time", lambda: later)
    assert alice.client.post("/auth/refresh").status_code == 200


@pytest.mark.parametrize("fault", [Reply(503), Reply(fault="truncated")])
def test_a_stumble_is_overcome(highlevel, connection, fault):
    highlevel.faults = [fault]
    assert connection_refresh(connection.pk).state == "connected"


def test_tokens_of_another_location_are_not_kept(highlevel, connection):
    highlevel.tokens.refresh[connection.refresh_token].location_id = "another"
    before = connection.sealed_token
    assert "another location" in refused(lambda: connection_refresh(connection.pk)).message
    connection.refresh_from_db()
    assert connection.sealed_token == before


def test_without_a_connection_there_is_nothing_to_refresh(alice):
    answer = alice.client.post("/auth/refresh")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "conflict")
