"""Numbers in memory that all web processes of a machine map, each writing to a slot of its own.

No process waits for another: a slot has one writer, and who reads adds the slots up. A slot is
held by a lock on its file, which ends with its process; the next process goes on in it. So
nothing is lost when workers come and go, and the size stays that of the processes at one time.

A slot: named counters, then rows (one per status, method and route), then the latest requests.
All of it in words of eight bytes, seen as unsigned numbers or as floats.
"""

import contextlib
import fcntl
import mmap
import os
import threading
import time
import uuid
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from apps.ops import errors

# Counters there are besides the rows. Errors are counted by code.
CACHE = ("cache.hits", "cache.misses", "cache.evictions", "redis.reconnects")
COUNTERS = {name: at for at, name in enumerate((*CACHE, *sorted(errors.STATUSES)))}
# Seconds: each a fifth more than the one before, from half a millisecond to 48 s and beyond.
BOUNDS = tuple(0.0005 * 1.2**step for step in range(63))
ROWS, LATEST = 512, 1000
SLOTS = 64
SLOW_SECONDS, VERY_SLOW_SECONDS = 1.0, 5.0
OVERFLOW = "0 OTHER (too many routes)"

_COUNTERS_AT = 0
_ROWS_AT = 64
_NAME_WORDS = 20
# count, seconds, least, most, slow, very slow, queries, memory; then the histogram; then the name.
_COUNT, _SECONDS, _LEAST, _MOST, _SLOW, _VERY_SLOW, _QUERIES, _MEMORY, _BUCKETS = range(9)
_NAME = _BUCKETS + len(BOUNDS) + 1
_ROW_WORDS = _NAME + _NAME_WORDS
_LATEST_AT = _ROWS_AT + ROWS * _ROW_WORDS
# How many requests were ever kept as the latest; then time, seconds, row, queries, memory of each.
_LATEST_WORDS = 5
SIZE = 8 * (_LATEST_AT + 1 + LATEST * _LATEST_WORDS)


class Request(NamedTuple):
    """One of the latest requests; `name` is status, method and route."""

    at: float
    seconds: float
    name: str
    queries: int
    memory: float


@dataclass
class Row:
    """All requests with the same status, method and route; times in seconds, memory in bytes."""

    count: int = 0
    seconds: float = 0.0
    least: float = 0.0
    most: float = 0.0
    slow: int = 0
    very_slow: int = 0
    queries: int = 0
    memory: float = 0.0
    buckets: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))

    def add(self, other: "Row") -> None:
        self.least = (
            min(self.least, other.least)
            if self.count and other.count
            else (self.least or other.least)
        )
        self.most = max(self.most, other.most)
        self.count += other.count
        self.seconds += other.seconds
        self.slow += other.slow
        self.very_slow += other.very_slow
        self.queries += other.queries
        self.memory += other.memory
        self.buckets = [a + b for a, b in zip(self.buckets, other.buckets, strict=True)]


@dataclass
class Figures:
    """What was counted, of one slot, one machine or all of them."""

    started: float
    counters: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTERS, 0))
    rows: dict[str, Row] = field(default_factory=dict)
    latest: list[Request] = field(default_factory=list)

    def add(self, other: "Figures") -> None:
        self.started = min(self.started, other.started)
        for name, count in other.counters.items():
            self.counters[name] = self.counters.get(name, 0) + count
        for name, row in other.rows.items():
            self.rows.setdefault(name, Row()).add(row)
        self.latest = sorted([*self.latest, *other.latest])[-LATEST:]


