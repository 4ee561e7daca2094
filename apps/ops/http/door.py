"""Sending a request to a provider, and making sense of what comes back."""

from __future__ import annotations

import functools
import json
import logging
import math
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from typing import Any, Literal
from urllib.parse import urlsplit

import requests
import stamina
import urllib3
from django.conf import settings

from apps.ops import context
from apps.ops.errors import ApplicationError
from apps.ops.http.addresses import AddressRefusedError, GuardedAdapter, Reach, refuse_address
from apps.ops.http.breaker import Breaker
from apps.ops.http.deadline import Deadline
from apps.ops.http.pace import Pace

logger = logging.getLogger(__name__)

_IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
_CHUNK = 64 * 1024
# Commas in texts count too. An answer of 50 MB of `[],` would be a gigabyte of objects.
_MOST_VALUES = 3_000_000
# Shorter than this no call is worth starting.
_LEAST_SECONDS = 0.05


@dataclass(frozen=True)
class Provider:
    """Whom we call. ``name`` is the breaker's; ``label`` is how messages call it."""

    name: str
    label: str
    reach: Reach = Reach.PUBLIC
    connect_seconds: float = 3
    read_seconds: float = 8
    attempts: int = 3
    failures_to_open: int = 5
    open_seconds: float = 15
    #: At most so many calls per window and resource; 0 means that no limit is known.
    calls_per_window: int = 0
    window_seconds: float = 10
    most_bytes: int = 10 * 1024 * 1024

    @property
    def breaker(self) -> Breaker:
        return Breaker(self.name, self.failures_to_open, self.open_seconds)


@dataclass(frozen=True)
class Answer:
    """What came back, read whole."""

    provider: Provider
    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    def json(self) -> Any:
        """Raises ``upstream_unavailable`` when it is no JSON, or more than can be held.

        NaN and infinity are none: kept, they would make our own answers unreadable.
        """
        if sum(self.body.count(sign) for sign in (b",", b"[", b"{")) > _MOST_VALUES:
            raise bad_answer(self.provider, "it holds too many values", permanent=True)
        try:
            return json.loads(self.body, parse_constant=_finite, parse_float=_finite)
        except (ValueError, RecursionError):
            raise bad_answer(self.provider, "no JSON") from None


def send(
    provider: Provider,
    method: str,
    url: str,
    *,
    deadline: float = 10,
    repeatable: bool | None = None,
    expect: Collection[int] = (),
    resource: str = "",
    **content: Any,
) -> Answer:
    """Make a call and return its answer of 2xx, or of a status in ``expect``.

    ``deadline``: seconds for everything, waits and repetitions included. ``repeatable``: whether a
    call that may have arrived can be sent again; by default as its method says. ``resource``: what
    the provider's rate limit is counted by; empty where there is none yet. ``content``: params,
    headers, json, data of requests.
    """
    call = _Call(
        provider, method, url, Deadline(deadline), tuple(expect), resource, dict(content),
        method in _IDEMPOTENT if repeatable is None else repeatable,
    )  # fmt: skip
    attempts = stamina.retry_context(
        on=call.again, attempts=None, timeout=None, wait_initial=0.2, wait_max=2, wait_jitter=0.3
    )
    for attempt in attempts:
        with attempt:
            return call.attempt()
    raise AssertionError("the last attempt returned or raised")


def bad_answer(provider: Provider, what: str, *, permanent: bool = False) -> ApplicationError:
    message = f"{provider.label} gave an answer that cannot be used: {what}."
    return ApplicationError("upstream_unavailable", message, permanent=permanent)


def _finite(written: str) -> float:
    number = float(written)
    if not math.isfinite(number):
        raise ValueError(written[:20])
    return number


class _AttemptError(ApplicationError):
    """A failure of one attempt; ``wait`` is when to try again, None that it must not be."""

    def __init__(
        self, code: str, message: str, wait: float | Literal[True] | None, **more: Any
    ) -> None:
        super().__init__(code, message, **more)
        self.wait = wait


