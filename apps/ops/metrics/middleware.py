"""Takes the figures of every request, except of those that only look at the service."""

import logging
import re
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve

from apps.ops import errors, paths, responses
from apps.ops.metrics.memory import growth
from apps.ops.metrics.store import SLOW_SECONDS, STORE, VERY_SLOW_SECONDS

logger = logging.getLogger("apps.slow")

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
UNMATCHED = "(no route)"
_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


class FiguresMiddleware:
    """Status, method, route, time, queries and growth of memory; slow requests are logged."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if paths.is_watching(request.path_info):
            return self.get_response(request)
        queries = _Queries()
        # As `execute_wrapper` does it, which costs three times as much.
        wrappers = connections[DEFAULT_DB_ALIAS].execute_wrappers
        wrappers.append(queries)
        started = time.perf_counter()
        try:
            response = self.get_response(request)
        finally:
            wrappers.remove(queries)
        seconds = time.perf_counter() - started
        memory = growth()
        method = request.method if request.method in METHODS else "OTHER"
        name = f"{response.status_code} {method} {route_of(request)}"
        STORE.record(name, seconds, queries.count, memory)
        if response.status_code >= 400:
            STORE.count(_code_of(response))
        if seconds > SLOW_SECONDS:
            _tell(request, response, seconds, queries.count, memory)
        return response


class _Queries:
    """Counts what the database is asked."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(
        self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, about: Any
    ) -> Any:
        self.count += 1
        return execute(sql, params, many, about)


def _code_of(response: HttpResponseBase) -> str:
    told = getattr(response, "error", None) or errors.for_status(response.status_code)
    return str(told.code)


def route_of(request: HttpRequest) -> str:
    """The pattern that the path matches, as in /api/analysis/{pk}; never the path itself."""
    match = request.resolver_match
    if match is None:
        # Answered before any view was looked for.
        try:
            match = resolve(request.path_info)
        except Resolver404:
            return UNMATCHED
    return _written(match.route)


@lru_cache(maxsize=1024)
def _written(route: str) -> str:
    return "/" + _PARAMETER.sub(r"{\1}", route)


def _tell(
    request: HttpRequest, response: HttpResponseBase, seconds: float, queries: int, memory: int
) -> None:
    very = seconds > VERY_SLOW_SECONDS
    user = getattr(request, "_cached_user", None)
    logger.log(
        logging.ERROR if very else logging.WARNING,
        "%s request: %s %s took %.1f s",
        "very slow" if very else "slow",
        request.method,
        request.path,
        seconds,
        extra={
            "method": request.method,
            "path": request.path,
            "route": route_of(request),
            "status": response.status_code,
            "durationMs": round(seconds * 1000, 1),
            "queries": queries,
            "memoryGrowth": memory,
            "user": str(user.pk) if user and user.is_authenticated else None,
            "client": responses.client_address(request, settings.TRUSTED_PROXY_COUNT),
        },
    )
