"""Events in any order lead to the same end; what is in doubt is asked; strangers are ignored."""

from __future__ import annotations

import itertools

import pytest

from apps.billing.models import StripeSubscription, Subscription
from apps.webhooks.models import Delivery
from tests.players.server import Reply
from tests.webhooks.signing import configure, tell_stripe

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer(stripe, account) -> str:
    found: str = stripe.make("customer", "cus")["id"]
    Subscription.objects.create(account=account, customer_id=found)
    return found


def state_of(account) -> str:
    return Subscription.objects.get(account=account).state


def forget() -> None:
    StripeSubscription.objects.all().delete()
    Subscription.objects.update(plan="free", state="free")


def story(stripe, customer) -> list[dict]:
    """Bought, failed, paid, cancelled: one event a day."""
    bought = stripe.subscription(customer, status="incomplete")
    invoice = stripe.invoice(bought)
    told = []
    for kind, status in [
        ("customer.subscription.created", "incomplete"),
        ("customer.subscription.updated", "active"),
        ("invoice.payment_failed", None),
        ("invoice.paid", None),
        ("customer.subscription.deleted", "canceled"),
    ]:
        stripe.now += 86400
        found = invoice if status is None else {**bought, "status": status}
        told.append(stripe.event(kind, found))
    return told


