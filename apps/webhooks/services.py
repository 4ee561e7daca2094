"""What changes deliveries: storing, processing, replaying, pruning, erasing."""

from __future__ import annotations

import datetime
import logging
import uuid
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.db.models import Count, F, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from apps.ops import context, logs
from apps.ops.errors import ApplicationError
from apps.ops.jobs import enqueue
from apps.webhooks.models import Delivery, DeliveryCount
from apps.webhooks.sources import Message

logger = logging.getLogger(__name__)

PROCESS, CLAIM = "webhooks.process", "webhooks.claim"
State = Delivery.State
#: How long a delivery is kept: settled ones, and those that wait for a person.
KEEP = datetime.timedelta(days=90)
KEEP_PARKED = datetime.timedelta(days=180)
#: Open for so long, its job must have been lost.
STALE = datetime.timedelta(minutes=15)
#: A delivery that was begun so often kills its workers.
MOST_ATTEMPTS = 20
#: Rows in one go.
BATCH = 2000


def delivery_store(*, source: str, message: Message) -> bool:
    """Keeps a verified message and plans its processing; False when we had it already."""
    now = timezone.now()
    try:
        with transaction.atomic():
            delivery = Delivery.objects.create(
                source=source,
                event_id=message.event_id,
                type=message.type,
                body=message.body,
                event_created=message.created or now,
                received_at=now,
                request_id=context.request_id.get() or "",
            )
            _plan(delivery)
    except IntegrityError:
        if Delivery.objects.filter(source=source, event_id=message.event_id).exists():
            return False
        raise
    return True


def _plan(delivery: Delivery) -> None:
    enqueue(PROCESS, payload={"delivery": delivery.pk}, key=str(delivery.pk))


def deliveries_replay(deliveries: QuerySet[Delivery]) -> int:
    """Begins anew what failed, was parked or ignored; what was processed is never repeated."""
    return _reopen(deliveries.filter(state__in=[State.FAILED, State.PARKED, State.IGNORED]))


def delivery_replay(delivery: Delivery) -> None:
    """As `deliveries_replay`. Raises `conflict` for one that was processed or still waits."""
    if not deliveries_replay(Delivery.objects.filter(pk=delivery.pk)):
        raise ApplicationError("conflict", "It has been processed, or waits to be.")


def deliveries_claim(*, source: str, subject: str) -> None:
    """Takes up what was ignored because nobody here was known by this name, once committed."""
    enqueue(CLAIM, payload={"source": source, "subject": subject}, key=f"{source}:{subject}")


def deliveries_reopen_for(*, source: str, subject: str) -> int:
    """The body of the job behind `deliveries_claim`."""
    waiting = Delivery.objects.filter(source=source, subject=subject, state=State.IGNORED)
    return _reopen(waiting)


def _reopen(deliveries: QuerySet[Delivery]) -> int:
    count = 0
    for delivery in deliveries.order_by("event_created", "pk"):
        with transaction.atomic():
            mine = Delivery.objects.filter(pk=delivery.pk, state=delivery.state)
            if mine.update(state=State.RECEIVED, attempts=0, error="", subject=""):
                _plan(delivery)
                count += 1
    return count


def deliveries_sweep() -> int:
    """Plans what is open though no job is left for it; parks what no worker survives."""
    stale = Delivery.objects.filter(state__in=Delivery.OPEN, received_at__lt=timezone.now() - STALE)
    stale.filter(attempts__gte=MOST_ATTEMPTS).update(
        state=State.PARKED, error="It was begun too often without an end."
    )
    found = list(stale.order_by("pk").only("pk")[:BATCH])
    for delivery in found:
        # A job that still waits has the same key and stays the only one.
        _plan(delivery)
    return len(found)


def deliveries_prune(*, now: datetime.datetime | None = None) -> int:
    """Deletes old deliveries and adds them to the counts; returns how many."""
    now = now or timezone.now()
    settled = Delivery.objects.filter(
        state__in=[State.PROCESSED, State.IGNORED], received_at__lt=now - KEEP
    )
    parked = Delivery.objects.filter(state=State.PARKED, received_at__lt=now - KEEP_PARKED)
    return _prune(settled) + _prune(parked)


def _prune(old: QuerySet[Delivery]) -> int:
    count = 0
    while pruned := _prune_some(old.order_by("pk")[:BATCH]):
        count += pruned
    return count


@transaction.atomic
def _prune_some(old: QuerySet[Delivery]) -> int:
    ids = list(old.select_for_update().values_list("pk", flat=True))
    rows = Delivery.objects.filter(pk__in=ids)
    groups = (
        rows.annotate(day=TruncDate("received_at"))
        .values_list("day", "source", "type", "state")
        .annotate(number=Count("pk"))
        .order_by()
    )
    for day, source, kind, state, number in groups:
        kept, _ = DeliveryCount.objects.get_or_create(
            day=day, source=source, type=kind, state=state, defaults={"count": 0}
        )
        DeliveryCount.objects.filter(pk=kept.pk).update(count=F("count") + number)
    rows.delete()
    return len(ids)


def deliveries_erase(*, account_id: uuid.UUID, subjects: Iterable[str] = ()) -> int:
    """Deletes what other services wrote to us about an account, and under these names."""
    theirs = Delivery.objects.filter(account_id=account_id)
    unknown = Delivery.objects.filter(subject__in=[each for each in subjects if each])
    return theirs.delete()[0] + unknown.delete()[0]


def delivery_settle(delivery: Delivery, *, state: str, error: object, subject: str = "") -> None:
    """Writes down how an attempt ended that changed nothing else."""
    shown = str(logs.redact(str(error)))[:2000]
    Delivery.objects.filter(pk=delivery.pk, state=State.PROCESSING).update(
        state=state,
        error=shown,
        subject=subject,
        processed_at=None if state in {State.FAILED, State.PARKED} else timezone.now(),
    )
    if state == State.PARKED:
        logger.error("%s is parked: %s", delivery, shown)


def is_permanent(error: Exception) -> bool:
    return isinstance(error, ApplicationError) and error.permanent
