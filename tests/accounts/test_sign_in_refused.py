"""Signing in with HighLevel over real HTTP: everything that must not work."""

from __future__ import annotations

import datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from apps.accounts.models import Connection, SignInState, User
from tests.accounts.signing_in import come_back, exchanges, refused, sign_in, start, status
from tests.players.server import Reply

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", ["", "forged", "x" * 5000, "\0", "ü"])
def test_a_forged_state_is_refused_and_no_code_exchanged(browser, highlevel, state):
    start(browser)
    refused(come_back(browser, state, highlevel.agree()))
    assert exchanges(highlevel) == 0


def test_a_state_is_good_once(browser, highlevel):
    state = start(browser)
    assert come_back(browser, state, highlevel.agree()).status_code == 302
    made = exchanges(highlevel)
    refused(come_back(browser, state, highlevel.agree()))
    assert exchanges(highlevel) == made


def test_a_state_is_used_up_even_by_a_failed_exchange(browser, highlevel):
    state = start(browser)
    refused(come_back(browser, state, "wrong"), "upstream_auth", 502)
    refused(come_back(browser, state, highlevel.agree()))


def test_an_expired_state_is_refused(browser, highlevel):
    state = start(browser)
    SignInState.objects.update(created_at=timezone.now() - datetime.timedelta(minutes=11))
    refused(come_back(browser, state, highlevel.agree()))
    assert exchanges(highlevel) == 0


def test_a_state_of_another_browser_is_refused_and_stays_good_for_its_own(browser, highlevel):
    """Login CSRF: an attacker's code and state, opened in the victim's browser."""
    attacker = APIClient()
    state, code = start(attacker), highlevel.agree()
    start(browser)
    refused(come_back(browser, state, code))
    assert status(browser)["authenticated"] is False
    assert exchanges(highlevel) == 0
    assert come_back(attacker, state, code).status_code == 302


def test_a_browser_that_never_started_is_refused(browser, highlevel):
    state = start(APIClient())
    refused(come_back(browser, state, highlevel.agree()))


def test_states_are_stored_as_digests_and_old_ones_cleared(browser, highlevel):
    state = start(browser)
    assert not SignInState.objects.filter(digest=state).exists()
    SignInState.objects.update(created_at=timezone.now() - datetime.timedelta(minutes=11))
    start(browser)
    assert SignInState.objects.count() == 1


def test_sign_in_changes_the_session_key(browser, highlevel):
    """Session fixation: a key that was known before the sign-in is worth nothing after it."""
    state = start(browser)
    planted = browser.cookies["sessionid"].value
    come_back(browser, state, highlevel.agree())
    assert browser.cookies["sessionid"].value != planted
    attacker = APIClient()
    attacker.cookies["sessionid"] = planted
    assert status(attacker)["authenticated"] is False


@pytest.mark.parametrize("name", ["next", "redirect", "redirect_uri", "return_to", "url"])
def test_nobody_can_choose_where_a_sign_in_ends(browser, highlevel, name):
    """Open redirect."""
    evil = {name: "https://evil.example"}
    login = browser.get("/auth/login", evil)
    query = parse_qs(urlsplit(login["Location"]).query)
    assert "evil" not in login["Location"]
    answer = come_back(browser, query["state"][0], highlevel.agree(), **evil)
    assert answer["Location"] == "/"


def test_the_host_header_decides_nothing(browser, highlevel, settings):
    settings.ALLOWED_HOSTS = ["*"]
    answer = browser.get("/auth/login", HTTP_HOST="evil.example")
    assert "evil" not in answer["Location"]


@pytest.mark.parametrize("code", ["", "x" * 2001])
def test_no_code_is_no_sign_in(browser, highlevel, code):
    refused(come_back(browser, start(browser), code))
    assert exchanges(highlevel) == 0


def test_an_inactive_user_stays_outside(browser, highlevel):
    sign_in(browser, highlevel)
    User.objects.update(is_active=False)
    other = APIClient()
    refused(sign_in(other, highlevel), "permission_denied", 403)
    assert status(other)["authenticated"] is False


def test_without_an_app_there_is_no_sign_in(browser, settings):
    refused(browser.get("/auth/login"), "not_found", 404)
    refused(browser.get("/auth/callback?state=forged&code=c"), "validation_error", 400)


# -- HighLevel in trouble --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "code", "status"),
    [
        (Reply(500), "upstream_unavailable", 502),
        (Reply(fault="closed"), "upstream_unavailable", 502),
        (Reply(fault="truncated"), "upstream_unavailable", 502),
        (Reply(200, b"<html>"), "upstream_unavailable", 502),
        (Reply(200, []), "upstream_unavailable", 502),
        (Reply(200, {"access_token": ""}), "upstream_unavailable", 502),
        (Reply(200, {"access_token": "x"}), "upstream_unavailable", 502),
        (Reply(200, {"access_token": 5, "locationId": "x"}), "upstream_unavailable", 502),
        (Reply(400, {"message": ["a", "b"]}), "upstream_auth", 502),
        (Reply(401, b""), "upstream_auth", 502),
        (Reply(429, {}, {"Retry-After": "60"}), "upstream_rate_limited", 503),
    ],
)
def test_its_troubles_are_told_apart_and_nobody_is_signed_in(
    browser, highlevel, fault, code, status
):
    state, given = start(browser), highlevel.agree()
    highlevel.faults = [fault]
    refused(come_back(browser, state, given), code, status)
    assert User.objects.count() == 0
    # A code may have arrived, so it is sent once.
    assert exchanges(highlevel) == 1


@pytest.mark.parametrize("expires", [None, "soon", -5, True, "3600", 3600, 1e12])
def test_any_lifetime_it_tells_makes_a_sensible_end(browser, highlevel, expires):
    highlevel.expires_in = expires
    assert sign_in(browser, highlevel).status_code == 302
    ends = Connection.objects.get().expires_at
    assert ends is not None
    left = ends - timezone.now()
    assert datetime.timedelta(minutes=50) < left < datetime.timedelta(days=367)


def test_no_secret_reaches_the_log(browser, highlevel, caplog):
    caplog.set_level("DEBUG")
    sign_in(browser, highlevel)
    connection = Connection.objects.get()
    for secret in (connection.token, connection.refresh_token, "the-app-secret"):
        assert secret not in caplog.text
