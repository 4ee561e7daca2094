"""A circuit breaker per provider, shared by all processes as far as the cache is.

So many failures in a row open it: calls fail at once instead of each waiting in vain. After a
while one call is let through; its success closes the breaker, its failure opens it again.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass

from apps.ops.http.counters import counters

logger = logging.getLogger(__name__)

#: Failures that lie further apart than this say nothing about an outage.
WINDOW_SECONDS = 60


@dataclass(frozen=True)
class Breaker:
    name: str
    failures: int
    open_seconds: float

    def refuses(self) -> float:
        """Seconds to wait before trying again; 0 when a call may be made now."""
        until = counters.get(self._key("open"))
        if until is None:
            return 0
        now = time.time()
        if now < until:
            return float(until - now)
        # Half open: whoever adds the key makes the one trial call.
        trial = counters.add(self._key("trial"), 1, timeout=max(1, round(self.open_seconds)))
        return 0 if trial else self.open_seconds

    def succeeded(self) -> None:
        keys = [self._key(part) for part in ("open", "trial", "count")]
        found = counters.get_many(keys)
        if keys[0] in found:
            logger.warning("%s answers again; its circuit breaker is closed", self.name)
        if found:
            counters.delete_many(keys)

    def failed(self) -> bool:
        """Count a failure; the one too many opens the breaker, as does a failed trial.

        Returns whether it is open now.
        """
        trial = counters.get(self._key("open")) is not None
        if not trial and self._count() < self.failures:
            return False
        until = time.time() + self.open_seconds
        # Longer than it is open: what is left of it makes the next call a trial.
        counters.set(self._key("open"), until, timeout=self.open_seconds + WINDOW_SECONDS)
        counters.delete(self._key("trial"))
        logger.error("%s fails; its circuit breaker is open", self.name)
        return True

    def _count(self) -> int:
        key = self._key("count")
        counters.add(key, 0, timeout=WINDOW_SECONDS)
        try:
            return int(counters.incr(key) or 0)
        except ValueError:  # it ran out between the two
            return 1

    def _key(self, part: str) -> str:
        return f"breaker:{self.name}:{part}"
