"""``manage.py reencrypt_tokens``: every sealed column under the newest key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Model

from apps.ops.encryption import (
    SealedTextError,
    context_for,
    current_prefix,
    decrypt,
    encrypt,
    registered_columns,
)


class Command(BaseCommand):
    help = (
        "Seal everything under the first of TOKEN_ENCRYPTION_KEYS. Safe to stop, to run again and "
        "to run while the service works; afterwards the other keys can be removed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch-size", type=int, default=200, help="rows read at a time")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            current_prefix()
        except ImproperlyConfigured as wrong:
            raise CommandError(str(wrong)) from wrong
        unreadable = 0
        for model, fields in registered_columns():
            for field in fields:
                done, failed = self._column(model, field, max(1, options["batch_size"]))
                unreadable += failed
                self.stdout.write(
                    f"{model._meta.label}.{field}: {done} re-encrypted, {failed} unreadable"
                )
        if unreadable:
            raise CommandError(
                f"{unreadable} sealed texts open under no key of TOKEN_ENCRYPTION_KEYS; "
                "add the key that sealed them, or let their owners connect again."
            )

    def _column(self, model: type[Model], field: str, batch: int) -> tuple[int, int]:
        done = failed = 0
        for row in _stale(model, field, batch):
            sealed, context = getattr(row, field), context_for(row, field)
            try:
                renewed = encrypt(decrypt(sealed, context=context), context=context)
            except SealedTextError as wrong:
                self.stderr.write(f"{model._meta.label} {row.pk}: {wrong}")
                failed += 1
                continue
            # Only while nobody wrote a newer one, which then has the newest key anyway.
            unchanged = model._default_manager.filter(pk=row.pk, **{field: sealed})
            done += unchanged.update(**{field: renewed})
        return done, failed


def _stale(model: type[Model], field: str, batch: int) -> Iterator[Model]:
    """Rows whose text another key sealed, in batches by primary key."""
    rows = (
        model._default_manager.exclude(**{field: ""})
        .exclude(**{f"{field}__startswith": current_prefix()})
        .only("pk", field)
        .order_by("pk")
    )
    found = list(rows[:batch])
    while found:
        yield from found
        found = list(rows.filter(pk__gt=found[-1].pk)[:batch])
