"""The cache backend: Redis first, memory of this process while Redis is away or not configured.

Three aliases use it, told apart by OPTIONS:

- `default` holds copies. In memory they live for MEMORY_SECONDS at most, since other processes
  cannot be told of a change.
- `sessions` (MEMORY_SECONDS 0) has no memory at all: a sign-out must hold in every process, and
  the database is behind it.
- `limits` (COUNTERS) counts. Memory follows what Redis counted; during an outage the processes of
  a machine go on from there together, and each pays in afterwards what it counted itself.

While Redis was away, values in it may have become stale. Keys of copies therefore carry an epoch,
which is renewed when it is back.
"""

import logging
import pickle
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django_redis.cache import RedisCache
from redis.exceptions import RedisError, ResponseError

from apps.ops.memory import MISSING, Memory
from apps.ops.metrics import STORE
from apps.ops.redis_link import Link, link_to
from apps.ops.shared_counters import SHARED

logger = logging.getLogger(__name__)

# What another release wrote may not be readable by this one.
_UNREADABLE = (pickle.UnpicklingError, AttributeError, ImportError, EOFError, IndexError, TypeError)


def _asked(found: int, wanted: int) -> None:
    STORE.count("cache.hits", found)
    STORE.count("cache.misses", wanted - found)


class _Shared:
    """What all cache objects of a name have in common; Django makes one object per thread."""

    def __init__(self) -> None:
        self.memory = Memory(evicted=lambda: STORE.count("cache.evictions"))
        self.owed: dict[str, int] = {}
        self.lock = threading.Lock()


_shared: dict[tuple[str, str, bool], _Shared] = {}


