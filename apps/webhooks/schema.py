"""The inbox in the OpenAPI document: plain views, which the generator does not see."""

from __future__ import annotations

from typing import Any

from apps.ops import schema
from apps.ops.schema import Schema

_MOMENT: Schema = {"type": ["string", "null"], "format": "date-time"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_SENDER: Schema = {
    "type": "object",
    "required": ["lastReceivedAt", "lastProcessedAt", "backlog", "failed"],
    "properties": {
        "lastReceivedAt": _MOMENT,
        "lastProcessedAt": _MOMENT,
        "backlog": {**_COUNT, "description": "Not processed yet, but to be."},
        "failed": {
            **_COUNT,
            "description": "Their last try failed; those given up, and those to be tried again.",
        },
    },
}
_HEALTH: Schema = {
    "type": "object",
    "required": ["stripe", "highlevel"],
    "properties": {"stripe": _SENDER, "highlevel": _SENDER},
}
_RECEIVED: Schema = {
    "type": "object",
    "required": ["received", "duplicate"],
    "properties": {
        "received": {"type": "boolean", "enum": [True]},
        "duplicate": {"type": "boolean", "description": "It was known already; nothing follows."},
    },
}


def describe_inbox(result: Schema, **_more: Any) -> Schema:
    result["paths"]["/webhooks/stripe"] = {
        "post": _door("webhooks_stripe", "Stripe-Signature", "1 MB", "An event of Stripe.")
    }
    result["paths"]["/webhooks/ghl"] = {
        "post": _door("webhooks_ghl", "X-GHL-Signature", "256 KB", "A message of HighLevel.")
    }
    result["paths"]["/webhooks/health"] = {
        "get": {
            "operationId": "webhooks_health",
            "description": "How the inbox stands, per sender; without an envelope.",
            "tags": ["webhooks"],
            "security": [{}],
            "responses": {"200": _answer("The figures of now.", _HEALTH)},
        }
    }
    return result


def _door(name: str, header: str, most: str, what: str) -> Schema:
    return {
        "operationId": name,
        "description": f"{what} It is stored once by its id, and processed in the background.",
        "tags": ["webhooks"],
        "security": [{}],
        "parameters": [
            {"name": header, "in": "header", "required": True, "schema": {"type": "string"}}
        ],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"type": "object"}}},
        },
        "responses": {
            "200": _answer("It is stored, now or before.", _RECEIVED),
            "400": _answer("It is signed, but cannot be read.", schema.FAILURE),
            "401": _answer("`signature_invalid`: nothing is stored.", schema.FAILURE),
            "413": _answer(f"It is larger than {most}.", schema.FAILURE),
            "default": _answer("Any other failure has the same shape.", schema.FAILURE),
        },
    }


def _answer(description: str, content: Schema) -> Schema:
    return {"description": description, "content": {"application/json": {"schema": content}}}
