"""Every route of the API and who may call it: a row each, so that none is forgotten."""

from __future__ import annotations

import uuid
from typing import Any

from apps.accounts.models import ApiToken, Connection
from apps.workflows.models import Analysis, Scan
from apps.workflows.services import suppression_create

#: "METHOD path" -> (anonymous, stranger, viewer, owner); ids in the path are of Alice's account.
#: A member may do what the owner may, unless `MEMBER` says otherwise.
MATRIX: dict[str, tuple[int, int, int, int]] = {
    "POST api/analyze": (401, 200, 403, 200),
    "GET api/analysis/<uuid:pk>": (401, 404, 200, 200),
    "DELETE api/analysis/<uuid:pk>": (401, 404, 403, 204),
    "GET api/analysis/<uuid:pk>/report": (401, 404, 200, 200),
    "GET api/analysis/<uuid:pk>/compare": (401, 404, 200, 200),
    "POST api/analysis/<uuid:pk>/share": (401, 404, 403, 402),  # the owner is on the free plan
    "DELETE api/analysis/<uuid:pk>/share": (401, 404, 403, 204),
    "GET api/references": (401, 402, 402, 402),  # on the free plan
    "GET api/map": (401, 402, 402, 402),
    "POST api/simulate": (401, 200, 403, 200),
    "GET api/trends": (401, 200, 200, 200),
    "GET api/history": (401, 200, 200, 200),
    "GET api/workflows": (401, 200, 200, 200),
    "POST api/workflows": (401, 201, 403, 200),  # the owner has it already
    "POST api/workflows/sync": (401, 409, 403, 409),  # nothing is connected
    "GET api/workflows/<uuid:pk>": (401, 404, 200, 200),
    "GET api/workflows/<uuid:pk>/structure": (401, 404, 200, 200),
    "GET api/subscription/status": (401, 200, 200, 200),
    # Stripe is not set up here; what it answers is in tests/billing.
    "POST api/subscription/checkout": (401, 400, 403, 400),
    "POST api/subscription/portal": (401, 409, 403, 409),
    "POST api/subscription/cancel": (401, 409, 403, 409),
    "GET api/scans": (401, 200, 200, 200),
    "POST api/scans": (401, 402, 403, 402),  # both are on the free plan
    "GET api/scans/<uuid:pk>": (401, 404, 200, 200),
    "DELETE api/scans/<uuid:pk>": (401, 404, 403, 204),
    "GET api/settings/notifications": (401, 200, 200, 200),
    "PUT api/settings/notifications": (401, 402, 403, 402),  # both are on the free plan
    "POST api/settings/notifications/test": (401, 402, 403, 402),
    "GET api/settings/rules": (401, 200, 200, 200),
    "PUT api/settings/rules": (401, 200, 403, 200),
    "GET api/suppressions": (401, 200, 200, 200),
    "POST api/suppressions": (401, 201, 403, 201),
    "DELETE api/suppressions/<uuid:pk>": (401, 404, 403, 204),
    "POST auth/logout": (401, 200, 200, 200),
    "POST auth/refresh": (401, 409, 403, 409),  # they have no HighLevel connection
    "GET auth/tokens": (401, 200, 200, 200),
    "POST auth/tokens": (401, 402, 403, 402),
    "DELETE auth/tokens/<uuid:pk>": (401, 404, 403, 204),
    "GET api/connections": (401, 200, 200, 200),
    "POST api/connections": (401, 400, 403, 400),  # to an address inside
    "DELETE api/connections/<uuid:pk>": (401, 404, 403, 204),
}
#: What is for owners alone, or differs because it is the member's own.
MEMBER: dict[str, int] = {
    "DELETE auth/tokens/<uuid:pk>": 404,
    "POST api/subscription/checkout": 403,
    "POST api/subscription/portal": 403,
    "POST api/subscription/cancel": 403,
    "POST api/connections": 403,
    "DELETE api/connections/<uuid:pk>": 403,
}
#: What the routes that write are sent; else a definition.
BODIES: dict[str, Any] = {
    "PUT api/settings/rules": {"rules": {"insecure-url": "off"}},
    "POST api/scans": {},
    "PUT api/settings/notifications": {"channels": []},
    "POST api/settings/notifications/test": {"url": "https://example.org/hook"},
    "POST api/suppressions": {"ruleId": "insecure-url", "reason": "The printer has no TLS"},
    "POST auth/tokens": {"name": "laptop", "scopes": ["read"]},
    "POST api/connections": {"provider": "n8n", "baseUrl": "https://10.0.0.1", "apiKey": "k"},
}
#: The query of a good request.
QUERIES = {"GET api/analysis/<uuid:pk>/compare": "?with=<uuid:pk>"}
#: Open to anyone, or with doors of their own.
PUBLIC = {
    "admin",
    "auth/login", "auth/callback", "auth/status", "auth/password",
    "api/rules", "api/rules/<str:rule_id>", "api/schema", "api/explorer",
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
    "admin", "api/schema", "api/docs", "api/explorer", "share/{token}",
    "email/unsubscribe/{token}", "email/events",
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
    if path.startswith("auth/tokens/"):
        mine = {"membership__account": analysis.account, "membership__role": "owner"}
        return ApiToken.objects.filter(**mine).values_list("pk", flat=True)[0]
    if path.startswith("api/connections/"):
        return Connection.objects.create(account=analysis.account, provider="n8n").pk
    if path.startswith("api/scans/"):
        return Scan.objects.create(account=analysis.account).pk
    return analysis.pk
