"""Stripe: HMAC over time and body, checked by Stripe's own verifier."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping

import stripe
from django.conf import settings

from apps.webhooks.sources import (
    Message,
    id_from_content,
    moment,
    plain_id,
    signed_object,
    type_of,
    unsigned,
)

MAX_BYTES = 1024 * 1024
#: Seconds by which a signature's time may differ from ours, either way.
TOLERANCE = 300
_TIME = re.compile(r"(?:^|,)t=(\d{1,12})(?:,|$)")


def read(body: bytes, headers: Mapping[str, str]) -> Message:
    _verify(body, headers.get("Stripe-Signature", ""))
    event = signed_object(body)
    created = event.get("created")
    return Message(
        event_id=plain_id(event.get("id")) or id_from_content(body),
        type=type_of(event),
        created=moment(created) if isinstance(created, int) else None,
        body=body.decode(),
    )


def _verify(body: bytes, header: str) -> None:
    if not header:
        raise unsigned("The Stripe-Signature header is missing.")
    secrets: tuple[str, ...] = settings.ENVIRONMENT.stripe_webhook_secrets
    if not any(_holds(body, header, secret) for secret in secrets):
        raise unsigned("The Stripe-Signature header does not fit the body, or is too old.")
    # The library refuses what is too old, but takes any time to come.
    stated = _TIME.search(header)
    if stated is None or int(stated[1]) > time.time() + TOLERANCE:
        raise unsigned("The Stripe-Signature header is from the future.")


def _holds(body: bytes, header: str, secret: str) -> bool:
    try:
        stripe.WebhookSignature.verify_header(body, header, secret, TOLERANCE)
    except (stripe.SignatureVerificationError, ValueError, TypeError):
        # What the library lets through: a body that is not UTF-8, a header that is not ASCII.
        return False
    return True
