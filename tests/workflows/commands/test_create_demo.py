"""`manage.py create_demo`: what it makes, its passwords, and that a second run adds nothing."""

import pytest
from django.core.management import call_command

from apps.accounts.models import Account, Membership, User
from apps.billing.entitlements import entitlements
from apps.billing.models import Subscription
from apps.workflows.models import Analysis, Workflow

EMAILS = {"owner@demo.test", "viewer@demo.test", "admin@demo.test"}


@pytest.fixture(autouse=True)
def no_password_given(settings, db):
    settings.DEMO_PASSWORD = ""


def create_demo(capsys) -> str:
    call_command("create_demo")
    out: str = capsys.readouterr().out
    return out


def test_it_makes_the_account_its_people_and_its_analyses(capsys):
    create_demo(capsys)
    account = Account.objects.get()
    assert account.name == "Demo Agency"
    roles = dict(Membership.objects.values_list("user__email", "role"))
    assert roles == {"owner@demo.test": "owner", "viewer@demo.test": "viewer"}
    assert entitlements(account).name == "pro"
    assert Workflow.objects.filter(account=account).count() == 3
    assert Analysis.objects.filter(account=account, origin="demo").count() == 3


def test_only_the_admin_is_staff(capsys):
    create_demo(capsys)
    assert set(User.objects.values_list("email", flat=True)) == EMAILS
    assert User.objects.get(is_staff=True).email == "admin@demo.test"


def test_password_is_made_up_and_printed_once(capsys):
    first = create_demo(capsys)
    password = first.strip().rsplit(" ", 1)[-1]
    assert len(password) >= 12
    assert all(user.check_password(password) for user in User.objects.all())
    assert create_demo(capsys) == ""


def test_two_installations_get_two_passwords(capsys):
    first = create_demo(capsys)
    User.objects.all().delete()
    assert create_demo(capsys) != first


def test_given_password_is_used_and_not_printed(capsys, settings):
    settings.DEMO_PASSWORD = "a-demo-password"
    out = create_demo(capsys)
    assert "DEMO_PASSWORD" in out
    assert "a-demo-password" not in out
    assert all(user.check_password("a-demo-password") for user in User.objects.all())


def test_password_given_later_holds_from_then_on(capsys, settings):
    create_demo(capsys)
    settings.DEMO_PASSWORD = "given-later"
    assert create_demo(capsys) == ""
    assert all(user.check_password("given-later") for user in User.objects.all())


def test_password_someone_changed_is_left_alone(capsys):
    create_demo(capsys)
    owner = User.objects.get(email="owner@demo.test")
    owner.set_password("my own")
    owner.save()
    create_demo(capsys)
    owner.refresh_from_db()
    assert owner.check_password("my own")


def test_second_run_adds_nothing(capsys, django_assert_max_num_queries):
    create_demo(capsys)
    before = [model.objects.count() for model in (Account, User, Membership, Analysis, Workflow)]
    with django_assert_max_num_queries(15):
        create_demo(capsys)
    after = [model.objects.count() for model in (Account, User, Membership, Analysis, Workflow)]
    assert after == before


@pytest.mark.parametrize("email", sorted(EMAILS))
def test_person_who_was_deleted_comes_back(capsys, email):
    create_demo(capsys)
    User.objects.get(email=email).delete()
    assert email in create_demo(capsys)
    assert set(User.objects.values_list("email", flat=True)) == EMAILS
    assert Membership.objects.filter(user__email__in=EMAILS - {"admin@demo.test"}).count() == 2


def test_account_that_was_deleted_comes_back(capsys):
    create_demo(capsys)
    Account.objects.all().delete()
    create_demo(capsys)
    assert Analysis.objects.filter(account__name="Demo Agency").count() == 3
    assert Subscription.objects.get().plan == "pro"


def test_data_of_others_is_left_alone(capsys, analysis):
    create_demo(capsys)
    create_demo(capsys)
    assert Analysis.objects.filter(account=analysis.account).count() == 1
