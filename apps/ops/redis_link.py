"""Whether Redis answers, as this process knows it.

The first failing call marks the link as down: from then on nobody waits for Redis, until a thread
of its own gets an answer to a ping. So an outage costs a process one timeout, and a return none.
"""

import datetime
import logging
import os
import threading
import time
from collections.abc import Callable

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

from apps.ops.metrics.store import STORE

logger = logging.getLogger(__name__)

PING_SECONDS = 1.0
# How old this process's knowledge of the epoch may be.
EPOCH_SECONDS = 1.0
# After a longer silence others may have come and gone, with changes nobody here knows of.
LONG_SECONDS = 5.0


class Link:
    """One Redis as one process sees it; `up` is all that a caller has to ask."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.client = redis.Redis.from_url(
            url,
            socket_timeout=settings.REDIS_TIMEOUT_SECONDS,
            socket_connect_timeout=settings.REDIS_TIMEOUT_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
        self.up = True
        self.since = datetime.datetime.now(datetime.UTC)
        self.reconnects = 0
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._changed = False
        self._epochs: dict[str, tuple[str, float]] = {}
        self._on_return: dict[str, Callable[[], None]] = {}

    def when_back(self, name: str, act: Callable[[], None]) -> None:
        """`act` runs whenever Redis is back; one per name, however many caches are built."""
        self._on_return.setdefault(name, act)

    def failed(self, error: Exception) -> None:
        """A call failed: memory takes over. Logged once, and one thread waits for the return."""
        with self._lock:
            if not self.up:
                return
            self.up = False
            self.since = datetime.datetime.now(datetime.UTC)
        logger.warning(
            "Redis does not answer; memory takes over", extra={"error": type(error).__name__}
        )
        threading.Thread(target=self._wait, name="redis-return", daemon=True).start()

    def changed(self) -> None:
        """Something was written past Redis: what it still holds must not be believed later."""
        self._changed = True

    def epoch(self, prefix: str) -> str:
        """Part of every key below the prefix; a new one forgets all that was written before.

        Raises what the client raises.
        """
        known, read = self._epochs.get(prefix, ("", 0.0))
        now = time.monotonic()
        if known and now - read < EPOCH_SECONDS:
            return known
        name = f"{prefix}:epoch"
        found = self.client.get(name)
        if found is None:
            self.client.set(name, time.time_ns(), nx=True)
            found = self.client.get(name)
        value = found.decode() if isinstance(found, bytes) else str(found)
        self._epochs[prefix] = (value, now)
        return value

    def renew(self, prefix: str) -> None:
        """A new epoch below the prefix, now or when Redis is back."""
        self._epochs.setdefault(prefix, ("", 0.0))
        self.changed()
        if self.up:
            try:
                self._new_epoch()
            except (redis.RedisError, OSError) as error:
                self.failed(error)

    def close(self) -> None:
        self._closed.set()
        self.client.close()

    def after_fork(self) -> None:
        """The thread that waits is not in the child, which has to find out for itself."""
        self._lock, self._closed = threading.Lock(), threading.Event()
        self.up = True

    def _wait(self) -> None:
        while not self._closed.wait(PING_SECONDS):
            try:
                self.client.ping()
                self._new_epoch()
            except (redis.RedisError, OSError):
                continue
            self._back()
            return

    def _new_epoch(self) -> None:
        silent = datetime.datetime.now(datetime.UTC) - self.since
        if self._changed or silent.total_seconds() > LONG_SECONDS:
            self._changed = False
            for prefix in list(self._epochs):
                self.client.set(f"{prefix}:epoch", time.time_ns())
        self._epochs.clear()

    def _back(self) -> None:
        with self._lock:
            self.up = True
            self.since = datetime.datetime.now(datetime.UTC)
            self.reconnects += 1
        STORE.count("redis.reconnects")
        logger.warning("Redis answers again")
        for act in list(self._on_return.values()):
            try:
                act()
            except (redis.RedisError, OSError) as error:
                self.failed(error)


_links: dict[str, Link] = {}
_making = threading.Lock()


def link_to(url: str) -> Link:
    """The one link of this process to that Redis."""
    with _making:
        if url not in _links:
            _links[url] = Link(url)
        return _links[url]


def forget(url: str) -> None:
    """Ends the link, and the thread that may be waiting for its return."""
    with _making:
        link = _links.pop(url, None)
    if link is not None:
        link.close()


def _after_fork() -> None:
    global _making
    _making = threading.Lock()
    for link in _links.values():
        link.after_fork()


os.register_at_fork(after_in_child=_after_fork)
