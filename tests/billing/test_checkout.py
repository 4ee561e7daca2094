"""Paying, managing and cancelling: one customer per account, one page per click, clear refusals."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import stripe as library
from django.db import connections

from apps.accounts.models import Membership
from apps.accounts.tokens import api_token_create
from apps.billing import gateway
from apps.billing.models import StripeSubscription, Subscription
from tests.players.server import Reply
from tests.webhooks.signing import configure

CHECKOUT, PORTAL = "/api/subscription/checkout", "/api/subscription/portal"
CANCEL, STATUS = "/api/subscription/cancel", "/api/subscription/status"
PRO = {"plan": "pro", "interval": "monthly"}
ERROR = {"error": {"type": "api_error", "message": "sk_test_of_the_tests is to blame"}}


def post(person, path: str, body=None, key: str | None = None):
    headers = {"Idempotency-Key": key} if key else {}
    return person.client.post(path, body or {}, format="json", headers=headers)


def creations(stripe, path: str):
    return [each for each in stripe.requests if (each.method, each.path) == ("POST", path)]


def test_checkout_answers_where_to_pay(stripe, alice, account):
    answer = post(alice, CHECKOUT, PRO)
    assert answer.status_code == 200, answer.content
    assert answer.json()["data"]["url"].startswith("https://checkout.stripe.test/")
    [sent] = creations(stripe, "/v1/checkout/sessions")
    assert sent.headers["Stripe-Version"] == gateway.API_VERSION == library.api_version
    assert sent.form["line_items[0][price]"] == "price_monthly"
    assert sent.form["client_reference_id"] == str(account.pk)
    assert sent.form["subscription_data[metadata][account_id]"] == str(account.pk)
    assert sent.form["success_url"].startswith("http://testserver/?")
    customer = stripe.objects[Subscription.objects.get().customer_id]
    assert (customer["email"], customer["name"]) == (alice.user.email, account.name)


def test_yearly_payment_has_its_own_price(stripe, alice):
    post(alice, CHECKOUT, {**PRO, "interval": "yearly"})
    assert creations(stripe, "/v1/checkout/sessions")[0].form["line_items[0][price]"] == (
        "price_yearly"
    )


def test_one_click_sent_twice_has_one_page(stripe, alice):
    urls = [post(alice, CHECKOUT, PRO, key).json()["data"]["url"] for key in ("a", "a", "b")]
    assert urls[0] == urls[1] != urls[2]
    assert len(creations(stripe, "/v1/customers")) == 1


def test_double_click_without_a_key_has_one_page(stripe, alice, monkeypatch):
    monkeypatch.setattr("apps.billing.services.time.time", lambda: 1_800_000_000.0)
    urls = {post(alice, CHECKOUT, PRO).json()["data"]["url"] for _ in range(2)}
    urls |= {post(alice, CHECKOUT, {**PRO, "interval": "yearly"}).json()["data"]["url"]}
    assert len(urls) == 2


def test_key_that_came_with_another_wish_is_a_conflict(stripe, alice):
    post(alice, CHECKOUT, PRO, "a")
    answer = post(alice, CHECKOUT, {**PRO, "interval": "yearly"}, "a")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "conflict")
    assert "Idempotency-Key" in answer.json()["error"]["message"]


def test_key_of_one_account_is_not_that_of_another(stripe, alice, charlie):
    urls = {post(person, CHECKOUT, PRO, "a").json()["data"]["url"] for person in (alice, charlie)}
    assert len(urls) == 2
    assert Subscription.objects.values("customer_id").distinct().count() == 2


@pytest.mark.parametrize("odd", ["ü" * 300, "\x00", " ", "x" * 5000])
def test_any_key_is_taken(stripe, alice, odd):
    assert post(alice, CHECKOUT, PRO, odd).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_clicks_at_once_make_one_customer(stripe, alice):
    _, token = api_token_create(membership=alice.membership, name="clicks")
    alice.client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")

    def click(number: int) -> int:
        try:
            return int(post(alice, CHECKOUT, PRO, f"click {number}").status_code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(click, range(8))) == {200}
    assert len(creations(stripe, "/v1/customers")) == 1
    customers = {each.form["customer"] for each in creations(stripe, "/v1/checkout/sessions")}
    assert customers == {Subscription.objects.get().customer_id}


def test_lost_answer_makes_no_second_customer(stripe, alice):
    stripe.faults = [Reply(fault="truncated"), Reply(fault="closed"), Reply(fault="closed")]
    assert post(alice, CHECKOUT, PRO).status_code == 502
    assert post(alice, CHECKOUT, PRO).status_code == 200
    assert len([each for each in stripe.objects if each.startswith("cus")]) == 1


@pytest.mark.parametrize(
    ("faults", "status", "code"),
    [
        ([Reply(500, ERROR)] * 2, 200, None),
        ([Reply(503, ERROR), Reply(fault="closed")], 200, None),
        ([Reply(500, ERROR)] * 3, 502, "upstream_unavailable"),
        ([Reply(fault="closed")] * 3, 502, "upstream_unavailable"),
        ([Reply(200, b"<html>")] * 3, 502, "upstream_unavailable"),
        ([Reply(429, ERROR)] * 3, 503, "upstream_rate_limited"),
        ([Reply(401, ERROR)], 502, "upstream_auth"),
        ([Reply(403, ERROR)], 502, "upstream_auth"),
        ([Reply(400, ERROR)], 502, "upstream_unavailable"),
        ([Reply(402, {"error": {"type": "card_error", "message": "No."}})], 409, "conflict"),
    ],
)
def test_faults_of_stripe_are_told_in_our_words(stripe, alice, faults, status, code):
    stripe.faults = list(faults)
    answer = post(alice, CHECKOUT, PRO)
    assert answer.status_code == status, answer.content
    assert b"sk_test" not in answer.content
    assert not code or answer.json()["error"]["code"] == code


def test_stripe_that_hangs_is_given_up(stripe, alice, monkeypatch):
    monkeypatch.setattr(gateway, "TIMEOUT_SECONDS", 0.2)
    gateway._client_of.cache_clear()
    stripe.faults = [Reply(fault="slow", seconds=2)] * 3
    answer = post(alice, CHECKOUT, PRO)
    gateway._client_of.cache_clear()
    assert (answer.status_code, answer.json()["error"]["code"]) == (502, "upstream_unavailable")


@pytest.mark.parametrize("missing", ["stripe_secret_key", "stripe_price_pro_monthly"])
def test_checkout_without_billing_is_a_conflict_that_says_so(stripe, alice, settings, missing):
    configure(settings, **{missing: ""})
    answer = post(alice, CHECKOUT, PRO)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "conflict")
    assert "not set up" in answer.json()["error"]["message"]
    assert stripe.requests == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"plan": "pro"},
        {"interval": "monthly"},
        {**PRO, "plan": "free"},
        {**PRO, "interval": "weekly"},
        {**PRO, "plan": None},
        {**PRO, "plan": ["pro"]},
        [],
    ],
)
def test_wish_that_is_none_is_refused(stripe, alice, body):
    answer = alice.client.post(CHECKOUT, body, format="json")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "validation_error")
    assert stripe.requests == []


@pytest.mark.parametrize("path", [CHECKOUT, PORTAL, CANCEL])
def test_only_an_owner_decides_about_money(stripe, alice, bob, anonymous, path):
    Membership.objects.filter(pk=bob.membership.pk).update(role="viewer")
    assert anonymous.post(path, PRO, format="json").status_code == 401
    for role in ("viewer", "member"):
        Membership.objects.filter(pk=bob.membership.pk).update(role=role)
        answer = post(bob, path, PRO)
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "permission_denied")
    assert bob.client.get(STATUS).status_code == 200
    assert stripe.requests == []


def test_portal_opens_even_before_anything_was_bought(stripe, alice):
    answer = post(alice, PORTAL)
    assert answer.json()["data"]["url"].startswith("https://billing.stripe.test/")
    assert post(alice, PORTAL).json() != answer.json()


def subscribed(stripe, alice) -> StripeSubscription:
    """Alice's subscription runs at Stripe, and we know of it."""
    post(alice, PORTAL)
    row = Subscription.objects.get()
    bought = stripe.subscription(row.customer_id)
    Subscription.objects.update(plan="pro", state="active")
    return StripeSubscription.objects.create(
        subscription=row, stripe_id=bought["id"], status="active"
    )


