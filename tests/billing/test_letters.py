"""What owners are written about money: each thing once, to owners alone, nothing stale."""

from __future__ import annotations

import datetime

import pytest
from django.core import mail

from apps.accounts.models import Membership, User
from apps.billing.entitlements import entitlements
from apps.billing.models import Subscription
from apps.billing.plans import GRACE
from apps.billing.syncing import graces_end
from tests.webhooks.signing import committed, tell_stripe

pytestmark = pytest.mark.django_db


@pytest.fixture
def bought(stripe, alice, bob) -> dict:
    """Alice owns the account; Bob, who may look at it, is written nothing."""
    customer = stripe.make("customer", "cus")["id"]
    Subscription.objects.create(account=alice.account, customer_id=customer)
    found: dict = stripe.subscription(customer)
    return found


def subjects() -> list[str]:
    assert {address for each in mail.outbox for address in each.to} <= {"alice@example.org"}
    return [str(each.subject) for each in mail.outbox]


def test_first_payment_tells_of_the_new_plan_once(stripe, bought):
    created = stripe.event("customer.subscription.created", bought)
    tell_stripe(created, created, stripe.event("invoice.paid", stripe.invoice(bought)))
    assert subjects() == ["You are now on the Pro plan"]
    assert "from the Free plan" in mail.outbox[0].body


def test_payment_has_a_receipt_whatever_came_before_it(stripe, bought):
    tell_stripe(stripe.event("customer.subscription.created", bought))
    mail.outbox.clear()
    period = {"start": 1_800_000_000, "end": 1_800_000_000 + 30 * 86400}
    lines = {"data": [{"period": period}]}
    paid = [
        stripe.event(
            "invoice.paid", stripe.invoice(bought, amount_paid=cents, currency="eur", lines=lines)
        )
        for cents in (4900, 0, 990)
    ]
    paid[0]["created"] += 60
    tell_stripe(*paid)
    assert subjects() == ["Your receipt for 49.00 EUR", "Your receipt for 9.90 EUR"]
    assert "15 January 2027 to 14 February 2027" in mail.outbox[0].body


@pytest.mark.parametrize(
    "odd",
    [{"amount_paid": "4900"}, {"amount_paid": True}, {"amount_paid": 5, "currency": None}],
)
def test_invoice_that_names_no_amount_has_no_receipt(stripe, bought, odd):
    invoice = stripe.invoice(bought, currency="usd", lines={"data": []})
    tell_stripe(stripe.event("invoice.paid", {**invoice, **odd}))
    assert not any("receipt" in subject for subject in subjects())


def test_failed_payment_says_how_much_and_until_when(stripe, bought):
    tell_stripe(stripe.event("customer.subscription.created", bought))
    mail.outbox.clear()
    stripe.now = 1_800_000_000
    invoice = stripe.invoice(
        bought, amount_due=4900, currency="usd", next_payment_attempt=stripe.now + 3 * 86400
    )
    failed = stripe.event("invoice.payment_failed", invoice)
    stripe.now += 1
    updated = stripe.event("customer.subscription.updated", {**bought, "status": "past_due"})
    tell_stripe(failed, updated)
    assert subjects() == ["Your payment did not go through"]
    assert "49.00 USD" in mail.outbox[0].body
    assert "tried again on 18 January 2027" in mail.outbox[0].body
    assert "working until 29 January 2027" in mail.outbox[0].body


def test_failure_that_was_paid_since_is_not_told(stripe, bought):
    tell_stripe(stripe.event("customer.subscription.created", bought))
    mail.outbox.clear()
    failed = stripe.event("invoice.payment_failed", stripe.invoice(bought))
    stripe.now += 60
    tell_stripe(stripe.event("invoice.paid", stripe.invoice(bought)), failed)
    assert subjects() == []


def test_end_of_grace_is_told_once_and_so_is_the_return(stripe, bought, alice):
    stripe.now -= 20 * 86400
    tell_stripe(stripe.event("customer.subscription.created", bought))
    stripe.now += 3 * 86400
    failed_at = datetime.datetime.fromtimestamp(stripe.now, datetime.UTC)
    row = Subscription.objects.get()
    row.state, row.past_due_since = "past_due", failed_at
    row.save()
    mail.outbox.clear()
    for hours in (-1, 1, 2):
        with committed():
            graces_end(now=failed_at + GRACE + datetime.timedelta(hours=hours))
    assert subjects() == ["You are now on the Free plan"]
    assert entitlements(alice.account).name == "free"
    stripe.now += 16 * 86400
    tell_stripe(stripe.event("customer.subscription.updated", bought))
    assert subjects()[1:] == ["You are now on the Pro plan"]
    assert [each.cause[:3] for each in row.changes.order_by("pk")] == ["evt", "end", "evt"]


def test_failure_that_comes_after_its_grace_is_told_once(stripe, bought):
    stripe.now -= 40 * 86400
    tell_stripe(stripe.event("customer.subscription.created", bought))
    stripe.now += 86400
    mail.outbox.clear()
    late = stripe.event("customer.subscription.updated", {**bought, "status": "past_due"})
    tell_stripe(late)
    with committed():
        assert graces_end() == 0
    assert subjects() == ["You are now on the Free plan"]


def test_cancellation_is_told_when_planned_and_when_done(stripe, bought):
    tell_stripe(stripe.event("customer.subscription.created", bought))
    mail.outbox.clear()
    for days in (1, 2):
        stripe.now += days * 86400
        ending = {**bought, "cancel_at_period_end": True, "cancel_at": 1_800_000_000}
        tell_stripe(stripe.event("customer.subscription.updated", ending))
    assert subjects() == ["Your subscription ends on 15 January 2027"]
    stripe.now += 86400
    tell_stripe(stripe.event("customer.subscription.deleted", bought))
    assert subjects()[1:] == ["Your subscription has ended"]


def test_payment_that_needs_the_bank_leads_to_the_invoice(stripe, bought):
    for url in ("https://invoice.stripe.test/i/7", "javascript:alert(1)"):
        invoice = stripe.invoice(bought, amount_due=500, currency="jpy", hosted_invoice_url=url)
        tell_stripe(stripe.event("invoice.payment_action_required", invoice))
    first, second = mail.outbox
    assert first.subject == "Your bank wants you to confirm a payment"
    assert "500 JPY" in first.body
    assert "https://invoice.stripe.test/i/7" in first.body
    assert "javascript" not in second.body


def test_every_owner_is_written_to_but_none_who_left(stripe, bought, alice):
    for name, active in (("olga", True), ("gone", False)):
        user = User.objects.create_user(f"{name}@example.org", is_active=active)
        Membership.objects.create(user=user, account=alice.account, role="owner")
    tell_stripe(stripe.event("customer.subscription.created", bought))
    assert sorted(each.to[0] for each in mail.outbox) == ["alice@example.org", "olga@example.org"]


def test_owner_without_a_usable_address_does_not_stop_the_plan(stripe, bought, alice):
    User.objects.filter(pk=alice.user.pk).update(email="not an address")
    tell_stripe(stripe.event("customer.subscription.created", bought))
    assert Subscription.objects.get().plan == "pro"
    assert mail.outbox == []
