"""A whole life, by signed events and Stripe's own client: bought, failed, recovered, cancelled."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from apps.billing.models import StripeSubscription, Subscription
from apps.billing.plans import GRACE
from apps.webhooks.models import Delivery
from tests.players.stripe import MONTH
from tests.webhooks.signing import tell_stripe

pytestmark = pytest.mark.django_db
DAY = 86400


def status(person) -> tuple[str, str]:
    found = person.client.get("/api/subscription/status").json()["data"]
    return found["plan"], found["state"]


def tell(stripe, *events) -> None:
    """Stripe sends; without a broker each is processed at once."""
    tell_stripe(*events)
    assert set(Delivery.objects.values_list("state", flat=True)) == {"processed"}


def fail(stripe, bought) -> None:
    bought["status"] = "past_due"
    invoice = stripe.invoice(bought)
    tell(
        stripe,
        stripe.event("invoice.payment_failed", invoice),
        stripe.event("customer.subscription.updated", bought),
    )


def test_full_life_of_a_subscription(stripe, alice):
    assert status(alice) == ("free", "free")
    body = {"plan": "pro", "interval": "monthly"}
    answer = alice.client.post("/api/subscription/checkout", body, format="json")
    assert status(alice) == ("free", "free")

    tell(stripe, *stripe.pay(answer.json()["data"]["url"]))
    assert status(alice) == ("pro", "active")
    bought = stripe.objects[StripeSubscription.objects.get().stripe_id]
    assert StripeSubscription.objects.get().interval == "monthly"

    stripe.now += MONTH
    fail(stripe, bought)
    assert status(alice) == ("pro", "past_due")
    grace_ends_and_comes_back(stripe, alice)

    stripe.now += 3 * DAY
    recover(stripe, bought)
    assert status(alice) == ("pro", "active")
    assert Subscription.objects.get().past_due_since is None

    stripe.now += DAY
    alice.client.post("/api/subscription/cancel", {}, format="json")
    tell(stripe, stripe.event("customer.subscription.updated", bought))
    data = alice.client.get("/api/subscription/status").json()["data"]
    assert (data["plan"], data["state"], data["renewsAt"]) == ("pro", "active", None)
    assert datetime.datetime.fromisoformat(data["cancelAt"]).timestamp() == bought["cancel_at"]

    stripe.now += MONTH
    bought["status"] = "canceled"
    tell(stripe, stripe.event("customer.subscription.deleted", bought))
    assert status(alice) == ("free", "cancelled")
    changes = [each.after for each in Subscription.objects.get().changes.order_by("pk")]
    assert changes == ["pro, active", "pro, past_due", "pro, active", "free, cancelled"]


def grace_ends_and_comes_back(stripe, alice) -> None:
    # The grace began when the payment failed, in Stripe's time.
    since = Subscription.objects.get().past_due_since
    assert since is not None
    assert int(since.timestamp()) == stripe.now
    long_ago = timezone.now() - GRACE - datetime.timedelta(minutes=1)
    Subscription.objects.update(past_due_since=long_ago)
    assert status(alice) == ("free", "past_due")
    Subscription.objects.update(past_due_since=since)


def recover(stripe, bought) -> None:
    bought["status"] = "active"
    bought["items"]["data"][0]["current_period_end"] = stripe.now + MONTH
    invoice = stripe.invoice(bought)
    tell(
        stripe,
        stripe.event("invoice.paid", invoice),
        stripe.event("customer.subscription.updated", bought),
    )


def test_account_that_cancelled_may_buy_again(stripe, alice):
    body = {"plan": "pro", "interval": "monthly"}
    for number in range(2):
        url = alice.client.post(
            "/api/subscription/checkout",
            body,
            format="json",
            headers={"Idempotency-Key": str(number)},
        ).json()["data"]["url"]
        stripe.now += DAY
        tell(stripe, *stripe.pay(url))
        assert status(alice) == ("pro", "active")
        if number == 0:
            stripe.now += DAY
            answer = alice.client.post(
                "/api/subscription/cancel", {"immediately": True}, format="json"
            )
            assert answer.json()["data"]["state"] == "cancelled"
            bought = stripe.objects[StripeSubscription.objects.get().stripe_id]
            tell(stripe, stripe.event("customer.subscription.deleted", bought))
    assert Subscription.objects.get().stripe_subscriptions.count() == 2


def test_trial_is_pro_and_its_end_without_a_card_is_free(stripe, alice, account):
    customer = _customer(stripe, alice)
    bought = stripe.subscription(customer, status="trialing", trial_end=stripe.now + 14 * DAY)
    tell(stripe, stripe.event("customer.subscription.created", bought))
    assert status(alice) == ("pro", "trialing")
    stripe.now += 14 * DAY
    bought["status"] = "paused"
    tell(stripe, stripe.event("customer.subscription.paused", bought))
    assert status(alice) == ("free", "free")
    stripe.now += DAY
    bought["status"] = "active"
    tell(stripe, stripe.event("customer.subscription.resumed", bought))
    assert status(alice) == ("pro", "active")


def _customer(stripe, person) -> str:
    person.client.post("/api/subscription/portal", {}, format="json")
    return Subscription.objects.get(account=person.account).customer_id


def test_first_payment_that_fails_gives_nothing(stripe, alice):
    bought = stripe.subscription(_customer(stripe, alice), status="incomplete")
    tell(
        stripe,
        stripe.event("customer.subscription.created", bought),
        stripe.event("invoice.payment_failed", stripe.invoice(bought)),
    )
    assert status(alice) == ("free", "free")
    stripe.now += DAY
    bought["status"] = "incomplete_expired"
    tell(stripe, stripe.event("customer.subscription.updated", bought))
    assert status(alice)[0] == "free"


def test_customer_deleted_at_stripe_ends_everything_and_may_begin_anew(stripe, alice):
    first = _customer(stripe, alice)
    bought = stripe.subscription(first)
    tell(stripe, stripe.event("customer.subscription.created", bought))
    stripe.now += DAY
    tell(stripe, stripe.event("customer.deleted", stripe.objects[first]))
    assert status(alice) == ("free", "cancelled")
    assert _customer(stripe, alice) != first


def test_dispute_is_noted_with_the_account(stripe, alice):
    charge = stripe.make("charge", "ch", customer=_customer(stripe, alice))
    dispute = stripe.make("dispute", "dp", charge=charge["id"], reason="fraudulent")
    tell(stripe, stripe.event("charge.dispute.created", dispute))
    assert Subscription.objects.get().disputed_at is not None
    assert Delivery.objects.get().account_id == alice.account.pk
