"""Connects again, and reads again, when the server went away; a restart costs a short wait.

A read outside a transaction is repeated on a new connection. Nothing else is: of a write nobody
knows whether it was done, and a transaction is lost with its connection.
"""

import re
import time
from typing import Any

import psycopg
from django.db import InterfaceError, OperationalError
from django.db.backends.postgresql import base
from django.db.backends.utils import CursorDebugWrapper, CursorWrapper

from apps.ops import database

_READ = re.compile(
    r"\s*(?:SELECT|VALUES|SHOW)\b(?!.*\bFOR\s+(?:NO\s+KEY\s+)?UPDATE\b)", re.I | re.S
)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that does not give up at the first refusal."""

    def connect(self) -> None:
        for pause in database.pauses():
            try:
                super().connect()
                return
            except psycopg.OperationalError as error:
                if _hopeless(error):
                    raise
                time.sleep(pause)
        super().connect()

    def make_cursor(self, cursor: Any) -> CursorWrapper:
        return _Cursor(cursor, self)

    def make_debug_cursor(self, cursor: Any) -> CursorDebugWrapper:
        return _DebugCursor(cursor, self)


class _Repeating:
    db: Any
    cursor: Any

    def execute(self, sql: Any, params: Any = None) -> Any:
        for pause in database.pauses():
            try:
                return super().execute(sql, params)  # type: ignore[misc]
            except (OperationalError, InterfaceError) as error:
                if not self._may_repeat(sql, error):
                    raise
            self.db.close()
            time.sleep(pause)
            self.db.ensure_connection()
            self.cursor = self.db.create_cursor()
        return super().execute(sql, params)  # type: ignore[misc]

    def _may_repeat(self, sql: Any, error: BaseException) -> bool:
        return (
            not self.db.in_atomic_block
            and database.is_lost(error)
            # A named cursor lives in the connection that is gone.
            and getattr(self.cursor, "name", None) is None
            and bool(_READ.match(str(sql)))
        )


class _Cursor(_Repeating, CursorWrapper):
    pass


class _DebugCursor(_Repeating, CursorDebugWrapper):
    pass


def _hopeless(error: Exception) -> bool:
    """A wrong name or password stays wrong, and a server that is silent has cost its time."""
    text = str(error)
    return any(sign in text for sign in ("password", "does not exist", "timeout", "translate host"))
