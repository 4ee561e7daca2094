"""What the account is told about its plan, and that every answer is as described."""

from __future__ import annotations

import datetime
import json

import pytest
from django.utils import timezone

from apps.accounts.tokens import api_token_create
from apps.billing.models import StripeSubscription, Subscription
from tests.players.server import Reply
from tests.workflows.api.test_schema import check

STATUS = "/api/subscription/status"
PRO = {"plan": "pro", "interval": "monthly"}
BODIES = {"subscription_checkout": PRO, "subscription_portal": {}, "subscription_cancel": {}}
PATHS = {name: f"/api/{name.replace('_', '/')}" for name in BODIES}


def test_account_that_never_paid_is_told_what_is_free(alice):
    answer = alice.client.get(STATUS)
    assert answer.json()["data"] == {
        "plan": "free",
        "state": "free",
        "renewsAt": None,
        "cancelAt": None,
        "limits": {
            "issuesShown": 3,
            "workflows": 10,
            "members": 1,
            "historyDays": 30,
            "features": [],
        },
        "usage": {"workflows": 0, "members": 1},
    }
    check("subscription_status", answer)


def test_account_that_pays_is_told_when_it_renews(alice, pro, analysis):
    end = timezone.now().replace(microsecond=0) + datetime.timedelta(days=9)
    StripeSubscription.objects.create(
        subscription=Subscription.objects.get(),
        stripe_id="sub_1",
        status="active",
        current_period_end=end,
    )
    answer = alice.client.get(STATUS)
    data = answer.json()["data"]
    assert data["renewsAt"] == end.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    assert data["limits"]["workflows"] is None
    assert "scans" in data["limits"]["features"]
    assert data["usage"]["workflows"] == 1
    check("subscription_status", answer)


def test_plan_set_by_staff_shows_as_active(alice, account):
    Subscription.objects.create(account=account, override_plan="pro", override_reason="a partner")
    data = alice.client.get(STATUS).json()["data"]
    assert (data["plan"], data["state"]) == ("pro", "active")


def test_another_account_is_told_only_of_its_own(alice, charlie, pro):
    assert charlie.client.get(STATUS).json()["data"]["plan"] == "free"


def provoke(stripe, alice, name: str, status: int, settings) -> dict:
    """Arranges the answer; returns what is sent beyond a good request."""
    if status == 403:
        _, plain = api_token_create(membership=alice.membership, name="x", scopes=["read"])
        alice.client.credentials(HTTP_AUTHORIZATION=f"Bearer {plain}")
    if status in {200, 502, 503} and name == "subscription_cancel":
        row, _ = Subscription.objects.get_or_create(account=alice.account)
        bought = stripe.subscription("cus_1")
        StripeSubscription.objects.create(subscription=row, stripe_id=bought["id"], status="active")
    if status == 409:
        settings.ENVIRONMENT = type(settings.ENVIRONMENT)()
    if status in {502, 503}:
        stripe.always = Reply(500 if status == 502 else 429, {"error": {}})
    if status == 429:
        settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, (0, 60))
    if status == 413:
        settings.MAX_BODY_BYTES = 1
    changes: dict[int, dict] = {
        400: {"body": []}, 415: {"type": "text/plain"}, 406: {"accept": "text/html"},
    }  # fmt: skip
    return changes.get(status, {})


@pytest.mark.parametrize("status", [200, 400, 401, 403, 406, 409, 413, 415, 429, 502, 503])
@pytest.mark.parametrize("name", BODIES)
def test_every_answer_is_as_described(stripe, alice, anonymous, settings, name, status):
    sent = provoke(stripe, alice, name, status, settings)
    client = anonymous if status == 401 else alice.client
    answer = client.generic(
        "POST",
        PATHS[name],
        json.dumps(sent.get("body", BODIES[name])),
        sent.get("type", "application/json"),
        HTTP_ACCEPT=sent.get("accept", "*/*"),
    )
    assert answer.status_code == status, answer.content
    check(name, answer)


def test_staff_set_a_plan_by_hand_with_a_reason(admin_client, alice, account):
    row = Subscription.objects.create(account=account)
    page = f"/admin/billing/subscription/{row.pk}/change/"
    assert admin_client.get(page).status_code == 200
    sent = {
        "account": str(account.pk),
        "override_plan": "pro",
        "override_reason": "",
        "override_until_0": "",
        "override_until_1": "",
        "plan": "pro",
    }
    for inline in ("stripe_subscriptions", "changes"):
        sent |= {f"{inline}-TOTAL_FORMS": "0", f"{inline}-INITIAL_FORMS": "0"}
    answer = admin_client.post(page, sent)
    assert "Say why the plan is set by hand." in answer.content.decode()
    admin_client.post(page, {**sent, "override_reason": "a partner"})
    row.refresh_from_db()
    assert (row.override_plan, row.plan) == ("pro", "free")
    assert alice.client.get(STATUS).json()["data"]["plan"] == "pro"
