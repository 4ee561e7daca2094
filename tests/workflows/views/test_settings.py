"""The settings: API tokens, the plan."""

from __future__ import annotations

import re

import pytest

from apps.accounts.models import ApiToken
from apps.accounts.tokens import api_token_find
from tests.billing.conftest import stripe  # noqa: F401


def make(client, **changes):
    return client.post("/settings/tokens", {"name": "CI", "scope": "read", "days": "90", **changes})


def test_token_is_shown_once_and_works(owner, alice, pro):
    page = make(owner).content.decode()
    shown = re.search(r"data-token>(wd_[^<]+)<", page)
    assert shown
    token = api_token_find(shown[1])
    assert token
    assert token.membership == alice.membership
    assert token.scopes == ["read"]
    assert shown[1] not in owner.get("/settings/tokens").content.decode()


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"name": " \x00 "}, {"days": "999"}, {"days": "x"}]
)
def test_token_without_a_name_or_of_a_strange_length_is_refused(owner, pro, wrong):
    before = ApiToken.objects.count()
    answer = make(owner, **wrong)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()
    assert ApiToken.objects.count() == before


def test_free_plan_makes_no_tokens_and_says_so(owner):
    answer = make(owner)
    assert answer.status_code == 402
    assert "The free plan does not include" in answer.content.decode()


def test_viewer_makes_no_tokens(viewer, pro):
    assert make(viewer).status_code == 403
    assert "Make a token" not in viewer.get("/settings/tokens").content.decode()


def test_revoked_token_is_gone_and_nobody_revokes_anothers(owner, stranger, alice, pro):
    token = ApiToken.objects.get(membership=alice.membership)
    assert stranger.post(f"/settings/tokens/{token.pk}/revoke").status_code == 404
    page = owner.post(f"/settings/tokens/{token.pk}/revoke", follow=True).content.decode()
    assert "The token is revoked" in page
    assert not ApiToken.objects.filter(pk=token.pk).exists()


def test_plan_page_says_what_the_plan_allows_and_how_much_is_used(owner, analysis):
    page = owner.get("/settings/plan").content.decode()
    assert "Upgrade, pay monthly" in page
    assert re.search(r"<dt>Workflows</dt><dd>1</dd>", page)


def test_plan_page_of_a_paying_account_offers_no_upgrade(owner, pro):
    page = owner.get("/settings/plan").content.decode()
    assert "Upgrade, pay monthly" not in page
    assert "Cards and invoices" in page


@pytest.mark.parametrize(
    ("action", "host"),
    [("monthly", "checkout.stripe.test"), ("yearly", "checkout.stripe.test")],
)
def test_upgrade_leads_to_stripe(owner, stripe, action, host):  # noqa: F811
    page = owner.post("/settings/plan", {"action": action}).content.decode()
    assert re.search(rf'<meta http-equiv="refresh" content="0; url=https://{host}/', page)
    assert f'href="https://{host}/' in page
    [sent] = [each for each in stripe.requests if each.path == "/v1/checkout/sessions"]
    assert sent.form["success_url"] == "http://testserver/?checkout=success"


def test_way_back_from_stripe_leads_to_the_plan(owner, visitor):
    assert owner.get("/?checkout=success")["Location"] == "/settings/plan?checkout=success"
    assert visitor.get("/?checkout=success").status_code == 200
    assert (
        "Stripe has not told us yet"
        in owner.get("/settings/plan?checkout=success").content.decode()
    )


def test_portal_opens_for_who_pays(owner, stripe, pro):  # noqa: F811
    page = owner.post("/settings/plan", {"action": "portal"}).content.decode()
    assert "https://billing.stripe.test/" in page


@pytest.mark.parametrize(
    ("action", "status"),
    [("monthly", 409), ("portal", 409), ("cancel", 409), ("x", 400), ("", 400)],
)
def test_what_cannot_be_done_is_explained_on_the_page(owner, action, status):
    answer = owner.post("/settings/plan", {"action": action})
    assert answer.status_code == status
    assert 'role="alert"' in answer.content.decode()


def test_only_an_owner_decides_about_money(viewer, alice, owner, stripe):  # noqa: F811
    assert viewer.post("/settings/plan", {"action": "monthly"}).status_code == 403
    alice.membership.role = "member"
    alice.membership.save()
    answer = owner.post("/settings/plan", {"action": "monthly"})
    assert answer.status_code == 403
    assert "Only an owner" in answer.content.decode()
    assert "Upgrade, pay monthly" not in owner.get("/settings/plan").content.decode()


def test_refused_permission_at_highlevel_is_said(visitor):
    page = visitor.get("/?error=access_denied").content.decode()
    assert "HighLevel was not connected" in page
