"""HighLevel, played on a loopback address, and the service told to talk to it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest
from rest_framework.test import APIClient

from apps.accounts.models import Connection
from apps.accounts.oauth.highlevel import HIGHLEVEL, NAMES
from tests.accounts.connecting import connected
from tests.players.highlevel import HighLevel
from tests.players.server import serving


@pytest.fixture
def highlevel(settings) -> Iterator[HighLevel]:
    player = HighLevel()
    with serving(player) as url:
        settings.ENVIRONMENT = dataclasses.replace(
            settings.ENVIRONMENT,
            highlevel_client_id="app-1",
            highlevel_client_secret="the-app-secret",
            highlevel_redirect_uri="http://testserver/auth/callback",
            highlevel_authorize_url=f"{url}/v2/oauth/chooselocation",
            highlevel_api_base_url=url,
        )
        # What an earlier test did to the provider must not close its door to this one.
        for provider in (HIGHLEVEL, NAMES):
            provider.breaker.succeeded()
        yield player
        HIGHLEVEL.breaker.succeeded()


@pytest.fixture
def browser() -> APIClient:
    return APIClient(enforce_csrf_checks=True)


@pytest.fixture
def connection(alice, highlevel) -> Connection:
    return connected(alice.account, highlevel)
