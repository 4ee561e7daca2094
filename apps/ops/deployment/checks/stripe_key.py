"""Payments are real, and go to Stripe itself."""

from __future__ import annotations

from django.conf import settings

from apps.ops.deployment.target import Target
from apps.ops.deployment.verdict import Severity, Verdict, failed, passed, skipped, warned

SEVERITY = Severity.CRITICAL


def check(target: Target) -> Verdict:
    environment = settings.ENVIRONMENT
    key = environment.stripe_secret_key
    if not key:
        return skipped("STRIPE_SECRET_KEY is empty: there is no billing.")
    if key.startswith(("sk_test_", "rk_test_")):
        return failed("The Stripe key is a test key: no money moves.", "Set the live key.")
    if key.startswith("pk_"):
        return failed("STRIPE_SECRET_KEY holds the publishable key.", "Set the secret key, sk_….")
    if not key.startswith(("sk_live_", "rk_live_")):
        return failed("STRIPE_SECRET_KEY is no Stripe key.", "Copy it from Stripe's dashboard.")
    if environment.stripe_api_base:
        return warned("STRIPE_API_BASE leads past Stripe's own address.", "Unset STRIPE_API_BASE.")
    return passed("The Stripe key is a live key.")
