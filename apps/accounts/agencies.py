"""Agencies: one installation that reaches many locations, each an account of its own."""

from __future__ import annotations

from django.db import transaction

from apps.accounts.connections import agency_token
from apps.accounts.members import member_add, members_for
from apps.accounts.models import Account, Connection, Membership
from apps.accounts.oauth import highlevel


def agency_of(company_id: str) -> Connection | None:
    """The agency's own connection, while it is alive."""
    return Connection.objects.filter(
        company_id=company_id,
        user_type=Connection.UserType.COMPANY,
        state=Connection.State.CONNECTED,
    ).first()


def agency_install_locations(*, agency: Connection) -> int:
    """An account for every location where the agency has the app; returns how many there are.

    Safe to repeat: what is there already stays as it is.
    """
    token = agency_token(agency)
    found = list(highlevel.installed_locations(token, company_id=agency.company_id))
    for location_id, name in found:
        location_install(agency=agency, location_id=location_id, name=name)
    return len(found)


@transaction.atomic
def location_install(*, agency: Connection, location_id: str, name: str = "") -> Account:
    """The location's account, owned by whoever owns the agency's and reached by its token.

    That token is minted when it is first needed. A connection of the location's own stays.
    """
    account, created = Account.objects.get_or_create(
        location_id=location_id,
        defaults={"name": name.strip() or f"HighLevel location {location_id}"},
    )
    if created:
        owner = members_for(agency.account).filter(role=Membership.Role.OWNER).first()
        if owner is not None:
            member_add(account=account, user=owner.user)
    own = Connection.objects.select_for_update().filter(
        account=account, provider=Connection.Provider.HIGHLEVEL
    )
    connection = own.first()
    if connection is None or (
        connection.state != Connection.State.CONNECTED and not connection.sealed_refresh_token
    ):
        Connection.objects.update_or_create(
            account=account,
            provider=Connection.Provider.HIGHLEVEL,
            defaults={
                "state": Connection.State.CONNECTED,
                "user_type": Connection.UserType.LOCATION,
                "company_id": agency.company_id,
                "location_id": location_id,
                "scopes": agency.scopes,
                "last_error": "",
                "failed_at": None,
            },
        )
    return account
