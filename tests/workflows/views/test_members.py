"""Who belongs to the account, on a page; working in another account."""

import pytest

from apps.accounts.models import Membership

HERE = "/settings"


def test_owner_adds_changes_and_removes_a_member(owner, pro, account, charlie):
    said = {"email": "CHARLIE@example.org", "role": "viewer"}
    assert owner.post(HERE, said).status_code == 302
    found = Membership.objects.get(account=account, user=charlie.user)
    assert found.role == "viewer"
    owner.post(f"{HERE}/members/{found.pk}", {"role": "member"})
    found.refresh_from_db()
    assert found.role == "member"
    owner.post(f"{HERE}/members/{found.pk}", {"action": "remove"})
    assert not Membership.objects.filter(pk=found.pk).exists()


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"email": "nobody@example.org", "role": "member"}, 400),
        ({"email": "charlie@example.org", "role": "king"}, 400),
        ({"email": "", "role": "member"}, 400),
        ({"email": "\x00", "role": "member"}, 400),
    ],
)
def test_wrong_input_is_explained(owner, pro, charlie, said, status):
    answer = owner.post(HERE, said)
    assert answer.status_code == status
    assert 'role="alert"' in answer.content.decode()


def test_free_plan_has_one_member(owner, charlie):
    answer = owner.post(HERE, {"email": charlie.user.email, "role": "member"})
    assert answer.status_code == 402


def test_last_owner_stays(owner, alice, bob, pro):
    for said in ({"action": "remove"}, {"role": "viewer"}):
        answer = owner.post(f"{HERE}/members/{alice.membership.pk}", said)
        assert answer.status_code == 409
        assert "An account needs an owner" in answer.content.decode()


def test_only_owners_change_members(viewer, owner, alice, bob, pro):
    assert viewer.post(f"{HERE}/members/{bob.membership.pk}", {"role": "owner"}).status_code == 403
    Membership.objects.filter(pk=alice.membership.pk).update(role="member")
    answer = owner.post(f"{HERE}/members/{bob.membership.pk}", {"role": "owner"})
    assert answer.status_code == 403
    assert "Add someone" not in owner.get(HERE).content.decode()


@pytest.mark.parametrize("number", [0, 10**30])
def test_member_that_is_none_is_not_found(owner, number):
    assert owner.post(f"{HERE}/members/{number}", {"role": "viewer"}).status_code == 404


def test_person_works_in_the_account_they_chose(viewer, bob, charlie, analysis):
    Membership.objects.create(user=bob.user, account=charlie.account, role="viewer")
    assert "Charlie&#x27;s own" in viewer.get(HERE).content.decode()
    assert "Webinar follow-up" in viewer.get("/workflows").content.decode()
    assert viewer.post("/settings/switch", {"account": charlie.account.pk}).status_code == 302
    assert "Webinar follow-up" not in viewer.get("/workflows").content.decode()
    assert viewer.get(f"/analysis/{analysis.pk}").status_code == 404


@pytest.mark.parametrize("chosen", ["", "x", "00000000-0000-4000-8000-000000000000"])
def test_account_of_others_cannot_be_chosen(owner, chosen):
    assert owner.post("/settings/switch", {"account": chosen}).status_code == 404
