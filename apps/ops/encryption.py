"""Secrets at rest: AES-256-GCM under a ring of keys, each text bound to the place it is kept in.

A sealed text reads ``v1:<key id>:<base64 of nonce, ciphertext and tag>``. The key id and the
context are authenticated with it: copied to another row or column it does not open.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from collections.abc import Iterator, Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model

_VERSION = "v1"
_NONCE_BYTES = 12
DEVELOPMENT_KEY_ID = "development"

_columns: dict[str, tuple[str, ...]] = {}


class SealedTextError(Exception):
    """A sealed text that does not open here: another key, another place, or damaged."""


def encrypt(text: str, *, context: str) -> str:
    """Seal a text under the newest key, for this context alone."""
    ring = _ring()
    key_id = next(iter(ring))
    nonce = os.urandom(_NONCE_BYTES)
    sealed = AESGCM(ring[key_id]).encrypt(nonce, text.encode(), _bound(key_id, context))
    return f"{_VERSION}:{key_id}:{base64.urlsafe_b64encode(nonce + sealed).decode()}"


def decrypt(token: str, *, context: str) -> str:
    """The text again. Raises ``SealedTextError``, which never holds any of it."""
    ring = _ring()
    version, key_id, encoded = _parts(token)
    if version != _VERSION:
        raise SealedTextError("This is no sealed text of a kind known here.")
    if key_id not in ring:
        raise SealedTextError(f"TOKEN_ENCRYPTION_KEYS has no key {key_id!r}; add it back.")
    try:
        raw = base64.b64decode(encoded, altchars=b"-_", validate=True)
        nonce, sealed = raw[:_NONCE_BYTES], raw[_NONCE_BYTES:]
        return AESGCM(ring[key_id]).decrypt(nonce, sealed, _bound(key_id, context)).decode()
    except (binascii.Error, InvalidTag, ValueError):
        raise SealedTextError("The sealed text is damaged, or belongs to another row.") from None


def current_prefix() -> str:
    """What every text begins with that the newest key sealed."""
    return f"{_VERSION}:{next(iter(_ring()))}:"


def context_for(row: Model, field: str) -> str:
    """The context of a column: the table, the row's primary key and the field."""
    return f"{row._meta.label_lower}:{row.pk}:{field}"


def register_columns(model: str, *fields: str) -> None:
    """Tell ``reencrypt_tokens`` of columns sealed under ``context_for``; from ``ready``."""
    _columns[model] = fields


def registered_columns() -> Iterator[tuple[type[Model], tuple[str, ...]]]:
    for label, fields in sorted(_columns.items()):
        yield apps.get_model(label), fields


def _bound(key_id: str, context: str) -> bytes:
    return f"{_VERSION}|{key_id}|{context}".encode()


def _parts(token: str) -> tuple[str, str, str]:
    version, _, rest = token.partition(":")
    key_id, _, encoded = rest.partition(":")
    return version, key_id, encoded


def _ring() -> Mapping[str, bytes]:
    """The keys by id, newest first; a derived one where the service is debugged."""
    keys: Mapping[str, bytes] = settings.TOKEN_ENCRYPTION_KEYS
    if keys:
        return keys
    if settings.DEBUG:
        derived = hashlib.sha256(f"token encryption|{settings.SECRET_KEY}".encode()).digest()
        return {DEVELOPMENT_KEY_ID: derived}
    raise ImproperlyConfigured(
        "TOKEN_ENCRYPTION_KEYS is missing, so no secret can be kept. "
        "Fix: k1: followed by the output of `openssl rand -base64 32`."
    )
