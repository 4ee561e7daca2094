"""Signing in with HighLevel over real HTTP: who becomes whom, and where."""

from __future__ import annotations

import dataclasses
import datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from apps.accounts.models import Account, Connection, Membership, User
from tests.accounts.signing_in import come_back, refused, sign_in, start, status
from tests.players.highlevel import COMPANY, LOCATION, SCOPES, USER
from tests.players.server import Reply

pytestmark = pytest.mark.django_db


def test_login_sends_people_to_highlevels_page(browser, highlevel):
    answer = browser.get("/auth/login")
    target = urlsplit(answer["Location"])
    query = {key: values[0] for key, values in parse_qs(target.query).items()}
    assert target.path == "/v2/oauth/chooselocation"
    assert query.pop("state")
    assert query == {
        "response_type": "code",
        "client_id": "app-1",
        "redirect_uri": "http://testserver/auth/callback",
        "scope": "workflows.readonly locations.readonly",
    }


def test_first_sign_in_makes_user_account_and_connection(browser, highlevel):
    answer = sign_in(browser, highlevel)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    membership = Membership.objects.get()
    assert membership.role == "owner"
    connection = Connection.objects.get()
    assert connection.token in highlevel.tokens.access
    assert connection.refresh_token in highlevel.tokens.refresh
    found = status(browser)
    ends = datetime.datetime.fromisoformat(found["connection"].pop("expiresAt"))
    assert abs(ends - timezone.now() - datetime.timedelta(seconds=86_399)) < datetime.timedelta(
        minutes=1
    )
    assert found == {
        "authenticated": True,
        "user": {"id": str(membership.user_id), "email": "ada@example.org", "role": "owner"},
        "account": {
            "id": str(membership.account_id),
            "name": "Sunrise Dental",
            "locationId": LOCATION,
        },
        "plan": "free",
        "connection": {"provider": "highlevel", "state": "connected", "scopes": SCOPES.split()},
    }


def test_a_code_is_exchanged_as_documented(browser, highlevel):
    code = highlevel.agree()
    come_back(browser, start(browser), code)
    request = highlevel.calls("/oauth/token")[0]
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert request.form == {
        "client_id": "app-1",
        "client_secret": "the-app-secret",
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": "http://testserver/auth/callback",
    }


def test_without_a_configured_address_the_callback_is_our_own(browser, highlevel, settings):
    settings.ENVIRONMENT = dataclasses.replace(settings.ENVIRONMENT, highlevel_redirect_uri="")
    assert sign_in(browser, highlevel).status_code == 302
    form = highlevel.calls("/oauth/token")[0].form
    assert form["redirect_uri"] == "http://testserver/auth/callback"


def test_sign_in_returns_to_the_frontend(browser, highlevel, settings):
    settings.FRONTEND_URL = "https://app.example.com"
    assert sign_in(browser, highlevel)["Location"] == "https://app.example.com"


def test_a_second_sign_in_is_the_same_person_in_the_same_account(browser, highlevel):
    for _ in range(2):
        sign_in(browser, highlevel)
    again = APIClient()
    sign_in(again, highlevel)
    assert [model.objects.count() for model in (User, Account, Membership, Connection)] == [1] * 4
    assert status(again) == status(browser)


def test_another_location_is_another_account_of_the_same_person(browser, highlevel):
    sign_in(browser, highlevel)
    first = status(browser)
    sign_in(browser, highlevel, location_id="another-location")
    second = status(browser)
    assert second["user"]["id"] == first["user"]["id"]
    assert second["account"]["locationId"] == "another-location"
    assert Account.objects.count() == 2


def test_a_second_person_joins_where_the_plan_has_room(browser, highlevel, settings):
    from apps.billing.models import Subscription

    sign_in(browser, highlevel)
    other = APIClient()
    answer = sign_in(other, highlevel, user_id="someone-else")
    refused(answer, "plan_limit", 402)
    assert status(other)["authenticated"] is False
    Subscription.objects.create(account=Account.objects.get(), plan="pro", state="active")
    assert sign_in(other, highlevel, user_id="someone-else").status_code == 302
    assert status(other)["user"]["role"] == "member"


def test_who_connects_from_a_workspace_of_their_own_keeps_it(alice, highlevel):
    browser = APIClient()
    browser.force_login(alice.user)
    sign_in(browser, highlevel)
    found = status(browser)
    assert found["account"] == {
        "id": str(alice.account.pk), "name": "Alice's agency", "locationId": LOCATION,
    }  # fmt: skip
    assert found["user"]["email"] == "alice@example.org"
    alice.user.refresh_from_db()
    assert alice.user.highlevel_id == USER


def test_a_viewer_cannot_connect_the_account_they_look_at(bob, highlevel):
    browser = APIClient()
    browser.force_login(bob.user)
    sign_in(browser, highlevel)
    bob.account.refresh_from_db()
    assert bob.account.location_id == ""
    assert status(browser)["account"]["id"] != str(bob.account.pk)


def test_an_address_alone_takes_over_nobody(alice, highlevel, browser):
    """An agency may type any address into its users; only their id says who they are."""
    highlevel.user["email"] = "Alice@example.org"
    sign_in(browser, highlevel)
    found = status(browser)
    assert found["user"]["id"] != str(alice.user.pk)
    assert found["user"]["email"].endswith("@highlevel.invalid")


def test_someone_without_an_id_is_nobody_who_is_known_here(alice, highlevel, browser):
    own = APIClient()
    own.force_login(alice.user)
    sign_in(own, highlevel, user_id="")
    alice.user.refresh_from_db()
    assert alice.user.highlevel_id == ""
    assert status(own)["user"]["email"] == "alice@example.org"
    refused(sign_in(browser, highlevel, user_id=""), "plan_limit", 402)
    assert status(browser)["authenticated"] is False


@pytest.mark.parametrize("scope", ["workflows.readonly", ""])
def test_names_are_left_out_where_the_scopes_do_not_tell_them(browser, highlevel, scope):
    sign_in(browser, highlevel, scope=scope)
    assert status(browser)["account"]["name"] == f"HighLevel location {LOCATION}"
    assert not highlevel.calls(f"/users/{USER}")


def test_names_that_cannot_be_had_hinder_nobody(browser, highlevel):
    for path in (f"/users/{USER}", f"/locations/{LOCATION}"):
        highlevel.answers[path] = Reply(500)
    for _ in range(4):
        assert sign_in(browser, highlevel).status_code == 302
    assert status(browser)["user"]["email"].endswith("@highlevel.invalid")


def test_an_address_that_was_not_known_is_learned_later(browser, highlevel):
    sign_in(browser, highlevel, scope="workflows.readonly")
    first = status(browser)["user"]
    sign_in(browser, highlevel)
    assert status(browser)["user"] == first | {"email": "ada@example.org"}


def test_an_agency_has_an_account_of_its_own(browser, highlevel):
    sign_in(browser, highlevel, user_type="Company", location_id="")
    assert status(browser)["account"]["locationId"] is None
    connection = Connection.objects.get()
    assert (connection.user_type, connection.company_id) == ("Company", COMPANY)
    sign_in(APIClient(), highlevel, user_type="Company", location_id="")
    assert Account.objects.count() == 1


def test_who_does_not_agree_is_sent_home_with_a_word(browser, highlevel):
    answer = browser.get("/auth/callback", {"state": start(browser), "error": "<script>"})
    assert (answer.status_code, answer["Location"]) == (302, "/?error=access_denied")
    assert status(browser)["authenticated"] is False
