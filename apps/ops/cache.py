"""Answers kept for a while: `cached` makes each once, `drop` forgets all that carry a tag.

A value remembers the versions of its tags as they were before it was made; a tag whose version
has moved on makes it stale, so nothing is ever searched for and deleted. Keys and tags carry the
account's id.
"""

import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.core.cache import BaseCache, caches
from django.db import transaction

T = TypeVar("T")

# Raise it when the shape of any cached value changes: both releases may run side by side.
SHAPE = 1
# A tag lives longer than any value that carries it.
LONGEST_SECONDS = 24 * 3600
TAG_SECONDS = 2 * LONGEST_SECONDS
# How long others wait for the one who makes a value, before they make it themselves.
FLIGHT_SECONDS = 10.0
POLL_SECONDS = 0.02


def cached(key: str, *, tags: Iterable[str], seconds: int, make: Callable[[], T]) -> T:
    """The value kept under `key`, or what `make` returns, kept for `seconds` (a day at most).

    While one caller makes it, the others wait for the result, in all processes. What `make`
    raises goes to its caller and is not kept.
    """
    entry = _Entry(key, sorted(set(tags)), min(seconds, LONGEST_SECONDS))
    found, value = entry.look()
    if found:
        return value  # type: ignore[no-any-return]
    with _in_turn(entry.key):
        found, value = entry.look()
        if found:
            return value  # type: ignore[no-any-return]
        return entry.take_off(make)


def drop(*tags: str) -> None:
    """Forgets every value that carries one of the tags, once the transaction is committed."""
    transaction.on_commit(lambda: _move_on(tags))


class _Entry:
    def __init__(self, key: str, tags: list[str], seconds: int) -> None:
        self.key = f"kept.{SHAPE}:{key}"
        self.tags, self.seconds = [f"tag:{tag}" for tag in tags], seconds
        self.cache: BaseCache = caches["default"]
        self.versions: dict[str, str] = {}

    def look(self) -> tuple[bool, Any]:
        """Whether there is a fresh value, and the value; notes the versions of the tags."""
        found = self.cache.get_many([self.key, *self.tags])
        packed = found.pop(self.key, None)
        self.versions = found
        if packed is None or len(found) < len(self.tags):
            return False, None
        versions, value = packed
        return (True, value) if versions == found else (False, None)

    def take_off(self, make: Callable[[], T]) -> T:
        """Makes the value, or waits for another process that is making it."""
        flight, ours = f"flight:{self.key}", uuid.uuid4().hex
        if not self.cache.add(flight, ours, FLIGHT_SECONDS):
            end = time.monotonic() + FLIGHT_SECONDS
            while time.monotonic() < end and self.cache.get(flight) is not None:
                time.sleep(POLL_SECONDS)
            found, value = self.look()
            if found:
                return value  # type: ignore[no-any-return]
        try:
            return self._make(make)
        finally:
            if self.cache.get(flight) == ours:
                self.cache.delete(flight)

    def _make(self, make: Callable[[], T]) -> T:
        for tag in self.tags:
            if tag not in self.versions:
                # Never a version that was there before: else a tag that fell out of the cache
                # would bring back what was dropped.
                self.cache.add(tag, _new_version(), TAG_SECONDS)
        self.versions = self.cache.get_many(self.tags)
        value = make()
        if len(self.versions) == len(self.tags):
            self.cache.set(self.key, (self.versions, value), self.seconds)
        return value


def _move_on(tags: Iterable[str]) -> None:
    cache = caches["default"]
    for tag in tags:
        cache.set(f"tag:{tag}", _new_version(), TAG_SECONDS)


def _new_version() -> str:
    return f"{time.time_ns():x}.{uuid.uuid4().hex[:8]}"


_turns: dict[str, tuple[threading.RLock, int]] = {}
_turns_lock = threading.Lock()


@contextmanager
def _in_turn(key: str) -> Iterator[None]:
    """One thread of this process at a time; not for ever, as `make` may hang."""
    with _turns_lock:
        turn, waiting = _turns.get(key, (threading.RLock(), 0))
        _turns[key] = (turn, waiting + 1)
    held = turn.acquire(timeout=FLIGHT_SECONDS)
    try:
        yield
    finally:
        if held:
            turn.release()
        with _turns_lock:
            turn, waiting = _turns[key]
            if waiting == 1:
                del _turns[key]
            else:
                _turns[key] = (turn, waiting - 1)
