"""Every route of the API and who may call it: a row each, so that none is forgotten."""

import uuid
from typing import Any

from apps.workflows.models import Analysis
from apps.workflows.services import suppression_create

#: "METHOD path" -> (anonymous, stranger, viewer, owner); ids in the path are of Alice's account.
MATRIX: dict[str, tuple[int, int, int, int]] = {
    "POST api/analyze": (401, 200, 403, 200),
    "GET api/analysis/<uuid:pk>": (401, 404, 200, 200),
    "DELETE api/analysis/<uuid:pk>": (401, 404, 403, 204),
    "GET api/analysis/<uuid:pk>/report": (401, 404, 200, 200),
    "GET api/analysis/<uuid:pk>/compare": (401, 404, 200, 200),
    "POST api/analysis/<uuid:pk>/share": (401, 404, 403, 402),  # the owner is on the free plan
    "DELETE api/analysis/<uuid:pk>/share": (401, 404, 403, 204),
    "GET api/trends": (401, 200, 200, 200),
    "GET api/history": (401, 200, 200, 200),
    "GET api/workflows": (401, 200, 200, 200),
    "POST api/workflows": (401, 201, 403, 200),  # the owner has it already
    "GET api/workflows/<uuid:pk>": (401, 404, 200, 200),
    "GET api/workflows/<uuid:pk>/structure": (401, 404, 200, 200),
    "GET api/subscription/status": (401, 200, 200, 200),
    # Stripe is not set up here; what it answers is in tests/billing.
    "POST api/subscription/checkout": (401, 400, 403, 400),
    "POST api/subscription/portal": (401, 409, 403, 409),
    "POST api/subscription/cancel": (401, 409, 403, 409),
    "GET api/settings/notifications": (401, 200, 200, 200),
    "PUT api/settings/notifications": (401, 402, 403, 402),  # both are on the free plan
    "POST api/settings/notifications/test": (401, 402, 403, 402),
    "GET api/settings/rules": (401, 200, 200, 200),
    "PUT api/settings/rules": (401, 200, 403, 200),
    "GET api/suppressions": (401, 200, 200, 200),
    "POST api/suppressions": (401, 201, 403, 201),
    "DELETE api/suppressions/<uuid:pk>": (401, 404, 403, 204),
}
#: What the routes that write are sent; else a definition.
BODIES: dict[str, Any] = {
    "PUT api/settings/rules": {"rules": {"insecure-url": "off"}},
    "PUT api/settings/notifications": {"channels": []},
    "POST api/settings/notifications/test": {"url": "https://example.org/hook"},
    "POST api/suppressions": {"ruleId": "insecure-url", "reason": "The printer has no TLS"},
}
#: The query of a good request.
QUERIES = {"GET api/analysis/<uuid:pk>/compare": "?with=<uuid:pk>"}
#: Open to anyone, or with doors of their own.
PUBLIC = {
    "admin",
    "api/rules", "api/rules/<str:rule_id>", "api/schema", "api/docs",
    "test/workflows", "test/analyze", "test/history", "test/health",
    "live", "health/liveness", "api/health/live", "ready", "health/readiness", "api/health/ready",
    "health", "health/detailed", "api/health/detailed", "health/workers", "health/metrics",
    "metrics",
    "api/monitoring/performance", "api/monitoring/endpoints", "api/monitoring/redis",
    "webhooks/stripe", "webhooks/ghl", "webhooks/health", "share/<str:token>",
    "email/unsubscribe/<str:token>", "email/events",
}  # fmt: skip
#: What the OpenAPI document leaves out: itself, the admin, pages, and second names of what it has.
UNDESCRIBED = {
    "admin", "api/schema", "api/docs", "share/{token}", "email/unsubscribe/{token}", "email/events",
    "health/liveness", "api/health/live", "health/readiness", "api/health/ready",
    "api/health/detailed",
}  # fmt: skip


def pk_for(path: str, analysis: Analysis) -> uuid.UUID:
    """The id that belongs into the path: the analysis's, or of a thing of its account."""
    assert analysis.account
    if path.startswith("api/workflows") and analysis.workflow_id:
        return analysis.workflow_id
    if path.startswith("api/suppressions/"):
        return suppression_create(account=analysis.account, reason="x", fingerprint="f")[0].pk
    return analysis.pk
