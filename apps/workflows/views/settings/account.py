"""Who belongs to the account and what it is connected to."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.access import SESSION_KEY
from apps.accounts.connections import connections_for
from apps.accounts.members import member_add, member_change_role, member_remove, members_for
from apps.accounts.models import Membership, User
from apps.accounts.oauth import highlevel
from apps.ops.errors import ApplicationError
from apps.workflows.views.doors import account_page, personal_page, refused, safe_next, sent, show

HERE = "/settings"
OWNERS_ONLY = "Only an owner of the account may change who belongs to it."


@require_http_methods(["GET", "HEAD", "POST"])
@account_page
def account(request: HttpRequest, me: Membership) -> HttpResponse:
    if request.method != "POST":
        return page(request, me)
    try:
        _add(request, me)
    except ApplicationError as wrong:
        return page(request, me, refused(request, wrong), wrong.status)
    return HttpResponseRedirect(HERE)


def _add(request: HttpRequest, me: Membership) -> None:
    require_owner(me)
    email = sent(request, "email", 320).lower()
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user is None:
        message = "Nobody with this address has signed in here yet; ask them to do so once."
        raise ApplicationError("validation_error", message)
    member_add(account=me.account, user=user, role=_role(request))
    messages.success(request, f"{user.email} belongs to the account.")


def _role(request: HttpRequest) -> str:
    role = sent(request, "role", 10)
    if role not in Membership.Role.values:
        raise ApplicationError("validation_error", "Choose owner, member or viewer.")
    return role


def require_owner(me: Membership) -> None:
    if me.role != Membership.Role.OWNER:
        raise ApplicationError("permission_denied", OWNERS_ONLY)


def page(request: HttpRequest, me: Membership, error: str = "", status: int = 200) -> HttpResponse:
    mine = Membership.objects.filter(user=me.user).select_related("account")
    shown = {
        "members": members_for(me.account),
        "connections": connections_for(me.account),
        "accounts": mine.order_by("account__name", "pk"),
        "roles": Membership.Role.values,
        "highlevel": highlevel.is_configured(),
        "owns": me.role == Membership.Role.OWNER,
        "error": error,
        "tab": "account",
    }
    return show(request, "settings/account", shown, area="settings", status=status)


@require_POST
@account_page
def member(request: HttpRequest, me: Membership, member: int) -> HttpResponse:
    """Gives a member another role, or none any more."""
    found = next((each for each in members_for(me.account) if each.pk == member), None)
    if found is None:
        raise Http404
    try:
        require_owner(me)
        if request.POST.get("action") == "remove":
            member_remove(membership=found)
            messages.success(request, f"{found.user.email} is removed.")
        else:
            member_change_role(membership=found, role=_role(request))
            messages.success(request, f"{found.user.email} is {found.role} now.")
    except ApplicationError as wrong:
        return page(request, me, refused(request, wrong), wrong.status)
    return HttpResponseRedirect(HERE)


@require_POST
@personal_page
def switch(request: HttpRequest, me: Membership) -> HttpResponse:
    """Works in another account of the same person from now on."""
    chosen = _uuid(sent(request, "account", 40))
    if not Membership.objects.filter(user=me.user, account_id=chosen).exists():
        raise Http404
    request.session[SESSION_KEY] = str(chosen)
    return HttpResponseRedirect(safe_next(request, "/workflows"))


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None
