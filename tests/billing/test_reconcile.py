"""The comparison with Stripe mends what lost events left behind, and says what that was."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from apps.accounts.models import Account
from apps.billing.alerts import billing_drift, dispute
from apps.billing.models import StripeSubscription, Subscription
from apps.billing.reconcile import subscriptions_reconcile
from apps.ops.errors import ApplicationError
from tests.players.server import Reply
from tests.webhooks.signing import configure, tell_stripe

pytestmark = pytest.mark.django_db


def customer(stripe, name: str = "one") -> Subscription:
    account = Account.objects.create(name=name)
    found = stripe.make("customer", "cus")["id"]
    return Subscription.objects.create(account=account, customer_id=found)


def test_nothing_is_repaired_where_nothing_is_wrong(stripe):
    row = customer(stripe)
    customer(stripe, "two")
    tell_stripe(stripe.event("customer.subscription.created", stripe.subscription(row.customer_id)))
    report = subscriptions_reconcile()
    assert (report.checked, report.repaired, report.failed) == (2, [], [])
    assert billing_drift() is None


def test_subscription_whose_events_were_lost_is_found(stripe):
    row = customer(stripe)
    stripe.subscription(row.customer_id)
    [line] = subscriptions_reconcile().repaired
    assert "one, sub_" in line
    row.refresh_from_db()
    assert (row.plan, row.state) == ("pro", "active")
    assert "1 were repaired" in str(billing_drift())
    assert subscriptions_reconcile().repaired == []


def test_lost_end_is_made_up_for(stripe):
    row = customer(stripe)
    bought = stripe.subscription(row.customer_id)
    stripe.now -= 3600
    tell_stripe(stripe.event("customer.subscription.created", bought))
    bought["status"] = "canceled"
    assert subscriptions_reconcile().repaired == [
        f"one, {bought['id']}: status was active, is canceled"
    ]
    row.refresh_from_db()
    assert (row.plan, row.state) == ("free", "cancelled")


def test_lost_recovery_is_made_up_for(stripe):
    row = customer(stripe)
    bought = stripe.subscription(row.customer_id)
    stripe.now -= 7200
    tell_stripe(stripe.event("customer.subscription.created", bought))
    stripe.now += 60
    tell_stripe(stripe.event("invoice.payment_failed", stripe.invoice(bought)))
    row.refresh_from_db()
    assert row.state == "past_due"
    assert "state was past_due, is active" in subscriptions_reconcile().repaired[0]
    row.refresh_from_db()
    assert (row.state, row.past_due_since) == ("active", None)


def test_subscription_that_stripe_no_longer_has_is_ended(stripe):
    row = customer(stripe)
    StripeSubscription.objects.create(subscription=row, stripe_id="sub_gone", status="active")
    assert len(subscriptions_reconcile().repaired) == 1
    row.refresh_from_db()
    assert row.state == "cancelled"


def test_customer_that_stripe_does_not_know_is_reported_and_left_alone(stripe, account):
    Subscription.objects.create(account=account, customer_id="cus_x", plan="pro", state="active")
    StripeSubscription.objects.create(
        subscription=Subscription.objects.get(), stripe_id="sub_x", status="active"
    )
    report = subscriptions_reconcile()
    assert report.repaired == []
    assert "Stripe knows no customer cus_x" in report.failed[0]
    assert Subscription.objects.get().plan == "pro"


def test_plan_without_a_customer_is_none_of_stripes(stripe, pro):
    assert subscriptions_reconcile().checked == 0
    assert Subscription.objects.get().plan == "pro"


def test_one_failure_does_not_stop_the_others(stripe):
    for name in ("one", "two"):
        stripe.subscription(customer(stripe, name).customer_id)
    stripe.faults = [Reply(400, {"error": {"type": "invalid_request_error"}})]
    report = subscriptions_reconcile()
    assert (len(report.failed), len(report.repaired)) == (1, 1)


def test_stripe_that_is_away_is_left_for_later(stripe):
    for name in "abcde":
        customer(stripe, name)
    stripe.always = Reply(429, {"error": {}}, {"Stripe-Should-Retry": "false"})
    with pytest.raises(ApplicationError):
        subscriptions_reconcile()
    assert len(stripe.requests) == 3


def test_event_that_comes_meanwhile_is_newer_than_the_list(stripe, monkeypatch):
    row = customer(stripe)
    bought = stripe.subscription(row.customer_id)
    stale = {**bought, "status": "past_due"}
    tell_stripe(stripe.event("customer.subscription.created", stale))

    def listed(customer_id: str) -> list[dict]:
        stripe.now += 60
        tell_stripe(stripe.event("customer.subscription.updated", bought))
        return [stale]

    monkeypatch.setattr("apps.billing.gateway.subscriptions_of", listed)
    assert subscriptions_reconcile().repaired == []
    row.refresh_from_db()
    assert row.state == "active"


def test_command_says_what_was_repaired(stripe, capsys, settings):
    stripe.subscription(customer(stripe).customer_id)
    call_command("reconcile_billing")
    out = capsys.readouterr().out
    assert "repaired: one, sub_" in out
    assert "1 customers compared." in out
    configure(settings, stripe_secret_key="")
    with pytest.raises(CommandError, match="STRIPE_SECRET_KEY"):
        call_command("reconcile_billing")


def test_new_dispute_is_told_for_a_day(stripe, account):
    from django.utils import timezone

    assert dispute() is None
    Subscription.objects.create(account=account, disputed_at=timezone.now())
    assert "1 new disputes" in str(dispute())
