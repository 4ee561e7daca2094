"""From HighLevel's grant to a person, an account and a connection of ours."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.accounts.members import member_add
from apps.accounts.models import Account, Connection, Membership, User
from apps.accounts.oauth import highlevel
from apps.accounts.oauth.grants import Grant
from apps.ops.errors import ApplicationError
from apps.ops.jobs import enqueue

#: No mail can be sent there (RFC 2606); for people whose address HighLevel does not tell.
NO_ADDRESS = "highlevel.invalid"


@dataclass(frozen=True)
class Visitor:
    """Who was signed in here when the sign-in with HighLevel came back, and where."""

    user: User
    account: Account | None


def highlevel_sign_in(*, code: str, redirect_uri: str, visitor: Visitor | None) -> Membership:
    """Exchange the code, keep its tokens, and return whom and where to sign in.

    The first sign-in makes user, account and membership. Raises ``upstream_*`` when HighLevel
    does not play along, ``permission_denied`` for a user who was shut out, ``plan_limit`` when the
    account's plan has no room for them.
    """
    grant = highlevel.code_exchange(code, redirect_uri=redirect_uri)
    profile, place = _profile(grant), _place(grant)
    try:
        with transaction.atomic():
            user = _user(grant, profile, visitor)
            account = _account(grant, place, visitor if visitor and visitor.user == user else None)
            membership = member_add(account=account, user=user)
            connection = connection_store(account=account, grant=grant)
            if grant.user_type == Connection.UserType.COMPANY:
                enqueue(
                    "accounts.install_locations",
                    payload={"connection": str(connection.pk)},
                    account_id=account.pk,
                    key=str(connection.pk),
                )
    except IntegrityError as raced:
        message = "Someone signed in to the same place at this very moment; please try again."
        raise ApplicationError("conflict", message) from raced
    return membership


def connection_store(*, account: Account, grant: Grant) -> Connection:
    """The account's HighLevel connection with new tokens; whatever troubled it is over."""
    connection = (
        Connection.objects.select_for_update()
        .filter(account=account, provider=Connection.Provider.HIGHLEVEL)
        .first()
    ) or Connection(account=account, provider=Connection.Provider.HIGHLEVEL)
    grant_take(connection, grant)
    connection.save()
    return connection


def grant_take(connection: Connection, grant: Grant) -> None:
    """Put a grant into the row, which the caller holds and saves."""
    connection.state = Connection.State.CONNECTED
    connection.user_type = grant.user_type
    connection.company_id = grant.company_id or connection.company_id
    connection.location_id = grant.location_id
    connection.scopes = grant.scopes or connection.scopes
    connection.expires_at = grant.expires_at
    connection.granted_at = timezone.now()
    connection.last_error, connection.failed_at = "", None
    connection.uninstalled_at = None
    connection.seal(token=grant.token, refresh_token=grant.refresh_token)


def _user(grant: Grant, profile: dict[str, str], visitor: Visitor | None) -> User:
    if not grant.user_id and visitor is not None:
        # Whoever it is at HighLevel, nobody else must be taken for them later.
        return visitor.user
    identity = grant.user_id or f"at-{grant.location_id or grant.company_id}"
    user = User.objects.filter(highlevel_id=identity).first()
    if user is None and visitor is not None and not visitor.user.highlevel_id:
        user = visitor.user
        user.highlevel_id = identity
        user.save(update_fields=["highlevel_id"])
    email = profile.get("email", "")
    # An address alone proves nothing: who has it here already keeps it.
    is_free = bool(email) and not User.objects.filter(email__iexact=email).exists()
    if user is None:
        user = User.objects.create_user(
            email if is_free else f"{identity.lower()}@{NO_ADDRESS}",
            None,
            name=profile.get("name", ""),
            highlevel_id=identity,
        )
    elif is_free and user.email.endswith(f"@{NO_ADDRESS}"):
        user.email, user.name = email, user.name or profile.get("name", "")
        user.save(update_fields=["email", "name"])
    if not user.is_active:
        raise ApplicationError("permission_denied", "This user may no longer sign in.")
    return user


def _account(grant: Grant, place: str, visitor: Visitor | None) -> Account:
    account = _known_account(grant)
    if account is not None:
        return account
    if visitor is not None and visitor.account is not None and _is_free(visitor):
        # Who connects HighLevel from a stand-alone workspace means this workspace.
        visitor.account.location_id = grant.location_id
        visitor.account.save(update_fields=["location_id"])
        return visitor.account
    return Account.objects.create(name=place, location_id=grant.location_id)


def _known_account(grant: Grant) -> Account | None:
    if grant.location_id:
        return Account.objects.filter(location_id=grant.location_id).first()
    agency = Connection.objects.filter(
        company_id=grant.company_id, user_type=Connection.UserType.COMPANY
    )
    connection = agency.select_related("account").first()
    return connection.account if connection else None


def _is_free(visitor: Visitor) -> bool:
    account = visitor.account
    return (
        account is not None
        and not account.location_id
        and not account.connections.filter(provider=Connection.Provider.HIGHLEVEL).exists()
        and Membership.objects.filter(
            account=account, user=visitor.user, role=Membership.Role.OWNER
        ).exists()
    )


def _profile(grant: Grant) -> dict[str, str]:
    if not grant.user_id or "users.readonly" not in grant.scopes:
        return {}
    found = highlevel.name_of(f"users/{grant.user_id}", "user", grant.token)
    name = found.get("name") or f"{found.get('firstName') or ''} {found.get('lastName') or ''}"
    return {"name": str(name).strip()[:200], "email": _address(found.get("email"))}


def _place(grant: Grant) -> str:
    """What the account is called: the location's name, or the agency's."""
    if grant.location_id:
        path, kind, needed = f"locations/{grant.location_id}", "location", "locations.readonly"
        otherwise = f"HighLevel location {grant.location_id}"
    else:
        path, kind, needed = f"companies/{grant.company_id}", "company", "companies.readonly"
        otherwise = f"HighLevel agency {grant.company_id}"
    found = highlevel.name_of(path, kind, grant.token) if needed in grant.scopes else {}
    return str(found.get("name") or otherwise).strip()[:200] or otherwise


def _address(value: object) -> str:
    text = value.strip().lower() if isinstance(value, str) else ""
    try:
        validate_email(text)
    except ValidationError:
        return ""
    return text if len(text) <= 254 else ""
