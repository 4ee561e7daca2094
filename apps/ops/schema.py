"""OpenAPI as the wire really is: answers in the envelope, failures stated for every operation."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from rest_framework.permissions import AllowAny

from apps.ops import errors
from apps.ops.responses import AnyAccepted

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_PAGINATION: Schema = {
    "type": "object",
    "required": ["page", "pageSize", "total", "pages"],
    "properties": {"page": _COUNT, "pageSize": _COUNT, "total": _COUNT, "pages": _COUNT},
}
META: Schema = {
    "type": "object",
    "required": ["timestamp", "requestId"],
    "properties": {
        "timestamp": {"type": "string", "format": "date-time"},
        "requestId": {"type": "string", "format": "uuid"},
    },
}
PAGE_META: Schema = {
    "type": "object",
    "required": [*META["required"], "pagination"],
    "properties": {**META["properties"], "pagination": _PAGINATION},
}
FAILURE: Schema = {
    "type": "object",
    "required": ["success", "error", "meta"],
    "properties": {
        "success": {"type": "boolean", "enum": [False]},
        "error": {
            "type": "object",
            "required": ["code", "message", "details"],
            "properties": {
                "code": {"type": "string", "enum": sorted(errors.STATUSES)},
                "message": _TEXT,
                "details": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["field", "code", "message"],
                        "properties": {
                            "field": _TEXT,
                            "code": _TEXT,
                            "message": _TEXT,
                            "allowed": {**_COUNT, "description": "With `plan_limit`."},
                            "used": {**_COUNT, "description": "With `plan_limit`."},
                        },
                    },
                },
                "debug": {"type": "object", "description": "Only where the service is debugged."},
            },
        },
        "meta": META,
    },
}


class SecurityScheme(OpenApiAuthenticationExtension):
    """Every way to sign in says itself how it is to be described."""

    target_class = "rest_framework.authentication.BaseAuthentication"
    match_subclasses = True

    def __init__(self, target: Any) -> None:
        super().__init__(target)
        self.name = target.openapi_name

    def get_security_definition(self, auto_schema: AutoSchema) -> Schema:
        return dict(self.target.openapi)


class EnvelopeSchema(AutoSchema):
    """Wraps what a serializer describes, as the renderer wraps what it returns."""

    def _get_response_for_code(
        self,
        serializer: Any,
        status_code: Any,
        media_types: Any = None,
        direction: Any = "response",
    ) -> Schema:
        response: Schema = super()._get_response_for_code(
            serializer, status_code, media_types, direction
        )
        # A file is served as it is.
        if str(status_code).startswith("2") and getattr(self.view, "enveloped", True):
            for media_type, content in response.get("content", {}).items():
                if media_type.startswith("application/json") and "schema" in content:
                    content["schema"] = self._success(content["schema"])
        return response

    def _get_response_bodies(self, direction: Any = "response") -> Schema:
        bodies: Schema = super()._get_response_bodies(direction)
        failure = self._component("Failure", FAILURE)
        told = {str(status): _codes(status) for status in self._failures()}
        told["default"] = "Any other failure has the same shape."
        for status, description in told.items():
            answer = {
                "description": description,
                "content": {"application/json": {"schema": failure.ref}},
            }
            bodies.setdefault(status, answer)
        return dict(sorted(bodies.items()))

    def get_paginated_name(self, serializer_name: str) -> str:
        return f"{serializer_name}List"

    def _failures(self) -> set[int]:
        """The statuses that follow from what the operation takes and whom it serves."""
        found = {429} if self.view.content_negotiation_class is AnyAccepted else {406, 429}
        if self.method in {"POST", "PUT", "PATCH"}:
            # Without a body to read there is nothing in it to refuse; its size counts all the same.
            found |= {400, 413, 415} if self.get_request_serializer() else {413}
        if self.method == "GET" and self._is_list_view():
            found |= {400, 404}
        if "{" in self.path:
            found.add(404)
        if any(type(each) is not AllowAny for each in self.view.get_permissions()):
            found |= {401, 403}
        extra = getattr(self.view, "extra_failures", ())
        return found | set(extra.get(self.method, ()) if isinstance(extra, Mapping) else extra)

    def _component(self, name: str, schema: Schema) -> ResolvedComponent:
        component = ResolvedComponent(
            name=name, type=ResolvedComponent.SCHEMA, schema=schema, object=name
        )
        self.registry.register_on_missing(component)
        return component

    def _success(self, data: Schema) -> Schema:
        # An object may hold a page of something, too.
        paged = self._is_list_view() or getattr(self.view, "holds_page", False)
        lists = paged and self._get_paginator()
        meta = self._component("PageMeta", PAGE_META) if lists else self._component("Meta", META)
        return {
            "type": "object",
            "required": ["success", "data", "meta"],
            "properties": {
                "success": {"type": "boolean", "enum": [True]},
                "data": data,
                "meta": meta.ref,
            },
        }


def _codes(status: int) -> str:
    codes = [f"`{code}`" for code, its_status in errors.STATUSES.items() if its_status == status]
    return " or ".join(codes)
