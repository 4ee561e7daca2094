"""One span per request, named by its route; never its path, query or body."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from apps.ops import context, paths, telemetry
from apps.ops.middleware import GetResponse

if TYPE_CHECKING:
    from opentelemetry.trace import Span, Tracer


class TracingMiddleware:
    """Goes on with the caller's trace (`traceparent`); takes itself out when tracing is off."""

    def __init__(self, get_response: GetResponse) -> None:
        tracer = telemetry.tracer()
        if tracer is None:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.tracer: Tracer = tracer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if paths.is_watching(request.path_info):
            return self.get_response(request)
        from opentelemetry import propagate
        from opentelemetry.trace import SpanKind

        caller = propagate.extract({name.lower(): value for name, value in request.headers.items()})
        with self.tracer.start_as_current_span(
            str(request.method), context=caller, kind=SpanKind.SERVER
        ) as span:
            response = self.get_response(request)
            _describe(span, request, response)
        return response


def _describe(span: Span, request: HttpRequest, response: HttpResponseBase) -> None:
    from opentelemetry.trace import Status, StatusCode

    match = request.resolver_match
    route = f"/{match.route.lstrip('/')}" if match else "(none)"
    span.update_name(f"{request.method} {route}")
    span.set_attributes(
        {
            "http.request.method": str(request.method),
            "http.route": route,
            "http.response.status_code": response.status_code,
            "request.id": context.request_id.get() or "",
        }
    )
    if response.status_code >= 500:
        span.set_status(Status(StatusCode.ERROR))
