"""Bodies to try the API with: shown at /api/docs, in the collection, and run by the tests."""

from __future__ import annotations

from typing import Any

#: A reminder that is sent twice, and to somebody who may have no name.
DEFINITION: dict[str, Any] = {
    "workflow": {
        "_id": "reminder",
        "name": "Appointment reminder",
        "status": "published",
        "workflowData": {
            "templates": [
                {
                    "id": "greet",
                    "type": "sms",
                    "name": "Remind them",
                    "order": 0,
                    "next": "pause",
                    "attributes": {"body": "Hello! See you tomorrow at ten."},
                },
                {
                    "id": "pause",
                    "type": "wait",
                    "name": "Wait an hour",
                    "order": 1,
                    "next": "again",
                    "attributes": {
                        "type": "time",
                        "startAfter": {"type": "hours", "value": 1},
                    },
                },
                {
                    "id": "again",
                    "type": "goto",
                    "name": "Remind them again",
                    "order": 2,
                    "attributes": {"type": "goto", "targetNodeId": "greet"},
                },
            ]
        },
    }
}

#: Operation -> the body of a good request.
EXAMPLES: dict[str, Any] = {
    "analyze": {"definition": DEFINITION, "settings": {"rules": {"sms-segments": "off"}}},
    "workflow_import": {"definition": DEFINITION},
    "test_analyze": {"sample": "medium"},
    "token_create": {"name": "CI", "scopes": ["read"]},
    "simulate": {
        "definition": DEFINITION,
        "contact": {"tags": ["customer"], "fields": {"first_name": "Ada"}},
        "maxSteps": 20,
    },
    "suppress": {"ruleId": "insecure-url", "reason": "The label printer has no TLS"},
    "rule_settings_replace": {"rules": {"insecure-url": "low"}},
    "analysis_share": {"expiresInDays": 7},
    "scan_create": {},
    "auth_password": {"email": "owner@demo.test", "password": "…"},
    "subscription_checkout": {"plan": "pro", "interval": "monthly"},
    "subscription_cancel": {"immediately": False},
}


def add_examples(result: dict[str, Any], generator: Any, **_rest: Any) -> dict[str, Any]:
    """For drf-spectacular: puts each example into its operation's JSON body."""
    for methods in result["paths"].values():
        for operation in methods.values():
            body = operation.get("requestBody") if isinstance(operation, dict) else None
            example = EXAMPLES.get(operation.get("operationId", "")) if body else None
            if body and example is not None and "application/json" in body["content"]:
                body["content"]["application/json"]["example"] = example
    return result
