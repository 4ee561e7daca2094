"""Puts every answer of DRF into the envelope, and lists into pages."""

import ipaddress
import math
import re
from collections.abc import Iterable, Mapping
from typing import Any, cast

from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from rest_framework.metadata import BaseMetadata
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.pagination import PageNumberPagination
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from apps.ops import envelope, errors

MAX_PAGE_SIZE = 100


class AnyAccepted(DefaultContentNegotiation):
    """For answers without a body, a redirect say, that suit whatever the caller accepts."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        renderer = next(iter(renderers))
        return renderer, str(renderer.media_type)


class EnvelopeRenderer(BaseRenderer):
    """JSON in the success envelope; `errors` writes the failures."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        response: Response | None = (renderer_context or {}).get("response")
        if response is not None and response.status_code == 204:
            return b""
        if response is not None and response.status_code >= 400:
            return envelope.to_json(errors.body(errors.for_status(response.status_code)))
        pagination = getattr(response, "pagination", None)
        return envelope.to_json(envelope.success(data, pagination))


class EnvelopePagination(PageNumberPagination):
    """`?page=` and `?pageSize=`; out of range is 400, past the end is 404."""

    page_query_param = "page"
    page_size_query_param = "pageSize"
    max_page_size = MAX_PAGE_SIZE

    def get_page_size(self, request: Request) -> int:
        raw = request.query_params.get("pageSize")
        if raw is None:
            return self.page_size or 20
        return _whole(raw, "pageSize", MAX_PAGE_SIZE)

    def get_page_number(self, request: Request, paginator: Any) -> int:
        raw = request.query_params.get("page")
        number = 1 if raw is None else _whole(raw, "page", None)
        if number > paginator.num_pages:
            message = f"There is no page {number}; the last one is {paginator.num_pages}."
            raise errors.ApplicationError("not_found", message)
        return number

    def get_paginated_response(self, data: Any) -> Response:
        response = Response(data)
        # DRF asks only after `paginate_queryset`, which sets it.
        page = cast("Page[Any]", self.page)
        size, total = page.paginator.per_page, page.paginator.count
        response.pagination = {  # type: ignore[attr-defined]
            "page": page.number,
            "pageSize": size,
            "total": total,
            "pages": math.ceil(total / size),
        }
        return response

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        # The envelope, which EnvelopeSchema adds, carries the numbers.
        return schema

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        page = {"type": "integer", "minimum": 1, "default": 1}
        size = {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_SIZE, "default": 20}
        return [
            {"name": "page", "in": "query", "required": False, "schema": page},
            {"name": "pageSize", "in": "query", "required": False, "schema": size},
        ]


class WholePagination(EnvelopePagination):
    """For lists that are part of the product: all on one page unless `?pageSize=` says less."""

    whole = 1

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> Any:
        self.whole = max(1, len(queryset))
        return super().paginate_queryset(queryset, request, view)

    def get_page_size(self, request: Request) -> int:
        return super().get_page_size(request) if "pageSize" in request.query_params else self.whole

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        parameters = super().get_schema_operation_parameters(view)
        del parameters[1]["schema"]["default"]
        parameters[1]["description"] = "All are on one page when it is not given."
        return parameters


class MethodsMetadata(BaseMetadata):
    """The answer to OPTIONS; what bodies look like, the OpenAPI schema says better."""

    def determine_metadata(self, request: Request, view: Any) -> dict[str, Any]:
        return {
            "methods": view.allowed_methods,
            "parses": [parser.media_type for parser in view.parser_classes],
            "renders": [renderer.media_type for renderer in view.renderer_classes],
        }


def bare(data: Any, status: int = 200) -> HttpResponse:
    """JSON without an envelope, for probes and monitoring, whatever its status."""
    return HttpResponse(envelope.to_json(data), status=status, content_type="application/json")


def client_address(request: HttpRequest, trusted_proxies: int) -> str:
    """The visitor's address: the hop that the last trusted proxy saw."""
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    if trusted_proxies and len(hops) >= trusted_proxies and hops[-trusted_proxies]:
        return hops[-trusted_proxies]
    return str(request.META.get("REMOTE_ADDR", ""))


def client_network(request: HttpRequest, trusted_proxies: int) -> str:
    """What a client cannot change at will: its address, or the /64 it owns of IPv6."""
    text = client_address(request, trusted_proxies)
    # Some proxies add the port.
    bare_text = re.sub(r"^\[(.+)\](:\d+)?$|^([\d.]+):\d+$", r"\1\3", text)
    try:
        address = ipaddress.ip_address(bare_text.split("%")[0])
    except ValueError:
        return text[:64]
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is None:
            return str(ipaddress.ip_network((address, 64), strict=False))
        return str(address.ipv4_mapped)
    return str(address)


def _whole(raw: str, field: str, most: int | None) -> int:
    if re.fullmatch(r"0*[1-9][0-9]{0,9}", raw) and (most is None or int(raw) <= most):
        return int(raw)
    message = f"Give a whole number {f'from 1 to {most}' if most else 'of 1 or more'}."
    raise errors.ApplicationError(
        "validation_error",
        f"{field}: {message}",
        details=[{"field": field, "code": "out_of_range", "message": message}],
    )
