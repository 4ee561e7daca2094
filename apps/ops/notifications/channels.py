"""An account's channels: kept sealed, told through an outbox of notices, tested with one call."""

from __future__ import annotations

import datetime
import logging
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from apps.ops import logs
from apps.ops.encryption import context_for, decrypt, encrypt
from apps.ops.errors import ApplicationError
from apps.ops.jobs import Job, enqueue
from apps.ops.notifications import addresses
from apps.ops.notifications.addresses import Address
from apps.ops.notifications.email import email_enqueue
from apps.ops.notifications.events import EVENTS, worded
from apps.ops.notifications.models import Channel, Notice

logger = logging.getLogger(__name__)

MOST = 20
#: Notices told in one message; of more, the number is.
TOGETHER = 20
KEPT = datetime.timedelta(days=30)
_WAITS = {
    Channel.Frequency.IMMEDIATELY: datetime.timedelta(),
    Channel.Frequency.HOURLY: datetime.timedelta(hours=1),
    Channel.Frequency.DAILY: datetime.timedelta(days=1),
}
_may_hear: list[Callable[[uuid.UUID], bool]] = []


def allow_by(rule: Callable[[uuid.UUID], bool]) -> None:
    """Tells whether an account may be notified; plans are not known on this floor."""
    _may_hear.append(rule)


def notify(account_id: uuid.UUID, kind: str, context: Mapping[str, Any]) -> int:
    """Tells the account's channels that hear of this kind; in the caller's transaction.

    Returns how many there are. `context` holds the words of the event, and as `path` where in the
    site it leads.
    """
    if kind not in EVENTS:
        raise KeyError(kind)
    heard = [each for each in channels_for(account_id).filter(enabled=True) if kind in each.kinds]
    if not heard or not all(rule(account_id) for rule in _may_hear):
        return 0
    title, body = worded(kind, context)
    with transaction.atomic():
        Notice.objects.bulk_create(
            [Notice(channel=each, kind=kind, title=title, body=body) for each in heard]
        )
        for channel in heard:
            _enqueue(channel)
    return len(heard)