class FallbackCache(BaseCache):
    """Never raises because Redis is away."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        options = dict(params.get("OPTIONS", {}))
        self._longest: float | None = options.pop("MEMORY_SECONDS", None)
        self._counts: bool = options.pop("COUNTERS", False)
        self.link: Link | None = link_to(server) if server else None
        self.primary: RedisCache[Any] | None = None
        shared = _shared.setdefault((server, self.key_prefix, self._counts), _Shared())
        self.memory, self._owed, self._lock = shared.memory, shared.owed, shared.lock
        if self.link is not None:
            self.primary = RedisCache(server, {**params, "OPTIONS": options})
            self.link.when_back(f"{self.key_prefix}:{self._counts}", self._returned)

    def add(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None
    ) -> bool:
        name, seconds = self._name(key, version), self._seconds(timeout)

        def remember() -> bool:
            if not self._counts:
                return self.memory.add(name, value, seconds)
            # Nobody is the first here: other processes may count too, so `incr` has to tell.
            self.memory.add(name, 0, seconds)
            return False

        added = bool(self._ask("add", remember, key, value, timeout=timeout, version=version))
        if self._counts:
            self.memory.add(name, value, seconds)
        return added

    def get(self, key: Any, default: Any = None, version: Any = None) -> Any:
        def remembered() -> Any:
            return self.memory.get(self._name(key, version))

        found = self._ask("get", remembered, key, MISSING, version=version)
        _asked(int(found is not MISSING), 1)
        return default if found is MISSING else found

    def set(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None
    ) -> None:
        def remember() -> None:
            seconds = self._short(self._seconds(timeout))
            self.memory.set(self._name(key, version), value, seconds)

        self._ask("set", remember, key, value, timeout=timeout, version=version)

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> bool:
        def remembered() -> bool:
            seconds = self._short(self._seconds(timeout))
            return self.memory.touch(self._name(key, version), seconds)

        return bool(self._ask("touch", remembered, key, timeout=timeout, version=version))

    def delete(self, key: Any, version: Any = None) -> bool:
        def forget() -> bool:
            return self.memory.delete(self._name(key, version))

        return bool(self._ask("delete", forget, key, version=version))

    def incr(self, key: Any, delta: int = 1, version: Any = None) -> int:
        """Raises ValueError when there is no number at the key."""
        name = self._name(key, version)

        def count() -> int:
            if not self._counts:
                return self.memory.incr(name, delta)
            # One thread after the other: what is known here must be in the file already, or the
            # next one takes it for something to add.
            with SHARED.turn:
                total = self.memory.incr(name, delta)
                if self.link is not None:
                    with self._lock:
                        self._owed[name] = self._owed.get(name, 0) + delta
                seconds = self.memory.seconds_left(name) or 0.0
                return SHARED.count(name, delta, total - delta, seconds)

        total = int(self._ask("incr", count, key, delta, version=version))
        # What others counted past Redis, they will pay in themselves.
        if self._counts and (self.link is None or self.link.up):
            self._follow(name, total)
        return total

    def has_key(self, key: Any, version: Any = None) -> bool:
        def remembered() -> bool:
            return self.memory.get(self._name(key, version)) is not MISSING

        return bool(self._ask("has_key", remembered, key, version=version))

    def get_many(self, keys: Iterable[Any], version: Any = None) -> dict[Any, Any]:
        wanted = list(keys)

        def remembered() -> dict[Any, Any]:
            found = {key: self.memory.get(self._name(key, version)) for key in wanted}
            return {key: value for key, value in found.items() if value is not MISSING}

        found = self._ask("get_many", remembered, wanted, version=version)
        if found is MISSING:
            found = {}
        _asked(len(found), len(wanted))
        return dict(found)

    def set_many(
        self, data: Mapping[Any, Any], timeout: Any = DEFAULT_TIMEOUT, version: Any = None
    ) -> list[Any]:
        for key, value in data.items():
            self.set(key, value, timeout, version)
        return []

    def delete_many(self, keys: Iterable[Any], version: Any = None) -> None:
        for key in keys:
            self.delete(key, version)

    def clear(self) -> None:
        """Forgets what is below this prefix, by a new epoch; counters stay as they are."""
        self.memory.clear()
        if self.link is not None:
            self.link.renew(self.key_prefix)

    def close(self, **options: Any) -> None:
        if self.primary is not None:
            self.primary.close(**options)

    def _ask(self, operation: str, otherwise: Callable[[], Any], *args: Any, **options: Any) -> Any:
        link = self.link
        if self.primary is None or link is None:
            return otherwise()
        if link.up:
            version = self.version if options["version"] is None else options["version"]
            try:
                if not self._counts:
                    version = f"{version}.{link.epoch(self.key_prefix)}"
                return getattr(self.primary, operation)(*args, **{**options, "version": version})
            except ResponseError as error:
                # It answers, but not to this: no memory left, say, or a replica.
                logger.warning("Redis refused a command", extra={"error": str(error)[:200]})
            except (RedisError, OSError) as error:
                link.failed(error)
            except _UNREADABLE:
                if operation not in {"get", "get_many"}:
                    raise
                return MISSING
        if not self._counts and operation not in {"get", "get_many", "has_key"}:
            link.changed()
        return otherwise()

    def _name(self, key: Any, version: Any) -> str:
        return str(self.make_key(key, version))

    def _seconds(self, timeout: Any) -> float | None:
        seconds = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        return None if seconds is None else float(seconds)

    def _short(self, seconds: float | None) -> float | None:
        if self._longest is None:
            return seconds
        return self._longest if seconds is None else min(seconds, self._longest)

    def _follow(self, name: str, total: int) -> None:
        known = self.memory.get(name)
        if known is not MISSING and isinstance(known, int) and known < total:
            self.memory.incr(name, total - known)

    def _returned(self) -> None:
        """Redis is back: memory of copies goes; what was counted alone is paid in."""
        if not self._counts:
            self.memory.clear()
            return
        with self._lock:
            owed, count = dict(self._owed), self.memory.get
            self._owed.clear()
        for name, delta in owed.items():
            seconds, known = self.memory.seconds_left(name), count(name)
            if self.link is None or seconds is None or known is MISSING:
                continue
            self.link.client.set(name, 0, nx=True, ex=max(1, round(seconds)))
            total = int(self.link.client.incrby(name, delta))
            if total < int(known):
                # Redis came back empty; what it had counted before is known here.
                self.link.client.incrby(name, int(known) - total)
