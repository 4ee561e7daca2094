"""A provider's rate limit, kept ahead of time and by all processes together.

Calls to a resource (a HighLevel location, say) are counted in windows in the cache. When a window
is full, or the provider says that nothing remains, calls wait or are told how long to.
"""

from __future__ import annotations

import contextlib
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass

from apps.ops.http.counters import counters

#: Without a word on when a day's budget is renewed.
DAY_PAUSE_SECONDS = 900


@dataclass(frozen=True)
class Pace:
    """So many calls per window; what the provider's headers say takes their place."""

    key: str
    calls: int
    window: float

    def wait(self) -> float:
        """Take a place in the window and return 0, or the seconds until there may be one."""
        now = time.time()
        found = counters.get_many([self._at("pause"), self._at("calls"), self._at("start")])
        if (pause := found.get(self._at("pause"), 0)) > now:
            return float(pause - now)
        start = found.get(self._at("start")) or self._open_window(now)
        if self._take(start) <= found.get(self._at("calls"), self.calls):
            return 0
        return max(0.05, float(start) + self.window - now) + _jitter(self.window)

    def learn(self, headers: Mapping[str, str]) -> None:
        """Keep to what an answer says of the limits; nothing sensible, nothing learned."""
        most = _number(headers, "X-RateLimit-Max")
        if most and most != self.calls:
            counters.set(self._at("calls"), int(most), timeout=3600)
        if _number(headers, "X-RateLimit-Remaining") == 0:
            self.pause(self._interval(headers))
        if _number(headers, "X-RateLimit-Daily-Remaining") == 0:
            self.pause(_number(headers, "X-RateLimit-Daily-Reset") or DAY_PAUSE_SECONDS)

    def refused(self, headers: Mapping[str, str]) -> float:
        """The provider said 429: nobody calls for an interval. Returns the seconds."""
        seconds = _number(headers, "Retry-After") or self._interval(headers)
        self.pause(seconds)
        return seconds + _jitter(seconds)

    def pause(self, seconds: float) -> None:
        seconds = min(seconds, 86_400)
        counters.set(self._at("pause"), time.time() + seconds, timeout=seconds + 1)

    def _open_window(self, now: float) -> float:
        # A window starts with its first call, as the provider's own does.
        counters.add(self._at("start"), now, timeout=self.window)
        return float(counters.get(self._at("start")) or now)

    def _take(self, start: float) -> int:
        key = self._at(f"count:{start:.3f}")
        counters.add(key, 0, timeout=self.window + 5)
        with contextlib.suppress(ValueError):
            return int(counters.incr(key) or 0)
        return 0

    def _interval(self, headers: Mapping[str, str]) -> float:
        milliseconds = _number(headers, "X-RateLimit-Interval-Milliseconds")
        return milliseconds / 1000 if milliseconds else self.window

    def _at(self, part: str) -> str:
        return f"pace:{self.key}:{part}"


def _jitter(seconds: float) -> float:
    """So that all who wait for the same window do not come at the same moment."""
    return random.uniform(0, min(1.0, seconds / 10))  # noqa: S311 - no secret


def _number(headers: Mapping[str, str], name: str) -> float | None:
    try:
        value = float(headers.get(name, ""))
    except ValueError:
        return None
    return value if 0 <= value < 10_000_000 else None
