"""Calls as a connection: a token that has ended is renewed, once; agencies mint for locations."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from apps.accounts.connections import connection_call
from apps.accounts.models import Connection
from tests.accounts.connecting import connected, minted, refreshes, refused

pytestmark = pytest.mark.django_db


def test_a_lost_key_costs_nobody_a_sign_in(alice, highlevel, connection, settings):
    settings.TOKEN_ENCRYPTION_KEYS = {"new": b"n" * 32}
    assert call(connection).status == 200
    assert highlevel.paths()[0] == "POST /oauth/reconnect"
    connection.refresh_from_db()
    assert connection.token in highlevel.tokens.access


def call(connection):
    query = {"locationId": connection.location_id}
    return connection_call(connection, "GET", "/workflows/", params=query)


def test_a_call_carries_token_and_version(highlevel, connection):
    assert call(connection).json() == {"workflows": []}
    request = highlevel.calls("/workflows/")[0]
    assert request.headers["Authorization"] == f"Bearer {connection.token}"
    assert request.headers["Version"] == "2021-07-28"
    assert refreshes(highlevel) == 0


def test_a_token_that_ends_soon_is_renewed_first(highlevel, connection):
    connection.expires_at = timezone.now() + datetime.timedelta(minutes=4)
    connection.save()
    call(connection)
    assert highlevel.paths() == ["POST /oauth/token", "GET /workflows/"]


def test_a_token_refused_early_is_renewed_once(highlevel, connection):
    highlevel.expire_access_tokens()
    assert call(connection).status == 200
    assert highlevel.paths() == ["GET /workflows/", "POST /oauth/token", "GET /workflows/"]


def test_a_new_token_that_is_refused_needs_attention(highlevel, connection):
    connection.location_id, other = "not-its-own", connection.location_id
    Connection.objects.update(location_id=other)
    assert refused(lambda: call(connection)).code == "upstream_auth"
    connection.refresh_from_db()
    assert connection.state == "needs_attention"
    made = len(highlevel.requests)
    assert refused(lambda: call(connection)).code == "upstream_auth"
    assert len(highlevel.requests) == made


# -- agencies --------------------------------------------------------------------------------------


def test_a_locations_token_is_minted_from_its_agencys(alice, charlie, highlevel):
    agency = connected(charlie.account, highlevel, user_type="Company")
    location = minted(alice.account, agency, highlevel)
    assert call(location).status == 200
    request = highlevel.calls("/oauth/locationToken")[0]
    assert request.form == {"companyId": agency.company_id, "locationId": location.location_id}
    assert request.headers["Authorization"] == f"Bearer {agency.token}"
    location.refresh_from_db()
    assert call(location).status == 200
    assert len(highlevel.calls("/oauth/locationToken")) == 1


def test_an_agencys_old_token_is_renewed_before_it_mints(alice, charlie, highlevel):
    agency = connected(charlie.account, highlevel, user_type="Company")
    Connection.objects.update(expires_at=timezone.now())
    location = minted(alice.account, agency, highlevel)
    assert call(location).status == 200
    assert highlevel.paths() == [
        "POST /oauth/token",
        "POST /oauth/locationToken",
        "GET /workflows/",
    ]


def test_without_its_agency_a_location_needs_attention(alice, charlie, highlevel):
    agency = connected(charlie.account, highlevel, user_type="Company")
    location = minted(alice.account, agency, highlevel)
    Connection.objects.filter(pk=agency.pk).update(state="revoked")
    assert refused(lambda: call(location)).code == "upstream_auth"
    location.refresh_from_db()
    assert location.state == "needs_attention"
