"""A small store in this process: what a cache falls back to when its server is gone."""

import pickle
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import Any

MISSING = object()


class Memory:
    """Values by key with an end of life; the least recently used go when there are too many.

    Bounded in entries and in bytes. Values are kept pickled, so that nobody changes another's.
    """

    SWEEP_SECONDS = 60.0

    def __init__(
        self,
        most_entries: int = 20_000,
        most_bytes: int = 32 * 1024 * 1024,
        evicted: Callable[[], None] = lambda: None,
    ) -> None:
        self.most_entries, self.most_bytes, self._evicted = most_entries, most_bytes, evicted
        self.bytes = self.evictions = 0
        self._entries: OrderedDict[str, tuple[bytes, float | None]] = OrderedDict()
        self._lock = threading.RLock()
        self._swept = time.monotonic()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: str) -> Any:
        with self._lock:
            entry = self._alive(key)
            if entry is None:
                return MISSING
            self._entries.move_to_end(key)
        return pickle.loads(entry[0])  # noqa: S301  # written below, in this very process

    def set(self, key: str, value: Any, seconds: float | None) -> None:
        """`seconds` from now it is gone; None keeps it until there is no room."""
        packed = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
        with self._lock:
            self._drop(key)
            if (seconds is not None and seconds <= 0) or len(packed) > self.most_bytes:
                return
            self._put(key, packed, None if seconds is None else time.monotonic() + seconds)

    def add(self, key: str, value: Any, seconds: float | None) -> bool:
        with self._lock:
            if self._alive(key) is not None:
                return False
            self.set(key, value, seconds)
            return True

    def incr(self, key: str, delta: int) -> int:
        """Keeps the end of life. Raises ValueError when there is nothing to count on."""
        with self._lock:
            entry = self._alive(key)
            if entry is None:
                raise ValueError(f"there is no number at {key}")
            total = int(pickle.loads(entry[0])) + delta  # noqa: S301
            self._drop(key)
            self._put(key, pickle.dumps(total), entry[1])
            return total

    def touch(self, key: str, seconds: float | None) -> bool:
        with self._lock:
            entry = self._alive(key)
            if entry is None:
                return False
            self._drop(key)
            if seconds is None or seconds > 0:
                self._put(key, entry[0], None if seconds is None else time.monotonic() + seconds)
            return True

    def delete(self, key: str) -> bool:
        with self._lock:
            alive = self._alive(key) is not None
            self._drop(key)
            return alive

    def seconds_left(self, key: str) -> float | None:
        """None when it is not there or has no end."""
        with self._lock:
            entry = self._alive(key)
            return None if entry is None or entry[1] is None else entry[1] - time.monotonic()

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()
            self.bytes = 0

    def _alive(self, key: str) -> tuple[bytes, float | None] | None:
        entry = self._entries.get(key)
        if entry is not None and entry[1] is not None and entry[1] <= time.monotonic():
            self._drop(key)
            return None
        return entry

    def _drop(self, key: str) -> None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self.bytes -= len(entry[0])

    def _put(self, key: str, packed: bytes, end: float | None) -> None:
        now = time.monotonic()
        if now - self._swept > self.SWEEP_SECONDS:
            self._swept = now
            for old in list(self._ended(now)):
                self._drop(old)
        self._entries[key] = (packed, end)
        self.bytes += len(packed)
        while len(self._entries) > self.most_entries or self.bytes > self.most_bytes:
            self._drop(next(iter(self._entries)))
            self.evictions += 1
            self._evicted()

    def _ended(self, now: float) -> Iterator[str]:
        return (key for key, (_, end) in self._entries.items() if end is not None and end <= now)
