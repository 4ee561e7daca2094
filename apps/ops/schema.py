"""OpenAPI as the wire really is: answers in the envelope, failures stated for every operation."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent

from apps.ops import errors

_TEXT = {"type": "string"}
_NUMBER = {"type": "integer"}
_META: dict[str, Any] = {
    "type": "object",
    "required": ["timestamp", "requestId"],
    "properties": {
        "timestamp": {"type": "string", "format": "date-time"},
        "requestId": {"type": "string", "format": "uuid"},
    },
}
_PAGINATION: dict[str, Any] = {
    "type": "object",
    "required": ["page", "pageSize", "total", "pages"],
    "properties": {"page": _NUMBER, "pageSize": _NUMBER, "total": _NUMBER, "pages": _NUMBER},
}
_DETAIL: dict[str, Any] = {
    "type": "object",
    "required": ["field", "code", "message"],
    "properties": {"field": _TEXT, "code": _TEXT, "message": _TEXT},
}
FAILURE: dict[str, Any] = {
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
                "details": {"type": "array", "items": _DETAIL},
            },
        },
        "meta": _META,
    },
}


class EnvelopeSchema(AutoSchema):
    """Wraps what a serializer describes, as the renderer wraps what it returns."""

    def _get_response_for_code(
        self,
        serializer: Any,
        status_code: Any,
        media_types: Any = None,
        direction: Any = "response",
    ) -> dict[str, Any]:
        response: dict[str, Any] = super()._get_response_for_code(
            serializer, status_code, media_types, direction
        )
        if str(status_code).startswith("2"):
            for media_type, content in response.get("content", {}).items():
                if media_type.startswith("application/json") and "schema" in content:
                    content["schema"] = self._success(content["schema"])
        return response

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        failure = ResolvedComponent(
            name="Failure", type=ResolvedComponent.SCHEMA, schema=FAILURE, object="Failure"
        )
        self.registry.register_on_missing(failure)
        bodies.setdefault(
            "default",
            {
                "description": "The failure envelope, for every status of 400 or more.",
                "content": {"application/json": {"schema": failure.ref}},
            },
        )
        return bodies

    def _success(self, data: dict[str, Any]) -> dict[str, Any]:
        meta = _META
        if self._is_list_view() and self._get_paginator():
            properties = {**_META["properties"], "pagination": _PAGINATION}
            meta = {**_META, "properties": properties}
        return {
            "type": "object",
            "required": ["success", "data", "meta"],
            "properties": {
                "success": {"type": "boolean", "enum": [True]},
                "data": data,
                "meta": meta,
            },
        }
