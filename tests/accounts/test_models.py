"""People are known by their e-mail address, however it is capitalised."""

import pytest
from django.contrib.auth import authenticate
from django.db import IntegrityError

from apps.accounts.models import User

pytestmark = pytest.mark.django_db


def test_address_is_kept_in_small_letters():
    assert User.objects.create_user(" Alice@Example.COM ").email == "alice@example.com"


def test_person_signs_in_with_any_capitals():
    alice = User.objects.create_user("alice@example.com", "long-pass-phrase")
    assert authenticate(username="ALICE@example.com", password="long-pass-phrase") == alice


def test_wrong_password_does_not_sign_in():
    User.objects.create_user("alice@example.com", "long-pass-phrase")
    assert authenticate(username="alice@example.com", password="Long-pass-phrase") is None


def test_person_without_a_password_cannot_sign_in():
    assert not User.objects.create_user("alice@example.com").has_usable_password()


def test_same_address_in_other_capitals_is_refused_by_the_database():
    User.objects.create_user("alice@example.com")
    with pytest.raises(IntegrityError):
        User.objects.create(email="ALICE@example.com")


def test_person_needs_an_address():
    with pytest.raises(ValueError, match="e-mail"):
        User.objects.create_user("")


def test_new_person_is_no_staff_and_superuser_is():
    assert not User.objects.create_user("a@example.com").is_staff
    assert User.objects.create_superuser("b@example.com", "x").is_staff
