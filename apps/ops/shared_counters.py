"""Counters that the web processes of a machine share while there is no Redis to keep them.

A small SQLite file beside the figures, in memory where the system offers that. Whatever goes
wrong with it, the process counts alone.
"""

import logging
import os
import sqlite3
import threading
import time

from apps.ops.metrics import STORE

logger = logging.getLogger(__name__)

SWEEP_SECONDS = 60.0
_TABLE = "CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, total INT, ends REAL)"
_COUNT = """
INSERT INTO counters VALUES (:name, :known + :delta, :ends)
ON CONFLICT (name) DO UPDATE SET
  total = CASE WHEN ends > :now THEN max(total, :known) ELSE :known END + :delta,
  ends = max(ends, :ends)
RETURNING total
"""


class SharedCounters:
    def __init__(self) -> None:
        self._database: sqlite3.Connection | None = None
        self._inherited: sqlite3.Connection | None = None
        #: Held by whoever counts here and in the file, from the first to the last.
        self.turn = threading.Lock()
        self._lock = threading.Lock()
        self._swept = 0.0

    def count(self, name: str, delta: int, known: int, seconds: float) -> int:
        """The total after `delta` more; what this process knew before is at least counted."""
        if STORE.folder is None:
            return known + delta
        now = time.time()
        values = {"name": name, "delta": delta, "known": known, "now": now, "ends": now + seconds}
        try:
            with self._lock:
                database = self._open()
                self._sweep(database, now)
                return int(database.execute(_COUNT, values).fetchone()[0])
        except sqlite3.Error:
            logger.warning("limits are counted by each process alone", exc_info=True)
            return known + delta

    def after_fork(self) -> None:
        # Never used again and never closed here: it is the parent's.
        self._inherited, self._database = self._database, None
        self.turn = threading.Lock()
        self._lock = threading.Lock()

    def _open(self) -> sqlite3.Connection:
        if self._database is None:
            self._database = sqlite3.connect(
                f"{STORE.folder}/counters.sqlite3",
                timeout=0.25,
                isolation_level=None,
                check_same_thread=False,
            )
            self._database.execute("PRAGMA journal_mode = MEMORY")
            self._database.execute("PRAGMA synchronous = OFF")
            self._database.execute(_TABLE)
        return self._database

    def _sweep(self, database: sqlite3.Connection, now: float) -> None:
        if now - self._swept > SWEEP_SECONDS:
            self._swept = now
            database.execute("DELETE FROM counters WHERE ends < ?", (now,))


SHARED = SharedCounters()
os.register_at_fork(after_in_child=SHARED.after_fork)
