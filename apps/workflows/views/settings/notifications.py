"""Which channels hear of what."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.models import Membership
from apps.billing.entitlements import entitlements, require
from apps.ops.errors import ApplicationError
from apps.ops.notifications.channels import channel_test, channels_for, channels_replace
from apps.ops.notifications.events import EVENTS
from apps.ops.notifications.models import Channel
from apps.workflows.selectors import addresses_of
from apps.workflows.services import channels_held
from apps.workflows.views.doors import account_page, refused, sent, show

HERE = "/settings/notifications"
Row = dict[str, Any]


@require_http_methods(["GET", "HEAD", "POST"])
@account_page
def notifications(request: HttpRequest, me: Membership) -> HttpResponse:
    """Adds a channel, or changes the one that is named."""
    if request.method != "POST":
        return _page(request, me)
    try:
        require(me.account, "notifications")
        _keep(me, _row(request))
    except ApplicationError as wrong:
        # The row at fault is the one on the form: its number tells a person nothing.
        said = refused(request, wrong).split(": ", 1)[-1]
        return _page(request, me, said, wrong.status)
    messages.success(request, "Saved.")
    return HttpResponseRedirect(HERE)


def _row(request: HttpRequest) -> Row:
    name, channel = sent(request, "name", 100), sent(request, "channel", 40)
    kinds = [kind for kind in request.POST.getlist("kinds") if kind in EVENTS]
    frequency = sent(request, "frequency", 20)
    if not name:
        raise ApplicationError("validation_error", "Give the channel a name.")
    if not kinds:
        raise ApplicationError("validation_error", "Choose at least one thing to hear of.")
    if frequency not in Channel.Frequency.values:
        raise ApplicationError("validation_error", "Choose how often.")
    row: Row = {"name": name, "kinds": kinds, "frequency": frequency}
    if channel:
        return row | {"id": _uuid(channel), "enabled": request.POST.get("enabled") == "on"}
    return row | {"url": sent(request, "url", 1000)}


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise ApplicationError("not_found", "The account has no such channel.") from None


def _keep(me: Membership, row: Row, *, without: bool = False) -> None:
    """The channels as they are, but for this one."""
    with channels_held(me.account):
        rows = _but_for(me, row, without=without)
        channels_replace(account_id=me.account_id, rows=rows, members=addresses_of(me.account))


def _but_for(me: Membership, row: Row, *, without: bool) -> list[Row]:
    rows = [_as_is(channel) for channel in channels_for(me.account_id)]
    place = next((n for n, each in enumerate(rows) if each["id"] == row.get("id")), None)
    if row.get("id") and place is None:
        raise ApplicationError("not_found", "The account has no such channel.")
    if place is None:
        rows.append(row)
    elif without:
        del rows[place]
    else:
        rows[place] = row
    return rows


def _as_is(channel: Channel) -> Row:
    return {
        "id": channel.pk,
        "name": channel.name,
        "kinds": channel.kinds,
        "frequency": channel.frequency,
        "enabled": channel.enabled,
    }


@require_POST
@account_page
def act(request: HttpRequest, me: Membership, channel: UUID) -> HttpResponse:
    """Tries a channel out, or removes it."""
    if not channels_for(me.account_id).filter(pk=channel).exists():
        raise Http404
    try:
        if request.POST.get("action") == "remove":
            _keep(me, {"id": channel}, without=True)
            messages.success(request, "The channel is removed.")
        else:
            require(me.account, "notifications")
            channel_test(
                account_id=me.account_id,
                channel_id=channel,
                url="",
                members=addresses_of(me.account),
            )
            messages.success(request, "A message is on its way.")
    except ApplicationError as wrong:
        return _page(request, me, refused(request, wrong), wrong.status)
    return HttpResponseRedirect(HERE)


def _page(request: HttpRequest, me: Membership, error: str = "", status: int = 200) -> HttpResponse:
    shown = {
        "channels": channels_for(me.account_id),
        "events": [(kind, event.about) for kind, event in EVENTS.items()],
        "frequencies": Channel.Frequency.values,
        "allowed": "notifications" in entitlements(me.account).features,
        "url": sent(request, "url", 1000) if error else "",
        "error": error,
        "tab": "notifications",
    }
    return show(request, "settings/notifications", shown, area="settings", status=status)
