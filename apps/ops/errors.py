"""The closed list of errors, and the one place where anything that went wrong becomes an answer."""

import sys
import traceback
from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.core import exceptions as django_errors
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from rest_framework import exceptions as rest_errors

from apps.ops import context, envelope, failures

STATUSES: Mapping[str, int] = {
    "validation_error": 400,
    "malformed_json": 400,
    "not_authenticated": 401,
    "signature_invalid": 401,
    "plan_limit": 402,
    "permission_denied": 403,
    "csrf_failed": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    "not_acceptable": 406,
    "conflict": 409,
    "payload_too_large": 413,
    "unsupported_media_type": 415,
    "unsupported_definition": 422,
    "rate_limited": 429,
    "internal_error": 500,
    "upstream_auth": 502,
    "upstream_unavailable": 502,
    "upstream_rate_limited": 503,
    "timeout": 503,
    "database_unavailable": 503,
}

MESSAGES: Mapping[str, str] = {
    "validation_error": "The request is not valid.",
    "not_authenticated": "Sign in first, or send a valid API token.",
    "permission_denied": "You are signed in, but may not do this.",
    "csrf_failed": "Send the csrftoken cookie's value as the X-CSRFToken header.",
    "not_found": "There is nothing at this address.",
    "method_not_allowed": "This address does not take this method; the Allow header lists those "
    "it takes.",
    "not_acceptable": "This address has no answer of a type you accept; the API answers with "
    "application/json, version 1.",
    "payload_too_large": "The body is larger than 10 MiB.",
    "unsupported_media_type": "Send the body as application/json.",
    "rate_limited": "Too many requests; wait and try again.",
    "timeout": "The database took too long; try again.",
    "database_unavailable": "The database does not answer; try again in a moment.",
    "internal_error": "Something went wrong on our side; the request id helps us find it.",
}

# What a bare status means when no exception says more.
_BY_STATUS: Mapping[int, str] = {
    401: "not_authenticated",
    403: "permission_denied",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    409: "conflict",
    413: "payload_too_large",
    415: "unsupported_media_type",
    429: "rate_limited",
    503: "upstream_unavailable",
}

Detail = dict[str, Any]
# Characters of one text, and faults listed, in one answer.
LONGEST, MOST = 500, 100