@dataclass
class _Call:
    provider: Provider
    method: str
    url: str
    deadline: Deadline
    expect: tuple[int, ...]
    resource: str
    content: dict[str, Any]
    repeatable: bool
    made: int = 0

    def again(self, error: Exception) -> bool | float:
        """Whether to try once more: True after the usual backoff, a number after so long."""
        if not isinstance(error, _AttemptError) or error.wait is None:
            return False
        needed = 0.3 if error.wait is True else float(error.wait)
        if needed + _LEAST_SECONDS > self.deadline.left:
            return False
        # Waiting for the rate limit is no failure: only the deadline ends it.
        return error.wait if error.wait is not True else self.made < self.provider.attempts

    def attempt(self) -> Answer:
        pace = self._take_turn()
        self.made += 1
        started = time.perf_counter()
        try:
            answer = self._exchange()
        except AddressRefusedError as refused:
            raise self._refused("is not on the public internet") from refused
        except (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema) as wrong:
            raise self._refused("is no web address") from wrong
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as wrong:
            self._log(type(wrong).__name__, started)
            raise self._no_answer(wrong) from wrong
        self._log(str(answer.status), started)
        return self._judged(answer, pace)

    def _take_turn(self) -> Pace | None:
        label = self.provider.label
        if wait := self.provider.breaker.refuses():
            message = f"{label} does not answer at the moment; try again in a little while."
            raise _AttemptError("upstream_unavailable", message, None, headers=_retry_after(wait))
        if not self.provider.calls_per_window or not self.resource:
            return None
        key = f"{self.provider.name}:{self.resource}"
        pace = Pace(key, self.provider.calls_per_window, self.provider.window_seconds)
        if wait := pace.wait():
            raise self._limited(wait)
        return pace

    def _exchange(self) -> Answer:
        reach = Reach.PRIVATE if settings.ALLOW_PRIVATE_ADDRESSES else self.provider.reach
        refuse_address(self.url, reach)
        left = self.deadline.left
        if left < _LEAST_SECONDS:
            raise requests.Timeout("no time left")
        timeout = (min(self.provider.connect_seconds, left), min(self.provider.read_seconds, left))
        headers = {"Accept": "application/json", "User-Agent": "workflow-debugger"}
        if identity := context.request_id.get():
            headers["X-Request-ID"] = identity
        content = {**self.content, "headers": {**headers, **self.content.get("headers", {})}}
        with (
            self.deadline.watching(),
            _session(reach).request(
                self.method,
                self.url,
                timeout=timeout,
                allow_redirects=False,
                stream=True,
                **content,
            ) as response,
        ):
            body = self._read(response)
            if self.deadline.passed:
                raise requests.Timeout("the deadline passed")
            return Answer(self.provider, response.status_code, response.headers, body)

    def _read(self, response: requests.Response) -> bytes:
        parts, size = [], 0
        for part in response.iter_content(_CHUNK):
            parts.append(part)
            size += len(part)
            if size > self.provider.most_bytes:
                raise bad_answer(self.provider, "it is too large", permanent=True)
        return b"".join(parts)

    def _judged(self, answer: Answer, pace: Pace | None) -> Answer:
        status = answer.status
        if status >= 500:
            raise self._failed(f"has a fault (status {status})")
        self.provider.breaker.succeeded()
        if status == 429:
            # It was not acted upon, so even a POST may be sent again.
            raise self._limited((pace or Pace(self.provider.name, 0, 10)).refused(answer.headers))
        if pace is not None:
            pace.learn(answer.headers)
        if 200 <= status < 300 or status in self.expect:
            return answer
        if status in (401, 403):
            message = f"{self.provider.label} did not accept our authorisation; connect it again."
            raise ApplicationError("upstream_auth", message, permanent=True)
        raise bad_answer(self.provider, f"status {status}", permanent=True)

    def _limited(self, wait: float) -> _AttemptError:
        message = f"{self.provider.label} takes no more requests just now; try again later."
        return _AttemptError("upstream_rate_limited", message, wait, headers=_retry_after(wait))

    def _no_answer(self, wrong: Exception) -> _AttemptError:
        late = self.deadline.passed or isinstance(wrong, requests.Timeout)
        return self._failed("did not answer in time" if late else "could not be reached")

    def _failed(self, what: str) -> _AttemptError:
        is_open = self.provider.breaker.failed()
        wait = True if self.repeatable and not is_open else None
        message = f"{self.provider.label} {what}; try again later."
        return _AttemptError("upstream_unavailable", message, wait)

    def _refused(self, why: str) -> ApplicationError:
        message = f"{self.url[:100]} {why}; this service does not call it."
        return ApplicationError("validation_error", message)

    def _log(self, outcome: str, started: float) -> None:
        parts = urlsplit(self.url)
        logger.info(
            "%s %s%s -> %s in %d ms",
            self.method, parts.hostname, parts.path, outcome,
            (time.perf_counter() - started) * 1000,
            extra={"provider": self.provider.name, "attempt": self.made},
        )  # fmt: skip


def _retry_after(seconds: float) -> dict[str, str]:
    return {"Retry-After": str(max(1, round(seconds)))}


@functools.cache
def _session(reach: Reach) -> requests.Session:
    """One per reach: no cookies, and nothing from the environment (a proxy, .netrc)."""
    session = requests.Session()
    session.trust_env = False
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    for scheme in ("http://", "https://"):
        session.mount(scheme, GuardedAdapter(reach))
    return session
