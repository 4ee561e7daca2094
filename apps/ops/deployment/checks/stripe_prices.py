"""Both intervals of the paid plan can be bought."""

from __future__ import annotations

from django.conf import settings

from apps.ops.deployment.target import Target
from apps.ops.deployment.verdict import Severity, Verdict, failed, passed, skipped

SEVERITY = Severity.HIGH


def check(target: Target) -> Verdict:
    environment = settings.ENVIRONMENT
    if not environment.stripe_secret_key:
        return skipped("STRIPE_SECRET_KEY is empty: there is no billing.")
    prices = {
        "STRIPE_PRICE_PRO_MONTHLY": environment.stripe_price_pro_monthly,
        "STRIPE_PRICE_PRO_YEARLY": environment.stripe_price_pro_yearly,
    }
    wrong = [name for name, price in prices.items() if not price.startswith("price_")]
    if wrong:
        return failed(f"No price id in {' and '.join(wrong)}.", "Copy price_… from Stripe.")
    if len(set(prices.values())) < len(prices):
        return failed("Month and year have the same price.", "Give each its own price id.")
    return passed("Both prices are set.")
