"""What Stripe reports can be told from what others make up."""

from __future__ import annotations

from django.conf import settings

from apps.ops.deployment.target import Target
from apps.ops.deployment.verdict import Severity, Verdict, failed, passed, skipped, warned

SEVERITY = Severity.HIGH
_REMEDY = "Copy the endpoint's signing secret, whsec_…, from Stripe's dashboard."


def check(target: Target) -> Verdict:
    environment = settings.ENVIRONMENT
    if not environment.stripe_secret_key:
        return skipped("STRIPE_SECRET_KEY is empty: there is no billing.")
    secrets = environment.stripe_webhook_secrets
    if not secrets:
        return failed("STRIPE_WEBHOOK_SECRETS is empty: every payment goes unnoticed.", _REMEDY)
    if not all(secret.startswith("whsec_") for secret in secrets):
        return failed("One of STRIPE_WEBHOOK_SECRETS is no signing secret.", _REMEDY)
    if len(secrets) > 2:
        return warned(f"{len(secrets)} secrets are accepted.", "Remove those already rotated out.")
    return passed("Deliveries of Stripe are verified.")
