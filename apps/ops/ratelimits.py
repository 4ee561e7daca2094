"""How often one person may ask: three tiers, counted per user or else per client address.

django-ratelimit counts fixed windows, in the cache that goes on counting while Redis is away; a
sliding window is built beside it on the same counters. Who is signed in, apps above tell through
`identify_by`.
"""

import logging
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.db import DatabaseError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django_ratelimit.core import get_usage

from apps.ops import errors, paths, responses

logger = logging.getLogger(__name__)

AUTH, WRITE, READ = "auth", "write", "read"
# Where a password, a code or a refresh is tried; the pages themselves may be looked at.
SIGN_IN = frozenset({"/auth/login", "/auth/callback", "/auth/refresh", "/auth/password"})
SIGN_IN_PAGES = frozenset({"/admin/login/", "/admin/two-factor", "/sign-in"})
# Probes must get through whoever else asks; senders of webhooks repeat what was refused. The
# admin is for signed-in staff, and static files cost nothing.
EXEMPT = (*paths.WATCHING, "/webhooks", "/email/events", "/static", "/admin")
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Usage:
    """What is left of a limit. `reset` is in seconds, and a refused caller may come back then."""

    limit: int
    remaining: int
    reset: int
    refused: bool

    @property
    def headers(self) -> dict[str, str]:
        told = {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset),
        }
        return told | ({"Retry-After": str(self.reset)} if self.refused else {})


Rate = tuple[int, int]
Identify = Callable[[HttpRequest], str | None]
_identify: list[Identify] = []


def identify_by(find: Identify) -> None:
    """Registers a way to tell who is signed in; it gives None for those it does not know."""
    if find not in _identify:
        _identify.append(find)


def tier_of(path: str, method: str) -> str | None:
    """The tier that a request counts in; None when it is outside them all."""
    if path in SIGN_IN or (path in SIGN_IN_PAGES and method not in _SAFE):
        return AUTH
    if paths.is_below(path, EXEMPT):
        return None
    return READ if method in _SAFE else WRITE


def count(tier: str, who: str) -> Usage:
    """Counts one request of the tier. Never raises."""
    rate: Rate = settings.RATE_LIMITS[tier]
    return STRATEGIES[settings.RATE_LIMIT_STRATEGY](tier, rate, who)


def name_tried(name: str) -> None:
    """Counts a try at this account's password, wherever it comes from. Raises `rate_limited`."""
    usage = count(AUTH, f"name:{name.strip().casefold()}")
    if usage.refused:
        raise errors.ApplicationError("rate_limited", _told(usage), headers=usage.headers)


def _fixed(tier: str, rate: Rate, who: str) -> Usage:
    """So many from one edge to the next; twice as many can meet at an edge."""
    found = get_usage(None, group=tier, key=lambda *_: who, rate=rate, increment=True)
    if found is None or found["time_left"] < 0:
        return _uncounted(rate)
    # Its window still holds in the very second that it ends in.
    reset = found["time_left"] + 1
    left = max(0, rate[0] - found["count"])
    return Usage(rate[0], left, reset, refused=bool(found["should_limit"]))


def _sliding(tier: str, rate: Rate, who: str) -> Usage:
    """So many in any stretch of that length, judged by this window and the share of the last.

    What is refused does not count, so that waiting always helps.
    """
    limit, period = rate
    window, passed = divmod(time.time(), period)
    cache = caches["limits"]
    this, last = (f"sliding:{tier}:{period}:{int(window) - ago}:{who}" for ago in (0, 1))
    try:
        now = 1 if cache.add(this, 1, 2 * period + 5) else cache.incr(this)
        before = int(cache.get(last) or 0)
        used = before * (1 - passed / period) + now
        if used <= limit:
            left = math.floor(limit - used)
            return Usage(limit, left, math.ceil(period - passed), refused=False)
        cache.incr(this, -1)
    except ValueError:
        # It ended between two steps.
        return _uncounted(rate)
    wait = _wait(limit, period, passed, before, min(now - 1, limit))
    return Usage(limit, 0, max(1, math.ceil(wait)), refused=True)


def _wait(limit: int, period: float, passed: float, before: int, now: int) -> float:
    """Seconds until one more fits: `before * (1 - t / period) + now + 1 <= limit`."""
    if now + 1 <= limit and before:
        return period * (1 - (limit - 1 - now) / before) - passed
    # Not in this window; in the next one, this one's count fades in the same way.
    fading = period * (1 - (limit - 1) / now) if now and limit else period
    return period - passed + fading


def _uncounted(rate: Rate) -> Usage:
    return Usage(rate[0], max(0, rate[0] - 1), rate[1], refused=False)


STRATEGIES: dict[str, Callable[[str, Rate, str], Usage]] = {"fixed": _fixed, "sliding": _sliding}


class RateLimitMiddleware:
    """Counts the request, refuses it when there were too many, and says what is left."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        tier = tier_of(request.path_info, request.method or "")
        if tier is None:
            return self.get_response(request)
        usage = count(tier, _who(request))
        if usage.refused:
            refusal = errors.ApplicationError("rate_limited", _told(usage))
            response: HttpResponseBase = errors.respond(refusal)
        else:
            response = self.get_response(request)
        for name, value in usage.headers.items():
            response.headers.setdefault(name, value)
        return response


class NameLimitBackend:
    """First of the authentication backends: counts the try, signs nobody in."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, **credentials: Any
    ) -> None:
        """Raises `rate_limited`, which Django passes on."""
        name = username or credentials.get("email")
        if name and "password" in credentials:
            name_tried(str(name))


def _who(request: HttpRequest) -> str:
    """A user where one is signed in, else the address; what only claims to be one counts as none.

    A session is believed by what the server keeps of it.
    """
    try:
        for find in _identify:
            if user := find(request):
                return f"user:{user}"
    except DatabaseError:
        # The request itself will be told; until then, count it.
        logger.warning("limits are counted by address while the database does not answer")
    return f"address:{responses.client_network(request, settings.TRUSTED_PROXY_COUNT)}"


def _told(usage: Usage) -> str:
    return f"Too many requests; try again in {usage.reset} seconds."