def test_every_order_of_a_story_has_the_same_end(stripe, customer, account):
    told = story(stripe, customer)
    ends = ["free", "active", "past_due", "active", "cancelled"]
    for length, end in enumerate(ends, start=1):
        orders = list(itertools.permutations(told[:length]))
        for number, order in enumerate(orders[:: max(1, len(orders) // 6)]):
            forget()
            for event in order:
                tell_stripe({**event, "id": f"{event['id']}-{length}-{number}"})
            assert state_of(account) == end, [each["type"] for each in order]


def test_old_event_never_overwrites_what_is_newer(stripe, customer, account):
    bought = stripe.subscription(customer)
    old = stripe.event("customer.subscription.updated", {**bought, "status": "past_due"})
    stripe.now += 60
    tell_stripe(stripe.event("customer.subscription.updated", bought))
    tell_stripe(old)
    assert state_of(account) == "active"
    assert Delivery.objects.filter(state="processed").count() == 2


def test_ended_subscription_never_comes_back(stripe, customer, account):
    bought = stripe.subscription(customer)
    tell_stripe(stripe.event("customer.subscription.deleted", bought))
    stripe.now += 60
    tell_stripe(stripe.event("customer.subscription.updated", bought))
    assert state_of(account) == "cancelled"


def test_late_words_about_an_old_subscription_do_not_touch_the_new_one(stripe, customer, account):
    old, new = stripe.subscription(customer), stripe.subscription(customer)
    ended = stripe.event("customer.subscription.deleted", old)
    stripe.now -= 60
    began = stripe.event("customer.subscription.created", old)
    stripe.now += 120
    tell_stripe(stripe.event("customer.subscription.created", new))
    tell_stripe(ended)
    tell_stripe(began)
    assert state_of(account) == "active"


def test_two_events_of_one_second_are_settled_by_asking(stripe, customer, account):
    bought = stripe.subscription(customer)
    tell_stripe(stripe.event("customer.subscription.updated", bought))
    tell_stripe(stripe.event("customer.subscription.updated", {**bought, "status": "past_due"}))
    assert state_of(account) == "active"
    assert stripe.paths() == [f"GET /v1/subscriptions/{bought['id']}"]


@pytest.mark.parametrize(
    "fault",
    [
        Reply(404, {"error": {"code": "resource_missing"}}),
        Reply(500),
        Reply(200, {"object": "subscription", "id": "sub_of_another", "status": "active"}),
        Reply(200, {"object": "subscription"}),
    ],
)
def test_where_stripe_cannot_tell_the_order_of_arrival_decides(stripe, customer, account, fault):
    bought = stripe.subscription(customer)
    stripe.always = fault
    tell_stripe(stripe.event("customer.subscription.updated", bought))
    tell_stripe(stripe.event("customer.subscription.updated", {**bought, "status": "past_due"}))
    assert state_of(account) == "past_due"


@pytest.mark.parametrize(
    ("kinds", "end"),
    [
        (["payment_failed"], "past_due"),
        (["payment_failed", "paid"], "active"),
        (["paid", "payment_failed"], "past_due"),
    ],
)
def test_payments_of_one_second_count_in_order_of_arrival(stripe, customer, account, kinds, end):
    bought = stripe.subscription(customer)
    tell_stripe(stripe.event("customer.subscription.created", bought))
    for kind in kinds:
        tell_stripe(stripe.event(f"invoice.{kind}", stripe.invoice(bought)))
    assert state_of(account) == end


def test_grace_begins_with_the_first_of_several_failures(stripe, customer, account):
    bought = stripe.subscription(customer)
    tell_stripe(stripe.event("customer.subscription.created", bought))
    failures = []
    for _ in range(3):
        stripe.now += 86400
        failures.append(stripe.event("invoice.payment_failed", stripe.invoice(bought)))
    for failure in (failures[2], failures[0], failures[1]):
        tell_stripe(failure)
    since = Subscription.objects.get().past_due_since
    assert since is not None
    assert int(since.timestamp()) == failures[0]["created"]


def test_finished_checkout_alone_gives_the_plan_until_more_is_known(stripe, customer, account):
    session = stripe.make(
        "checkout.session", "cs", customer=customer, subscription="sub_x", payment_status="paid"
    )
    tell_stripe(stripe.event("checkout.session.completed", session))
    assert state_of(account) == "active"
    stripe.now -= 60
    early = stripe.subscription(customer, id="sub_x", status="trialing")
    tell_stripe(stripe.event("customer.subscription.created", early))
    assert state_of(account) == "trialing"


def test_unpaid_checkout_gives_nothing(stripe, customer, account):
    session = stripe.make(
        "checkout.session", "cs", customer=customer, subscription="sub_x", payment_status="unpaid"
    )
    tell_stripe(stripe.event("checkout.session.completed", session))
    assert state_of(account) == "free"


def test_event_before_its_customer_is_known_waits_for_it(stripe, account):
    bought = stripe.subscription("cus_new")
    tell_stripe(stripe.event("customer.subscription.created", bought))
    assert Delivery.objects.get().state == "ignored"
    session = stripe.make(
        "checkout.session", "cs", customer="cus_new", client_reference_id=str(account.pk)
    )
    tell_stripe(stripe.event("checkout.session.completed", session))
    assert state_of(account) == "active"
    assert set(Delivery.objects.values_list("state", flat=True)) == {"processed"}


def test_customer_of_one_account_is_never_taken_by_another(stripe, customer, account, charlie):
    session = stripe.make(
        "checkout.session", "cs", customer=customer, client_reference_id=str(charlie.account.pk)
    )
    tell_stripe(stripe.event("checkout.session.completed", session))
    assert not Subscription.objects.filter(account=charlie.account).exists()


@pytest.mark.parametrize("named", [None, "", "nobody", "7d9f3a52-0f63-4f7e-9c2c-000000000000"])
def test_event_about_a_stranger_is_ignored(stripe, customer, account, named):
    bought = stripe.subscription("cus_of_another_product", metadata={"account_id": named})
    tell_stripe(stripe.event("customer.subscription.created", bought))
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.subject) == ("ignored", "cus_of_another_product")
    assert state_of(account) == "free"


@pytest.mark.parametrize(
    "found",
    [
        {"object": "subscription"},
        {"id": 5, "customer": [], "items": None, "status": {}},
        {"id": "sub_1", "items": {"data": "x"}, "customer": {"id": "CUSTOMER"}, "cancel_at": "x"},
        {"id": "sub_\0", "customer": "CUSTOMER", "status": "a status of the future"},
    ],
)
def test_odd_object_never_breaks_the_inbox(stripe, customer, account, found):
    if "CUSTOMER" in str(found.get("customer")):
        found = {**found, "customer": customer}
    for kind in ("customer.subscription.updated", "invoice.paid", "checkout.session.completed"):
        tell_stripe(stripe.event(kind, found))
    states = set(Delivery.objects.values_list("state", flat=True))
    assert states <= {"processed", "ignored", "parked"}
    assert state_of(account) == "free"


def test_event_without_an_object_is_parked(stripe, customer):
    odd: list[object] = [None, [], {}, {"object": None}]
    for data in odd:
        tell_stripe({**stripe.event("invoice.paid", {}), "data": data})
    assert set(Delivery.objects.values_list("state", flat=True)) == {"parked"}


def test_events_are_applied_where_stripe_cannot_be_called(stripe, customer, account, settings):
    configure(settings, stripe_secret_key="")
    bought = stripe.subscription(customer)
    for status in ("incomplete", "active"):
        found = {**bought, "status": status}
        tell_stripe(stripe.event("customer.subscription.updated", found))
    assert state_of(account) == "active"
    assert stripe.requests == []


def test_older_api_has_period_and_subscription_elsewhere(stripe, customer, account):
    bought = stripe.subscription(customer)
    del bought["items"]["data"][0]["current_period_end"]
    bought["current_period_end"] = stripe.now + 5
    tell_stripe(stripe.event("customer.subscription.created", bought))
    found = StripeSubscription.objects.get().current_period_end
    assert found is not None
    assert int(found.timestamp()) == stripe.now + 5
    stripe.now += 60
    invoice = stripe.make("invoice", "in", customer=customer, subscription=bought["id"])
    tell_stripe(stripe.event("invoice.payment_failed", invoice))
    assert state_of(account) == "past_due"
