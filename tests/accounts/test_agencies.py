"""Agencies and their locations: bulk installs, and tokens renewed ahead of time."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from apps.accounts.agencies import agency_install_locations
from apps.accounts.events import installed
from apps.accounts.models import Account, Connection, Membership
from apps.accounts.tasks import refresh_due
from apps.ops.jobs import Job, enqueue
from apps.webhooks.registry import Event
from tests.accounts.connecting import connected
from tests.accounts.signing_in import sign_in
from tests.players.server import Reply

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency(charlie, highlevel) -> Connection:
    return connected(charlie.account, highlevel, user_type="Company")


def test_bulk_install_makes_an_account_per_location(
    browser, highlevel, django_capture_on_commit_callbacks
):
    highlevel.installed = {f"bulk-{number}": f"Location {number}" for number in range(205)}
    with django_capture_on_commit_callbacks(execute=True):
        sign_in(browser, highlevel, user_type="Company", location_id="", is_bulk=True)
    assert Account.objects.count() == 206
    assert Membership.objects.filter(role="owner").count() == 206
    assert len(highlevel.calls("/oauth/installedLocations")) == 3
    location = Account.objects.get(location_id="bulk-7")
    assert location.name == "Location 7"
    connection = location.connections.get()
    assert (connection.state, connection.sealed_token) == ("connected", "")
    assert not highlevel.calls("/oauth/locationToken")


def test_installing_again_adds_nothing(agency, highlevel):
    assert agency_install_locations(agency=agency) == 1
    before = list(Connection.objects.order_by("pk").values())
    assert agency_install_locations(agency=agency) == 1
    assert list(Connection.objects.order_by("pk").values()) == before


def test_a_location_that_signed_in_by_itself_keeps_its_tokens(agency, alice, highlevel):
    own = connected(alice.account, highlevel)
    agency_install_locations(agency=agency)
    own.refresh_from_db()
    assert own.sealed_refresh_token
    assert Membership.objects.filter(account=alice.account, user=alice.user).exists()


@pytest.mark.parametrize("body", [{}, {"locations": None}, {"locations": [1, {"_id": 5}, {}]}])
def test_a_list_that_makes_no_sense_installs_nothing(agency, highlevel, body):
    highlevel.always = Reply(200, body)
    assert agency_install_locations(agency=agency) == 0


def test_a_location_that_an_agency_adds_gets_its_account(agency):
    told = {"locationId": "new-one", "companyId": agency.company_id}
    pk = installed(Event("1", "INSTALL", timezone.now(), told))
    assert pk
    account = Account.objects.get(pk=pk)
    assert account.location_id == "new-one"
    assert account.memberships.get().user == agency.account.memberships.get().user


# -- ahead of time ---------------------------------------------------------------------------------


def look() -> None:
    refresh_due(enqueue("accounts.refresh_due"))


def test_a_token_that_ends_within_two_hours_is_renewed_once(
    alice, highlevel, django_capture_on_commit_callbacks
):
    connection = connected(alice.account, highlevel)
    Connection.objects.update(expires_at=timezone.now() + datetime.timedelta(hours=1))
    with django_capture_on_commit_callbacks(execute=True):
        look()
        look()
    assert highlevel.paths() == ["POST /oauth/token"]
    connection.refresh_from_db()
    assert connection.token in highlevel.tokens.access
    assert Job.objects.filter(kind="accounts.refresh").get().state == "done"


@pytest.mark.parametrize(
    "changes",
    [
        {"expires_at": timezone.now() + datetime.timedelta(hours=3)},
        {"expires_at": timezone.now(), "state": "needs_attention"},
        {"expires_at": timezone.now(), "state": "revoked"},
        {"expires_at": timezone.now(), "sealed_refresh_token": ""},
        {"expires_at": timezone.now(), "provider": "n8n"},
    ],
)
def test_others_are_left_alone(alice, highlevel, changes):
    connected(alice.account, highlevel)
    Connection.objects.update(**changes)
    look()
    assert not Job.objects.filter(kind="accounts.refresh").exists()
