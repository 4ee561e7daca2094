"""A connection as a sign-in with the played HighLevel would have left it."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable

import pytest
from django.utils import timezone

from apps.accounts.models import Account, Connection
from apps.ops.errors import ApplicationError
from tests.players.highlevel import COMPANY, SCOPES, HighLevel, Installation

LONG_AGO = datetime.timedelta(hours=1)


def connected(account: Account, highlevel: HighLevel, *, user_type: str = "Location") -> Connection:
    """Its id is its own, so that no other test has used up its share of the rate limit."""
    location = f"loc-{uuid.uuid4().hex[:12]}" if user_type == "Location" else ""
    company = COMPANY if user_type == "Location" else f"com-{uuid.uuid4().hex[:12]}"
    grant = highlevel.grant(Installation(user_type, location, company))
    if location:
        highlevel.installed[location] = "Sunrise Dental"
        Account.objects.filter(pk=account.pk).update(location_id=location)
        account.location_id = location
    connection = Connection(
        account=account,
        provider="highlevel",
        user_type=user_type,
        location_id=location,
        company_id=company,
        scopes=SCOPES.split(),
        expires_at=timezone.now() + datetime.timedelta(days=1),
        refreshed_at=timezone.now() - LONG_AGO,
    )
    connection.seal(token=grant["access_token"], refresh_token=grant["refresh_token"])
    connection.save()
    return connection


def minted(account: Account, agency: Connection, highlevel: HighLevel) -> Connection:
    """A location that is reached by its agency's token, and has none of its own yet."""
    location = f"loc-{uuid.uuid4().hex[:12]}"
    highlevel.installed[location] = "Minted"
    return Connection.objects.create(
        account=account,
        provider="highlevel",
        user_type="Location",
        location_id=location,
        company_id=agency.company_id,
    )


def refreshes(highlevel: HighLevel) -> int:
    """How often tokens were asked for."""
    return len(highlevel.calls("/oauth/token"))


def refused(call: Callable[[], object]) -> ApplicationError:
    """How the call was refused; it must have been."""
    with pytest.raises(ApplicationError) as error:
        call()
    return error.value
