"""Who belongs to an account, and in which role."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from apps.accounts.models import Account, Membership, User
from apps.accounts.plans import plans
from apps.ops.errors import ApplicationError


def members_for(account: Account) -> QuerySet[Membership]:
    """The account's members with their users, the first to come first."""
    found = Membership.objects.filter(account=account).select_related("user")
    return found.order_by("created_at", "pk")


@transaction.atomic
def member_add(*, account: Account, user: User, role: str = Membership.Role.MEMBER) -> Membership:
    """The user's membership, made when there is none; the first member of an account owns it.

    Raises ``plan_limit`` when the plan allows no further member.
    """
    # Held so that two at once cannot both find room.
    Account.objects.select_for_update(no_key=True).get(pk=account.pk)
    known = Membership.objects.filter(account=account, user=user).first()
    if known is not None:
        return known
    members = Membership.objects.filter(account=account).count()
    if members:
        plans().require_room(account, "members", used=members)
    else:
        role = Membership.Role.OWNER
    return Membership.objects.create(account=account, user=user, role=role)


@transaction.atomic
def member_change_role(*, membership: Membership, role: str) -> None:
    """Raises ``conflict`` when the account would be left without an owner."""
    if role != Membership.Role.OWNER:
        _keep_an_owner(membership)
    Membership.objects.filter(pk=membership.pk).update(role=role)
    membership.role = role


@transaction.atomic
def member_remove(*, membership: Membership) -> None:
    """Their tokens for this account go with it. Raises ``conflict`` for the last owner."""
    _keep_an_owner(membership)
    membership.delete()


def _keep_an_owner(membership: Membership) -> None:
    Account.objects.select_for_update(no_key=True).get(pk=membership.account_id)
    owners = Membership.objects.filter(
        account_id=membership.account_id, role=Membership.Role.OWNER
    ).exclude(pk=membership.pk)
    if membership.role == Membership.Role.OWNER and not owners.exists():
        raise ApplicationError(
            "conflict", "An account needs an owner; make someone else one first."
        )
