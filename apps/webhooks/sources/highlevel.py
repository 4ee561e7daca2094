"""HighLevel: an Ed25519 signature over the raw body, by a key that all its apps share.

Age alone refuses nothing, since HighLevel tries for days; the id of the message does.
"""

from __future__ import annotations

import base64
import binascii
import datetime
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
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

MAX_BYTES = 256 * 1024
#: What the header holds when HighLevel has not signed.
ABSENT = "N/A"


def read(body: bytes, headers: Mapping[str, str]) -> Message:
    _verify(body, headers.get("X-GHL-Signature", "").strip())
    event = signed_object(body)
    _check_app(event.get("appId"))
    return Message(
        # The delivery id in the headers would do, but nobody has signed it.
        event_id=plain_id(event.get("webhookId")) or id_from_content(body),
        type=type_of(event),
        created=_created(event.get("timestamp")),
        body=body.decode(),
    )


def _verify(body: bytes, header: str) -> None:
    if not header or header == ABSENT:
        raise unsigned("The X-GHL-Signature header is missing.")
    try:
        signature = base64.b64decode(header, validate=True)
    except (binascii.Error, ValueError):
        raise unsigned("The X-GHL-Signature header is not base64.") from None
    if not any(
        _holds(body, signature, key) for key in settings.ENVIRONMENT.highlevel_webhook_public_keys
    ):
        raise unsigned("The X-GHL-Signature header does not fit the body.")


def _holds(body: bytes, signature: bytes, key: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, body)
    except InvalidSignature:
        return False
    return True


def _check_app(named: Any) -> None:
    """A message to another app is signed just as well; not every message names its app."""
    ours = settings.ENVIRONMENT.highlevel_client_id.partition("-")[0]
    if named is not None and ours and named != ours:
        raise unsigned("The message is signed, but for another app.")


def _created(stated: Any) -> datetime.datetime | None:
    """ISO 8601, or milliseconds since 1970."""
    if isinstance(stated, int | float) and not isinstance(stated, bool):
        return moment(stated / 1000)
    if not isinstance(stated, str):
        return None
    try:
        found = datetime.datetime.fromisoformat(stated)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=datetime.UTC)
