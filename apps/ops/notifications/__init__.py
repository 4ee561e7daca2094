"""Tells people: by e-mail (`email_enqueue`) and over an account's own channels (`notify`)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any


def notify(account_id: uuid.UUID, kind: str, context: Mapping[str, Any]) -> int:
    """Tells the account's channels that hear of this kind; see `channels.notify`."""
    # Only when called: apps import this package while their models are still being loaded.
    from apps.ops.notifications import channels

    return channels.notify(account_id, kind, context)
