"""Personal API tokens."""

from __future__ import annotations

import datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.models import Membership
from apps.accounts.tokens import READ, SCOPES, api_token_create, api_tokens_for
from apps.billing.entitlements import require
from apps.ops.errors import ApplicationError
from apps.workflows.views.doors import account_page, refused, sent, show

DAYS = (30, 90, 365)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@account_page
def tokens(request: HttpRequest, me: Membership) -> HttpResponse:
    if request.method != "POST":
        return _page(request, me)
    try:
        plain = _create(request, me)
    except ApplicationError as wrong:
        return _page(request, me, error=refused(request, wrong), status=wrong.status)
    # No redirect: the token is to be seen on this one page and never again.
    return _page(request, me, plain=plain)


def _create(request: HttpRequest, me: Membership) -> str:
    require(me.account, "api_tokens")
    name = sent(request, "name", 100)
    if not name:
        raise ApplicationError("validation_error", "Give it a name, to know it by when it must go.")
    days = sent(request, "days", 4)
    ends = None
    if days:
        if days not in map(str, DAYS):
            raise ApplicationError("validation_error", "Choose how long it should last.")
        ends = timezone.now() + datetime.timedelta(days=int(days))
    scopes = [READ] if sent(request, "scope", 10) == READ else list(SCOPES)
    return api_token_create(membership=me, name=name, scopes=scopes, expires_at=ends)[1]


def _page(
    request: HttpRequest, me: Membership, *, plain: str = "", error: str = "", status: int = 200
) -> HttpResponse:
    shown = {
        "tokens": api_tokens_for(me),
        "plain": plain,
        "days": DAYS,
        "error": error,
        "tab": "tokens",
    }
    return show(request, "settings/tokens", shown, area="settings", status=status)


@require_POST
@account_page
def revoke(request: HttpRequest, me: Membership, token: UUID) -> HttpResponse:
    if not api_tokens_for(me).filter(pk=token).delete()[0]:
        raise Http404
    messages.success(request, "The token is revoked.")
    return HttpResponseRedirect("/settings/tokens")
