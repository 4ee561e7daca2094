"""What an account may do follows from what it pays for."""

import datetime

import pytest
from django.db import IntegrityError
from django.utils import timezone

from apps.billing.entitlements import entitlements, require, require_room
from apps.billing.models import Subscription
from apps.billing.plans import FEATURES, GRACE, PLANS
from apps.ops.errors import ApplicationError

SECOND = datetime.timedelta(seconds=1)


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


@pytest.mark.parametrize(("ago", "plan"), [(GRACE - SECOND * 60, "pro"), (GRACE, "free")])
def test_failed_payment_leaves_the_plan_for_the_days_of_grace(account, ago, plan):
    Subscription.objects.create(
        account=account, plan="pro", state="past_due", past_due_since=timezone.now() - ago
    )
    assert entitlements(account).name == plan


@pytest.mark.parametrize(
    ("ahead", "plan"), [(None, "pro"), (SECOND * 60, "pro"), (-SECOND, "free")]
)
def test_plan_set_by_staff_holds_until_its_end(account, ahead, plan):
    until = None if ahead is None else timezone.now() + ahead
    Subscription.objects.create(
        account=account, override_plan="pro", override_reason="a partner", override_until=until
    )
    assert entitlements(account).name == plan


def test_plan_set_by_staff_may_also_take_away(account, pro):
    Subscription.objects.update(override_plan="free", override_reason="abuse")
    assert entitlements(account).name == "free"


def test_plan_set_by_staff_needs_a_reason(account):
    with pytest.raises(IntegrityError):
        Subscription.objects.create(account=account, override_plan="pro")


@pytest.mark.parametrize("feature", sorted(FEATURES))
def test_feature_of_the_paid_plan_is_refused_on_the_free_one(account, feature):
    with pytest.raises(ApplicationError) as refused:
        require(account, feature)
    assert (refused.value.code, refused.value.status) == ("plan_limit", 402)
    [detail] = refused.value.details
    assert (detail["field"], detail["code"]) == (feature, "not_in_plan")
    assert detail["message"].startswith("The free plan does not include ")
    Subscription.objects.create(account=account, plan="pro", state="active")
    require(account, feature)


def test_feature_nobody_declared_is_a_mistake_of_ours(account, pro):
    with pytest.raises(ValueError, match="teleport"):
        require(account, "teleport")


@pytest.mark.parametrize(("used", "adding"), [(0, 1), (9, 1), (0, 10), (10, 0)])
def test_room_up_to_the_limit_is_given(account, used, adding):
    require_room(account, "workflows", used=used, adding=adding)


@pytest.mark.parametrize(("used", "adding"), [(10, 1), (9, 2), (0, 11), (50, 1)])
def test_one_over_the_limit_is_refused_with_what_is_allowed_and_used(account, used, adding):
    with pytest.raises(ApplicationError) as refused:
        require_room(account, "workflows", used=used, adding=adding)
    assert refused.value.code == "plan_limit"
    [detail] = refused.value.details
    assert (detail["allowed"], detail["used"]) == (10, used)


def test_refusal_reads_well_for_one(account):
    with pytest.raises(ApplicationError, match="allows 1 member; 1 is used"):
        require_room(account, "members", used=1)


def test_paid_plan_has_room_for_any_number(account, pro):
    require_room(account, "workflows", used=10_000, adding=500)
    require_room(account, "members", used=300)