class ApplicationError(Exception):
    """Anything a caller should be told; `permanent` says that a retry cannot help."""

    def __init__(
        self,
        code: str,
        message: str = "",
        status: int | None = None,
        details: list[Detail] | None = None,
        permanent: bool | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.code = code
        self.message = message or MESSAGES.get(code, MESSAGES["validation_error"])
        self.status = status or STATUSES[code]
        self.details = details or []
        self.permanent = self.status < 500 if permanent is None else permanent
        self.headers = dict(headers or {})
        super().__init__(self.message)


def for_status(status: int) -> ApplicationError:
    fallback = "internal_error" if status >= 500 else "validation_error"
    return ApplicationError(_BY_STATUS.get(status, fallback), status=status)


def translate(error: BaseException) -> ApplicationError | None:
    """What a caller is told about this exception; None when it is a fault of ours."""
    if isinstance(error, ApplicationError):
        return error
    if isinstance(error, rest_errors.APIException):
        return _from_rest(error)
    if isinstance(error, Http404):
        return ApplicationError("not_found")
    if isinstance(error, django_errors.PermissionDenied):
        return ApplicationError("permission_denied")
    if isinstance(error, django_errors.RequestDataTooBig):
        return ApplicationError("payload_too_large")
    if isinstance(error, MultiPartParserError | UnreadablePostError):
        return ApplicationError("validation_error", "The body cannot be read, or is not whole.")
    if isinstance(error, django_errors.DisallowedHost):
        return ApplicationError("validation_error", "The Host header names no host served here.")
    if isinstance(error, django_errors.SuspiciousOperation | django_errors.BadRequest):
        return ApplicationError("validation_error")
    if isinstance(error, OperationalError | InterfaceError):
        return _from_database(error)
    return None


def exception_handler(error: Exception, view: Mapping[str, Any]) -> HttpResponse | None:
    """For DRF; what it does not know goes on to Django, which logs it and asks `server_error`.

    The answer is finished, not a DRF response: a view that renders HTML or YAML fails in JSON too.
    """
    return respond_to(error, getattr(view.get("request"), "_request", None))


class FailureResponse(HttpResponse):
    """The envelope of a failure; remembers what it tells, so that a browser can get a page."""

    def __init__(self, error: ApplicationError, cause: BaseException | None = None) -> None:
        super().__init__(
            envelope.to_json(body(error, cause)),
            status=error.status,
            content_type="application/json",
            headers=error.headers,
        )
        self.error = error


def respond(error: ApplicationError, cause: BaseException | None = None) -> HttpResponse:
    """The failure as a plain Django response, for every layer outside DRF."""
    return FailureResponse(error, cause)


def respond_to(error: Exception, request: HttpRequest | None = None) -> HttpResponse | None:
    """The answer to a known exception, logged when it is not the caller's doing."""
    told = translate(error)
    if told is None:
        return None
    response = respond(told, error)
    if told.status >= 500:
        failures.report_request(error, request, kind=failures.OPERATIONAL, code=told.code)
        _mark_logged(response)
    return response


def _mark_logged(response: HttpResponse) -> None:
    """Django's own mark; without it the same failure is logged again, with less in it."""
    response._has_been_logged = True  # type: ignore[attr-defined]


def body(error: ApplicationError, cause: BaseException | None = None) -> dict[str, Any]:
    """The failure envelope; what a caller sent comes back in it, but not at any length."""
    debug = None
    if settings.DEBUG and cause is not None and error.status >= 500:
        debug = {
            "exception": f"{type(cause).__name__}: {cause}",
            "traceback": traceback.format_exception(cause),
        }
    details = [{key: _short(value) for key, value in each.items()} for each in error.details[:MOST]]
    return envelope.failure(error.code, _short(error.message), details, debug)


def _short(text: Any) -> Any:
    return f"{text[:LONGEST]}…" if isinstance(text, str) and len(text) > LONGEST else text


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return respond(translate(exception) or ApplicationError("validation_error"))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return respond(ApplicationError("permission_denied"))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return respond(ApplicationError("not_found"))


def server_error(request: HttpRequest) -> HttpResponse:
    """Asked by Django for whatever nobody caught, while that is still being handled."""
    response = respond(ApplicationError("internal_error"))
    error = sys.exc_info()[1]
    if error is not None:
        kind = failures.PROGRAMMING
        failures.report_request(error, request, kind=kind, code="internal_error")
        _mark_logged(response)
    return response


def unseen(status: int) -> HttpResponse:
    """The answer to a request that the server could not even hand to us."""
    identity = context.accepted_or_new_id(None)
    token = context.request_id.set(identity)
    try:
        response = respond(for_status(status))
    finally:
        context.request_id.reset(token)
    response["X-Request-ID"] = identity
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return respond(ApplicationError("csrf_failed"))


def _from_database(error: BaseException) -> ApplicationError:
    if _cancelled(error):
        return ApplicationError("timeout")
    # A restart takes about as long.
    return ApplicationError("database_unavailable", headers={"Retry-After": "2"})


def _cancelled(error: BaseException) -> bool:
    """Whether PostgreSQL ended the statement at its time limit (SQLSTATE 57014)."""
    return getattr(error.__cause__, "sqlstate", None) == "57014"


def _from_rest(error: rest_errors.APIException) -> ApplicationError:
    if isinstance(error, rest_errors.ValidationError):
        details = list(_flatten(error.get_full_details(), ""))
        return ApplicationError("validation_error", _summary(details), details=details)
    if isinstance(error, rest_errors.NotAuthenticated | rest_errors.AuthenticationFailed):
        return ApplicationError("not_authenticated", headers={"WWW-Authenticate": "Bearer"})
    if isinstance(error, rest_errors.Throttled):
        seconds = max(1, int(getattr(error, "wait", None) or 1))
        return ApplicationError("rate_limited", headers={"Retry-After": str(seconds)})
    if isinstance(error, rest_errors.PermissionDenied | rest_errors.ParseError):
        message = str(error.detail)
        return ApplicationError(_BY_STATUS.get(error.status_code, "validation_error"), message)
    return for_status(error.status_code)


def _flatten(details: Any, field: str) -> Iterator[Detail]:
    """DRF's nested answer as rows with paths such as definition.nodes[3].id."""
    if isinstance(details, dict) and set(details) == {"message", "code"}:
        yield {"field": field, "code": str(details["code"]), "message": str(details["message"])}
    elif isinstance(details, dict):
        for key, inner in details.items():
            yield from _flatten(inner, _joined(field, key))
    elif isinstance(details, list):
        plain = all(isinstance(each, dict) and set(each) == {"message", "code"} for each in details)
        for index, inner in enumerate(details):
            yield from _flatten(inner, field if plain else f"{field}[{index}]")


def _joined(field: str, key: Any) -> str:
    if isinstance(key, int):
        return f"{field}[{key}]"
    if key == "non_field_errors":
        return field
    return f"{field}.{key}" if field else str(key)


def _summary(details: list[Detail]) -> str:
    if not details:
        return MESSAGES["validation_error"]
    first, more = details[0], len(details) - 1
    place = f"{first['field']}: " if first["field"] else ""
    return f"{place}{first['message']}" + (f" (and {more} more)" if more else "")
