"""Migrations that hold no lock while people work."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db.migrations import AddIndex


class AddIndexOnline(AddIndexConcurrently):
    """An index built beside the writes on PostgreSQL, plainly elsewhere.

    Its migration needs `atomic = False` and holds nothing else.
    """

    def database_forwards(self, label: Any, editor: Any, before: Any, after: Any) -> None:
        kind = _kind(editor)
        kind.database_forwards(self, label, editor, before, after)

    def database_backwards(self, label: Any, editor: Any, before: Any, after: Any) -> None:
        kind = _kind(editor)
        kind.database_backwards(self, label, editor, before, after)


def _kind(editor: Any) -> type[AddIndex]:
    return AddIndexConcurrently if editor.connection.vendor == "postgresql" else AddIndex