class Slot:
    """One process's part of the numbers."""

    def __init__(self, memory: mmap.mmap) -> None:
        view = memoryview(memory)
        self._words, self._floats = view.cast("Q"), view.cast("d")
        self._bytes = view
        self._lock = threading.Lock()
        self._rows = {name: at for at, name in self._names()}

    def count(self, name: str, by: int) -> None:
        with self._lock:
            self._words[_COUNTERS_AT + COUNTERS[name]] += by

    def record(self, name: str, seconds: float, queries: int, memory: float) -> None:
        words, floats = self._words, self._floats
        with self._lock:
            number = self._rows.get(name)
            if number is None:
                number = self._new_row(name)
            row = _ROWS_AT + number * _ROW_WORDS
            if not words[row] or seconds < floats[row + _LEAST]:
                floats[row + _LEAST] = seconds
            if seconds > floats[row + _MOST]:
                floats[row + _MOST] = seconds
            words[row] += 1
            floats[row + _SECONDS] += seconds
            if seconds > SLOW_SECONDS:
                words[row + _SLOW] += 1
                words[row + _VERY_SLOW] += seconds > VERY_SLOW_SECONDS
            words[row + _QUERIES] += queries
            floats[row + _MEMORY] += memory
            words[row + _BUCKETS + bisect_left(BOUNDS, seconds)] += 1
            kept = words[_LATEST_AT]
            place = _LATEST_AT + 1 + kept % LATEST * _LATEST_WORDS
            floats[place] = time.time()
            floats[place + 1] = seconds
            words[place + 2] = number
            words[place + 3] = queries
            floats[place + 4] = memory
            words[_LATEST_AT] = kept + 1

    def figures(self, started: float) -> Figures:
        words = self._words
        names = dict(self._names())
        found = Figures(started)
        found.counters = {name: words[at] for name, at in COUNTERS.items()}
        found.rows = {name: self._row(number) for number, name in names.items()}
        for number in range(min(words[_LATEST_AT], LATEST)):
            place = _LATEST_AT + 1 + number * _LATEST_WORDS
            at, seconds = self._floats[place : place + 2]
            name = names.get(words[place + 2], OVERFLOW)
            memory = self._floats[place + 4]
            found.latest.append(Request(at, seconds, name, words[place + 3], memory))
        return found

    def _row(self, number: int) -> Row:
        row = _ROWS_AT + number * _ROW_WORDS
        words, floats = self._words, self._floats
        return Row(
            count=words[row],
            seconds=floats[row + _SECONDS],
            least=floats[row + _LEAST],
            most=floats[row + _MOST],
            slow=words[row + _SLOW],
            very_slow=words[row + _VERY_SLOW],
            queries=words[row + _QUERIES],
            memory=floats[row + _MEMORY],
            buckets=list(words[row + _BUCKETS : row + _NAME]),
        )

    def _new_row(self, name: str) -> int:
        if len(self._rows) >= ROWS - 1:
            name = OVERFLOW
        number = self._rows.setdefault(name, len(self._rows))
        text = name.encode()[: _NAME_WORDS * 8 - 1]
        start = (_ROWS_AT + number * _ROW_WORDS + _NAME) * 8
        self._bytes[start : start + len(text)] = text
        return number

    def _names(self) -> Iterator[tuple[int, str]]:
        for number in range(ROWS):
            start = (_ROWS_AT + number * _ROW_WORDS + _NAME) * 8
            text = bytes(self._bytes[start : start + _NAME_WORDS * 8]).rstrip(b"\0")
            if not text:
                return
            yield number, text.decode(errors="ignore")


class Store:
    """The slots of a machine; of this process alone until `share` names a folder for them."""

    def __init__(self) -> None:
        self.started = time.time()
        self.identity = uuid.uuid4().hex[:12]
        self.folder: Path | None = None
        self._slot: Slot | None = None
        self._held: int | None = None
        self._lock = threading.Lock()

    def share(self, folder: Path) -> None:
        """Before the processes are forked: from now on they write below the folder."""
        self.folder, self.started = folder, time.time()

    def count(self, name: str, by: int = 1) -> None:
        if by:
            (self._slot or self._claim()).count(name, by)

    def record(self, name: str, seconds: float, queries: int, memory: float) -> None:
        (self._slot or self._claim()).record(name, seconds, queries, memory)

    def figures(self) -> Figures:
        """Of all processes of this machine, those that ended included."""
        if self.folder is None:
            return (self._slot or self._claim()).figures(self.started)
        total = Figures(self.started)
        for path in sorted(self.folder.glob("slot-*")):
            with path.open("rb") as file, contextlib.suppress(ValueError):
                memory = mmap.mmap(file.fileno(), SIZE, access=mmap.ACCESS_READ)
                total.add(Slot(memory).figures(self.started))
        return total

    def hold(self, name: str) -> int | None:
        """The open file of that name below the folder, if no other process holds it."""
        if self.folder is None:
            return None
        file = os.open(self.folder / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(file)
            return None
        return file

    def close(self) -> None:
        """Lets the next process go on in this one's slot."""
        if self._held is not None:
            os.close(self._held)
        self._slot = self._held = None

    def after_fork(self) -> None:
        """A slot has one writer: the child claims its own. The lock stays with the parent."""
        self._lock = threading.Lock()
        self.close()

    def _claim(self) -> Slot:
        with self._lock:
            if self._slot is None:
                self._slot = Slot(self._memory())
            return self._slot

    def _memory(self) -> mmap.mmap:
        for number in range(SLOTS if self.folder else 0):
            self._held = self.hold(f"slot-{number:02}")
            if self._held is not None:
                os.ftruncate(self._held, SIZE)
                return mmap.mmap(self._held, SIZE)
        return mmap.mmap(-1, SIZE)


STORE = Store()
os.register_at_fork(after_in_child=STORE.after_fork)