def test_account_that_pays_is_sent_to_the_portal(stripe, alice):
    subscribed(stripe, alice)
    answer = post(alice, CHECKOUT, PRO)
    assert answer.status_code == 409
    assert "portal" in answer.json()["error"]["message"]


def test_cancelling_ends_the_plan_with_what_is_paid_for(stripe, alice):
    known = subscribed(stripe, alice)
    answer = alice.client.post(CANCEL)
    data = answer.json()["data"]
    assert answer.status_code == 200
    assert (data["plan"], data["state"], data["renewsAt"]) == ("pro", "active", None)
    assert data["cancelAt"] is not None
    assert stripe.objects[known.stripe_id]["cancel_at_period_end"] is True
    assert post(alice, CANCEL).status_code == 200


def test_cancelling_immediately_ends_the_plan_at_once(stripe, alice):
    subscribed(stripe, alice)
    data = post(alice, CANCEL, {"immediately": True}).json()["data"]
    assert (data["plan"], data["state"], data["cancelAt"]) == ("free", "cancelled", None)
    answer = post(alice, CANCEL, {"immediately": True})
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "conflict")


def test_cancelling_what_stripe_has_ended_tells_the_truth(stripe, alice):
    known = subscribed(stripe, alice)
    stripe.objects[known.stripe_id]["status"] = "canceled"
    assert post(alice, CANCEL).json()["data"]["state"] == "cancelled"


@pytest.mark.parametrize("body", [{"immediately": "perhaps"}, {"immediately": None}])
def test_cancelling_somehow_is_refused(stripe, alice, body):
    subscribed(stripe, alice)
    assert alice.client.post(CANCEL, body, format="json").status_code == 400


def test_refused_cancellation_changes_nothing(stripe, alice):
    subscribed(stripe, alice)
    stripe.always = Reply(500, ERROR)
    assert post(alice, CANCEL).status_code == 502
    assert alice.client.get(STATUS).json()["data"]["cancelAt"] is None
