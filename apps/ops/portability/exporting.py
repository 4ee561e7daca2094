"""Writes what an account owns, row by row, so that a large account takes no more memory."""

from __future__ import annotations

import time
import uuid
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from django.db import connection, transaction
from django.db.models import Model

from apps.ops import envelope
from apps.ops.portability.ownership import Owned, owned

#: Rows that are in memory at once.
CHUNK = 100
README = """\
One file per kind of data, each a JSON array of rows. Times are in UTC. Passwords, tokens and their
hashes are not among it.
"""


def write_zip(account: Model, target: IO[bytes]) -> dict[str, int]:
    """How many rows of each kind were written."""
    counts = {}
    with _moment(), zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", README)
        for each in owned(type(account)):
            label = each.model._meta.label
            # Opened by its name alone, a file would be of 1980.
            name = zipfile.ZipInfo(f"{label.replace('.', '/')}.json", time.gmtime()[:6])
            name.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(name, "w", force_zip64=True) as raw:
                counts[label] = _write_array(each, account.pk, raw)
    return counts


def write_json(account: Model, target: IO[bytes]) -> dict[str, int]:
    counts = {}
    with _moment():
        for position, each in enumerate(owned(type(account))):
            label = each.model._meta.label
            target.write(b"{" if position == 0 else b",\n")
            target.write(envelope.to_json(label) + b":")
            counts[label] = _write_array(each, account.pk, target)
        target.write(b"}\n")
    return counts


def _write_array(each: Owned, account_id: uuid.UUID, target: IO[bytes]) -> int:
    count = 0
    target.write(b"[")
    for row in _rows(each, account_id):
        target.write(b"\n" if count == 0 else b",\n")
        target.write(envelope.to_json(row))
        count += 1
    target.write(b"]")
    return count


def _rows(each: Owned, account_id: uuid.UUID) -> Iterator[dict[str, Any]]:
    names = {field.name: field.attname for field in each.fields}
    for row in each.rows(account_id).iterator(chunk_size=CHUNK):
        yield {name: getattr(row, attribute) for name, attribute in names.items()}


@contextmanager
def _moment() -> Iterator[None]:
    """All tables as they were at one moment, while the service goes on writing."""
    nested = connection.in_atomic_block
    with transaction.atomic():
        if connection.vendor == "postgresql" and not nested:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield
