"""Who wants which events. The owning apps register when they are ready; this app knows no domain.

    @on("stripe", "invoice.paid")
    def payment_succeeded(event: Event) -> uuid.UUID | None: ...

A handler runs inside the transaction that marks the delivery as processed, and returns the id of
the account concerned, if any. It may run again after a failure, never after a success.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NoReturn

from apps.webhooks.models import Delivery


@dataclass(frozen=True, slots=True)
class Event:
    """What a handler gets: the sender's words, and when they were true."""

    id: str
    type: str
    created: datetime.datetime
    data: dict[str, Any]
    _answers: dict[str, Any] = field(default_factory=dict)

    def ask(self, question: str, fetch: Callable[[], Any]) -> Any:
        """What `fetch` returns, called without a transaction: the handler begins anew after it."""
        if question not in self._answers:
            raise QuestionError(question, fetch)
        return self._answers[question]

    def answer(self, question: QuestionError) -> None:
        self._answers[question.text] = question.fetch()


class QuestionError(Exception):
    """A handler needs something from another service before it can go on."""

    def __init__(self, text: str, fetch: Callable[[], Any]) -> None:
        self.text, self.fetch = text, fetch
        super().__init__(text)


class UnclaimedError(Exception):
    """The event is about somebody we do not know, or not yet."""

    def __init__(self, subject: str) -> None:
        self.subject = subject
        super().__init__(f"nobody here is known as {subject or 'the one it is about'}")


def unclaimed(subject: str) -> NoReturn:
    """Ignores the event, until `deliveries_claim` names its subject."""
    raise UnclaimedError(subject)


Handler = Callable[[Event], uuid.UUID | None]
_HANDLERS: dict[tuple[str, str], list[Handler]] = {}


def on(source: str, *types: str) -> Callable[[Handler], Handler]:
    if source not in Delivery.Source.values:
        raise ValueError(f"nobody sends as {source!r}")

    def register(handler: Handler) -> Handler:
        for each in types:
            known = _HANDLERS.setdefault((source, each), [])
            if handler not in known:
                known.append(handler)
        return handler

    return register


def handlers(source: str, event_type: str) -> list[Handler]:
    return list(_HANDLERS.get((source, event_type), ()))
