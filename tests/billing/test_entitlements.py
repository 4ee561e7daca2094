"""What an account may do follows from what it pays for."""

import pytest

from apps.billing.entitlements import entitlements
from apps.billing.models import Subscription
from apps.billing.plans import PLANS


def test_account_without_a_subscription_is_on_the_free_plan(account):
    plan = entitlements(account)
    assert plan.name == "free"
    assert plan.issues_shown == 3


@pytest.mark.parametrize(
    ("state", "plan"),
    [
        ("free", "free"),
        ("trialing", "pro"),
        ("active", "pro"),
        ("past_due", "pro"),
        ("cancelled", "free"),
    ],
)
def test_state_of_the_subscription_decides_whether_the_plan_holds(account, state, plan):
    Subscription.objects.create(account=account, plan="pro", state=state)
    assert entitlements(account).name == plan


def test_every_state_of_a_subscription_has_a_plan(account):
    for state in Subscription.State:
        Subscription.objects.update_or_create(
            account=account, defaults={"plan": "pro", "state": state}
        )
        assert entitlements(account) in PLANS.values()


def test_active_subscription_to_the_free_plan_gives_no_more(account):
    Subscription.objects.create(account=account, plan="free", state="active")
    assert entitlements(account).issues_shown == 3


def test_one_account_does_not_pay_for_another(account, charlie, pro):
    assert entitlements(account).name == "pro"
    assert entitlements(charlie.account).name == "free"


def test_pro_never_allows_less_than_free():
    free, pro = PLANS["free"], PLANS["pro"]
    for name in ("issues_shown", "workflows", "members", "history_days"):
        less, more = getattr(free, name), getattr(pro, name)
        assert more is None or (less is not None and more >= less)


def test_question_costs_one_query(account, django_assert_num_queries):
    with django_assert_num_queries(1):
        entitlements(account)
