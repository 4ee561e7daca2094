"""``manage.py reconcile_billing``: compares every customer with Stripe now, instead of tonight."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.billing import gateway
from apps.billing.reconcile import subscriptions_reconcile
from apps.ops.errors import ApplicationError


class Command(BaseCommand):
    help = "Compare every customer with Stripe, mend what differs, and say what that was."

    def handle(self, *args: Any, **options: Any) -> None:
        if not gateway.is_configured():
            raise CommandError("STRIPE_SECRET_KEY is not set.")
        try:
            report = subscriptions_reconcile()
        except ApplicationError as error:
            raise CommandError(str(error)) from error
        for line in report.repaired:
            self.stdout.write(f"repaired: {line}")
        for line in report.failed:
            self.stderr.write(f"not compared: {line}")
        self.stdout.write(f"{report.checked} customers compared.")
