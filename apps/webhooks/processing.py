"""One attempt at one delivery: its handlers' effects and "processed" are one transaction.

The claim before it makes an attempt visible and counts it. It keeps nobody out: a worker that died
leaves the same mark. What makes effects happen once is the second claim, inside the transaction.
"""

from __future__ import annotations

import datetime
import logging

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from apps.ops import context
from apps.ops.parsers import parse_json
from apps.webhooks import registry
from apps.webhooks.models import Delivery
from apps.webhooks.services import delivery_settle, is_permanent

logger = logging.getLogger(__name__)

State = Delivery.State
#: Questions a handler may ask in one attempt.
MOST_QUESTIONS = 5


def delivery_process(*, delivery_id: int, last_try: bool = False) -> None:
    """Raises what a handler raised, when another try may help; parks the delivery otherwise."""
    claimed = Delivery.objects.filter(pk=delivery_id, state__in=Delivery.OPEN).update(
        state=State.PROCESSING, attempts=F("attempts") + 1
    )
    delivery = Delivery.objects.filter(pk=delivery_id).first() if claimed else None
    if delivery is None:
        return
    with context.bind(delivery=str(delivery.pk), source=delivery.source, event=delivery.event_id):
        try:
            _attempt(delivery)
        except Exception as error:
            # A border: a handler may raise anything, and the evidence must stay.
            parked = last_try or is_permanent(error)
            delivery_settle(
                delivery,
                state=State.PARKED if parked else State.FAILED,
                error=f"{type(error).__name__}: {error}",
            )
            if not parked:
                raise
            logger.warning("no further try will be made", exc_info=True)


def _attempt(delivery: Delivery) -> None:
    wanted = registry.handlers(delivery.source, delivery.type)
    if not wanted:
        delivery_settle(delivery, state=State.IGNORED, error="Nobody asked for this type.")
        return
    event = registry.Event(
        delivery.event_id, delivery.type, _moment(delivery), parse_json(delivery.body.encode())
    )
    try:
        _answered(delivery, event, wanted)
    except registry.UnclaimedError as nobody:
        delivery_settle(delivery, state=State.IGNORED, error=nobody, subject=nobody.subject)
        _look_again(delivery, event, wanted)


def _moment(delivery: Delivery) -> datetime.datetime:
    """When it happened. Within one second of a clock that counts seconds, arrival decides."""
    created = delivery.event_created
    if created.microsecond:
        return created
    return created.replace(microsecond=delivery.pk % 1_000_000)


def _look_again(delivery: Delivery, event: registry.Event, wanted: list[registry.Handler]) -> None:
    """Whoever learned of the subject meanwhile looked for us before we could be seen."""
    mine = Delivery.objects.filter(pk=delivery.pk, state=State.IGNORED)
    if mine.update(state=State.PROCESSING):
        try:
            _answered(delivery, event, wanted)
        except registry.UnclaimedError as nobody:
            delivery_settle(delivery, state=State.IGNORED, error=nobody, subject=nobody.subject)


def _answered(delivery: Delivery, event: registry.Event, wanted: list[registry.Handler]) -> None:
    """Applies, and asks other services in between, outside the transaction."""
    for _ in range(MOST_QUESTIONS):
        try:
            _apply(delivery, event, wanted)
        except registry.QuestionError as question:
            event.answer(question)
        else:
            return
    raise RuntimeError("a handler asks without end")


@transaction.atomic
def _apply(delivery: Delivery, event: registry.Event, wanted: list[registry.Handler]) -> None:
    # The row stays locked until the end: a second worker waits here, and then finds it done.
    mine = Delivery.objects.filter(pk=delivery.pk, state=State.PROCESSING)
    if not mine.update(state=State.PROCESSED, processed_at=timezone.now(), error="", subject=""):
        return
    concerned = [account for handle in wanted if (account := handle(event)) is not None]
    if concerned:
        Delivery.objects.filter(pk=delivery.pk).update(account_id=concerned[0])
