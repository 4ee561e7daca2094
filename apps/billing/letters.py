"""What we write to an account's owners about their subscription."""

from __future__ import annotations

import datetime
import logging
from typing import Any

from apps.accounts.models import Membership
from apps.billing.lifecycle import moment
from apps.billing.models import Subscription
from apps.billing.plans import GRACE
from apps.ops.errors import ApplicationError
from apps.ops.notifications.email import email_enqueue

logger = logging.getLogger(__name__)

State = Subscription.State
#: Stripe counts in the smallest unit, which for these is the whole one.
WHOLE = {
    "bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "ugx", "vnd", "vuv",
    "xaf", "xof", "xpf",
}  # fmt: skip


def letter_of_change(subscription: Subscription, *, old_plan: str, old_state: str) -> None:
    """After the subscription ended or another plan holds; other changes of state are quiet."""
    plan = subscription.plan_in_force()
    if subscription.state == State.CANCELLED and old_state != State.CANCELLED:
        _write(subscription, "subscription_cancelled", plan=_name(old_plan))
    elif plan != old_plan:
        _write(subscription, "plan_changed", plan=_name(plan), previous=_name(old_plan))


def letter_of_end_planned(subscription: Subscription, *, ends_at: datetime.datetime | None) -> None:
    """After the owner cancelled, while the plan still holds."""
    plan = _name(subscription.plan)
    # Without a date it would read as if it had ended.
    ends = _day(ends_at) or "the last day of the period"
    _write(subscription, "subscription_cancelled", plan=plan, endsAt=ends)


def letter_of_payment(subscription: Subscription, invoice: dict[str, Any]) -> None:
    """A receipt; nothing for an invoice of nothing, such as that of a trial."""
    amount = _amount(invoice, "amount_paid")
    if amount and invoice["amount_paid"] > 0:
        _write(
            subscription,
            "receipt",
            plan=_name(subscription.plan),
            amount=amount,
            period=_period(invoice),
            invoiceUrl=_page(invoice),
        )


def letter_of_failed_payment(subscription: Subscription, invoice: dict[str, Any]) -> None:
    since = subscription.past_due_since
    _write(
        subscription,
        "payment_failed",
        amount=_amount(invoice, "amount_due"),
        retryAt=_day(moment(invoice.get("next_payment_attempt"))),
        graceUntil=_day(since + GRACE) if since else "",
    )


def letter_of_needed_action(subscription: Subscription, invoice: dict[str, Any]) -> None:
    _write(
        subscription,
        "payment_action_required",
        amount=_amount(invoice, "amount_due"),
        invoiceUrl=_page(invoice),
    )


def _write(subscription: Subscription, template: str, **context: str) -> None:
    account = subscription.account
    owners = Membership.objects.filter(
        account=account, role=Membership.Role.OWNER, user__is_active=True
    )
    for email in owners.values_list("user__email", flat=True):
        try:
            email_enqueue(
                template,
                to=email,
                context={"account": account.name, **context},
                account_id=account.pk,
            )
        except ApplicationError:
            # What was paid must count, whether or not somebody can be told.
            logger.warning("an owner of %s has no address to write to", account.pk)


def _name(plan: str) -> str:
    return plan.capitalize()


def _day(moment: datetime.datetime | None) -> str:
    return f"{moment.day} {moment:%B %Y}" if moment else ""


def _amount(invoice: dict[str, Any], which: str) -> str:
    """Such as ``49.00 USD``; empty when the invoice does not say."""
    count, currency = invoice.get(which), invoice.get("currency")
    if not isinstance(count, int) or isinstance(count, bool) or not isinstance(currency, str):
        return ""
    shown = f"{count}" if currency in WHOLE else f"{count / 100:.2f}"
    return f"{shown} {currency[:3].upper()}"


def _period(invoice: dict[str, Any]) -> str:
    """What was paid for: the times of the first line, since the invoice's own look back."""
    try:
        period = invoice["lines"]["data"][0]["period"]
        start, end = moment(period["start"]), moment(period["end"])
    except (KeyError, IndexError, TypeError):
        return ""
    return f"{_day(start)} to {_day(end)}" if start and end else ""


def _page(invoice: dict[str, Any]) -> str:
    """Where Stripe shows the invoice."""
    url = invoice.get("hosted_invoice_url")
    return url if isinstance(url, str) and url.startswith("https://") else ""
