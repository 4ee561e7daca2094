"""What the account pays for, and the ways to Stripe and back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from apps.accounts.models import Membership
from apps.billing.plans import FREE, PLANS, PRO
from apps.billing.selectors import subscription_status
from apps.billing.services import checkout_begin, portal_open, subscription_cancel
from apps.ops.errors import ApplicationError
from apps.workflows.views.doors import account_page, refused, sent, show

HERE = "/settings/plan"
INTERVALS = ("monthly", "yearly")
OWNERS_ONLY = "Only an owner of the account may change what it pays for."


@require_http_methods(["GET", "HEAD", "POST"])
@account_page
def plan(request: HttpRequest, me: Membership) -> HttpResponse:
    if request.method != "POST":
        return _page(request, me)
    try:
        return _act(request, me)
    except ApplicationError as wrong:
        return _page(request, me, refused(request, wrong), wrong.status)


def _act(request: HttpRequest, me: Membership) -> HttpResponse:
    if me.role != Membership.Role.OWNER:
        raise ApplicationError("permission_denied", OWNERS_ONLY)
    action = sent(request, "action", 20)
    if action in INTERVALS:
        # From there they come back to the start page, which leads here.
        home = request.build_absolute_uri("/").rstrip("/")
        return _leave(request, _checkout(me, action, home))
    if action == "portal":
        return _leave(request, _portal(me, request.build_absolute_uri(HERE)))
    if action == "cancel":
        subscription_cancel(account=me.account)
        messages.success(request, "Cancelled. The plan stays until the end of what is paid for.")
        return HttpResponseRedirect(HERE)
    raise ApplicationError("validation_error", "There is no such choice.")


def _checkout(me: Membership, interval: str, home: str) -> str:
    return checkout_begin(
        account=me.account, interval=interval, email=me.user.email, return_url=home
    )


def _portal(me: Membership, back: str) -> str:
    return portal_open(account=me.account, email=me.user.email, return_url=back)


def _leave(request: HttpRequest, url: str) -> HttpResponse:
    """A page that leads on by itself: our policy lets no form be answered by another host."""
    return show(request, "settings/leaving", {"url": url}, area="settings")


def _page(request: HttpRequest, me: Membership, error: str = "", status: int = 200) -> HttpResponse:
    shown = {
        "status": subscription_status(me.account),
        "checkout": request.GET.get("checkout", ""),
        "free": PLANS[FREE],
        "pro": PLANS[PRO],
        "owns": me.role == Membership.Role.OWNER,
        "error": error,
        "tab": "plan",
    }
    return show(request, "settings/plan", shown, area="settings", status=status)