def _enqueue(channel: Channel) -> None:
    """One waiting job per channel and window: what comes meanwhile is told with it."""
    wait = _WAITS[Channel.Frequency(channel.frequency)]
    if not wait:
        enqueue(
            "notifications.send", payload={"channel": channel.pk}, account_id=channel.account_id
        )
        return
    now = timezone.now()
    start = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
    due = start + ((now - start) // wait + 1) * wait
    enqueue(
        "notifications.send",
        payload={"channel": channel.pk},
        account_id=channel.account_id,
        key=f"{channel.pk}:{due:%Y%m%d%H}",
        run_at=due,
    )


def notices_send(job: Job) -> int:
    """Tells what waits for a channel in one message; returns how many notices that were."""
    channel = Channel.objects.filter(pk=job.payload["channel"], enabled=True).first()
    if channel is None:
        return 0
    waiting = Notice.objects.filter(channel=channel, sent_at=None).order_by("created_at", "pk")
    ids = list(waiting.values_list("pk", flat=True))
    if not ids:
        return 0
    title, body = _together(list(waiting.filter(pk__in=ids[:TOGETHER])), len(ids))
    try:
        _tell(channel, title, body, key=str(job.pk))
    except ApplicationError as refused:
        error = str(logs.redact(refused.message))[:500]
        Channel.objects.filter(pk=channel.pk).update(last_error=error)
        raise
    now = timezone.now()
    Notice.objects.filter(pk__in=ids).update(sent_at=now)
    Channel.objects.filter(pk=channel.pk).update(last_sent_at=now, last_error="")
    return len(ids)


def _together(notices: Sequence[Notice], count: int) -> tuple[str, str]:
    if count == 1:
        return notices[0].title, notices[0].body
    parts = [f"{each.title}\n{each.body}" for each in notices]
    if more := count - len(notices):
        parts.append(f"… and {more} more.")
    return f"{count} things happened", "\n\n".join(parts)


def _tell(channel: Channel, title: str, body: str, *, key: str) -> None:
    address = addresses.read(channel_url(channel))
    if address.type == "email":
        context = {"title": title, "lines": body.splitlines()}
        to = address.url.removeprefix("mailto:")
        email_enqueue("notice", to=to, context=context, account_id=channel.account_id, key=key)
    else:
        addresses.tell(address, title=title, body=body)


def channels_for(account_id: uuid.UUID) -> QuerySet[Channel]:
    return Channel.objects.filter(account_id=account_id).order_by("created_at", "pk")


def channel_url(channel: Channel) -> str:
    return decrypt(channel.address, context=context_for(channel, "address"))


def channels_replace(
    *, account_id: uuid.UUID, rows: Iterable[Mapping[str, Any]], members: Iterable[str]
) -> list[Channel]:
    """The account's channels are then these. A row with an `id` and no `url` keeps its address.

    Mail goes to the account's `members` alone. Raises `validation_error` with the row at fault.
    """
    rows, people = list(rows), {each.lower() for each in members}
    if len(rows) > MOST:
        raise _wrong("channels", f"An account has at most {MOST} channels.")
    with transaction.atomic():
        known = {each.pk: each for each in channels_for(account_id).select_for_update()}
        kept = [_row(account_id, known, row, number, people) for number, row in enumerate(rows)]
        ids = {each.pk for each in kept}
        if len(ids) != len(kept):
            raise _wrong("channels", "A channel is named twice.")
        channels_for(account_id).exclude(pk__in=ids).delete()
        for channel in kept:
            channel.save()
    return list(channels_for(account_id))


def _row(
    account_id: uuid.UUID,
    known: Mapping[uuid.UUID, Channel],
    row: Mapping[str, Any],
    number: int,
    people: set[str],
) -> Channel:
    place = f"channels[{number}]"
    if row.get("id") and row["id"] not in known:
        raise _wrong(f"{place}.id", "The account has no such channel.")
    channel = known[row["id"]] if row.get("id") else Channel(account_id=account_id)
    if not row.get("url") and not row.get("id"):
        raise _wrong(f"{place}.url", "A new channel needs its address.")
    if row.get("url") and row["url"] != channel.masked:
        address = _read(row["url"], place, people)
        channel.type, channel.masked = address.type, address.masked
        channel.address = encrypt(address.url, context=context_for(channel, "address"))
        channel.last_error = ""
    channel.name = row["name"]
    channel.kinds = sorted(set(row["kinds"]))
    channel.frequency = row.get("frequency", Channel.Frequency.IMMEDIATELY)
    channel.enabled = row.get("enabled", True)
    return channel


def _read(url: str, place: str, people: set[str]) -> Address:
    try:
        address = addresses.read(url)
    except ApplicationError as refused:
        raise _wrong(f"{place}.url", refused.message) from refused
    if address.type == "email" and address.url.removeprefix("mailto:") not in people:
        raise _wrong(f"{place}.url", "Mail goes only to members of the account.")
    return address


def _wrong(field: str, message: str) -> ApplicationError:
    details = [{"field": field, "code": "invalid", "message": message}]
    return ApplicationError("validation_error", f"{field}: {message}", details=details)


def channel_test(
    *, account_id: uuid.UUID, channel_id: uuid.UUID | None, url: str, members: Iterable[str]
) -> Address:
    """Sends one message at once, to a channel that is kept or to an address. Raises if refused."""
    if channel_id is not None:
        channel = channels_for(account_id).filter(pk=channel_id).first()
        if channel is None:
            raise ApplicationError("not_found", "The account has no such channel.")
        url = channel_url(channel)
    people = {each.lower() for each in members}
    address = addresses.read(url)
    title, body = "A test of this channel", "Workflow Debugger can reach you here."
    if address.type != "email":
        addresses.tell(address, title=title, body=body)
        return address
    to = address.url.removeprefix("mailto:")
    if to not in people:
        raise _wrong("url", "Mail goes only to members of the account.")
    email_enqueue("notice", to=to, context={"title": title, "lines": [body]})
    return address


def notices_prune(*, before: datetime.datetime) -> int:
    deleted, _ = Notice.objects.filter(created_at__lt=before).delete()
    return deleted
