"""Which account a request works in, and what it may do there."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from apps.accounts.models import Account, ApiToken, Membership, User
from apps.accounts.tokens import READ, WRITE
from apps.ops import context

#: Where a browser session keeps the account that was chosen.
SESSION_KEY = "account_id"


def membership_of(request: Request | HttpRequest) -> Membership | None:
    """The membership a signed-in request acts under: the token's, the chosen, or the first."""
    known: Membership | None = getattr(request, "_membership", None)
    if known is None:
        known = _find_membership(request)
        if known:
            context.note(user=str(known.user_id), account=str(known.account_id))
        request._membership = known  # type: ignore[union-attr]
    return known


def _find_membership(request: Request | HttpRequest) -> Membership | None:
    token = getattr(request, "auth", None)  # pages have none
    if isinstance(token, ApiToken):
        return token.membership
    user = request.user
    if not isinstance(user, User):
        return None
    mine = Membership.objects.select_related("account").filter(user=user)
    chosen = getattr(request, "session", {}).get(SESSION_KEY)
    found = mine.filter(account_id=chosen).first() if chosen else None
    return found or mine.order_by("created_at", "pk").first()


def account_of(request: Request) -> Account:
    """The account of a request that passed ``HasAccount``."""
    membership = membership_of(request)
    if membership is None:
        raise PermissionDenied
    return membership.account


def user_of(request: Request) -> User:
    """The user of a request that passed ``HasAccount``."""
    return cast(User, request.user)


class HasAccount(BasePermission):
    """Signed in and in an account; unsafe methods need a role and a token scope that may write."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not request.user.is_authenticated:
            return False
        membership = membership_of(request)
        if membership is None:
            return False
        reads = request.method in SAFE_METHODS
        if isinstance(request.auth, ApiToken) and (
            (READ if reads else WRITE) not in request.auth.scopes
        ):
            return False
        return reads or membership.may_write


class OwnsAccount(HasAccount):
    """As ``HasAccount``; unsafe methods are for the account's owners."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not super().has_permission(request, view):
            return False
        membership = membership_of(request)
        owns = membership is not None and membership.role == Membership.Role.OWNER
        return owns or request.method in SAFE_METHODS
