"""What wraps every request: its id, its log line, its size limit and the shape of its failures."""

import io
import logging
import re
import time
from collections.abc import Callable
from typing import Protocol

from django.conf import settings
from django.contrib.sessions import middleware as sessions
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from apps.ops import context, errors, pages, paths, responses

access = logging.getLogger("apps.access")


class SupportsRead(Protocol):
    def read(self, size: int, /) -> bytes: ...


GetResponse = Callable[[HttpRequest], HttpResponseBase]
# Read and thrown away, so that the caller gets to see our answer instead of a reset connection.
DRAIN_BYTES = 64 * 1024 * 1024


class RequestIdMiddleware:
    """Takes a UUID from the caller or makes one, and returns it with the answer."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        identity = context.accepted_or_new_id(request.headers.get("X-Request-ID"))
        token = context.request_id.set(identity)
        try:
            # What is noted about this request must not stay for the thread's next one.
            with context.bind():
                response = self.get_response(request)
        finally:
            context.request_id.reset(token)
        response["X-Request-ID"] = identity
        return response


class AccessLogMiddleware:
    """One line per request, without its query, which may carry codes and tokens."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        response = self.get_response(request)
        milliseconds = round((time.perf_counter() - started) * 1000, 1)
        level = logging.DEBUG if paths.is_watching(request.path_info) else logging.INFO
        access.log(
            level,
            "%s %s %d in %s ms",
            request.method,
            request.path,
            response.status_code,
            milliseconds,
            extra={
                "method": request.method,
                "path": request.path,
                "status": response.status_code,
                "durationMs": milliseconds,
                "client": responses.client_address(request, settings.TRUSTED_PROXY_COUNT),
            },
        )
        return response


class FailureMiddleware:
    """Sees to it that every answer of 400 or more is the failure envelope, or a page for a person.

    Known exceptions of plain views are answered here. What Django answers by itself (its debug
    pages, a 405 of a decorator, a handler of some library) is put into the same shape.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code < 400 or isinstance(response, pages.PageResponse):
            return response
        if response.headers.get("Content-Type") != "application/json":
            cause = getattr(request, "unhandled", None)
            told = errors.for_status(response.status_code)
            response = _in_place_of(response, errors.respond(told, cause))
        if isinstance(response, errors.FailureResponse) and pages.wants_page(request):
            response = _in_place_of(response, pages.failure_page(response.error))
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        response = errors.respond_to(error, request)
        if response is None:
            # Django logs it and asks `server_error`; in debug its page is replaced above.
            request.unhandled = error  # type: ignore[attr-defined]
        return response


def _in_place_of(response: HttpResponseBase, shaped: HttpResponse) -> HttpResponse:
    """The other body with the headers that say something beside it."""
    for name, value in response.items():
        if not name.lower().startswith("content-") or name.startswith("Content-Security"):
            shaped[name] = value
    shaped.cookies = response.cookies
    shaped._has_been_logged = getattr(response, "_has_been_logged", False)  # type: ignore[attr-defined]
    return shaped


class SessionMiddleware(sessions.SessionMiddleware):
    """Looks up only keys of the kind we give out: PostgreSQL refuses a NUL with an error."""

    def process_request(self, request: HttpRequest) -> None:
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        is_ours = re.fullmatch(r"[a-z0-9]{32}", key)
        request.session = self.SessionStore(key if is_ours else None)


class BodyLimitMiddleware:
    """Refuses a body by its announced size, before anything reads it; measures a chunked one."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            _check(request)
        except errors.ApplicationError as refused:
            return errors.respond(refused)
        except OSError:
            # The client went away or stopped in the middle.
            cut = errors.ApplicationError("validation_error", "The body did not arrive whole.")
            return errors.respond(cut)
        return self.get_response(request)


def _check(request: HttpRequest) -> None:
    announced = str(request.META.get("CONTENT_LENGTH") or "0")
    if announced.isdigit() and int(announced) > settings.MAX_BODY_BYTES:
        _drain(request, min(int(announced), DRAIN_BYTES))
        raise errors.ApplicationError("payload_too_large")
    if "Transfer-Encoding" in request.headers and not request.META.get("CONTENT_LENGTH"):
        _measure(request)


def _drain(stream: SupportsRead, left: int) -> None:
    while left > 0 and (chunk := stream.read(min(left, 65536))):
        left -= len(chunk)


def _measure(request: HttpRequest) -> None:
    """Django reads as many bytes as are announced, and a chunked body announces none."""
    if not request.META.get("wsgi.input_terminated"):
        raise errors.ApplicationError("validation_error", "Send the body with a Content-Length.")
    stream = request.META["wsgi.input"]
    body = stream.read(settings.MAX_BODY_BYTES + 1)
    if len(body) > settings.MAX_BODY_BYTES:
        _drain(stream, DRAIN_BYTES)
        raise errors.ApplicationError("payload_too_large")
    request.META["CONTENT_LENGTH"] = str(len(body))
    request._stream = io.BytesIO(body)
