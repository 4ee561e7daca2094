"""The sign-in page."""

import pytest

from tests.workflows.views.conftest import browser

RIGHT = {"email": "alice@example.org", "password": "correct horse battery"}


def test_right_password_signs_in_and_leads_to_the_workflows(alice, visitor):
    answer = visitor.post("/sign-in", RIGHT)
    assert (answer.status_code, answer["Location"]) == (302, "/workflows")
    assert visitor.get("/sign-in").status_code == 302


def test_way_back_is_kept(alice, visitor):
    assert (
        'value="/history?page=2"' in visitor.get("/sign-in?next=/history%3Fpage=2").content.decode()
    )
    answer = visitor.post("/sign-in", {**RIGHT, "next": "/history?page=2"})
    assert answer["Location"] == "/history?page=2"


@pytest.mark.parametrize(
    "away", ["https://evil.test/", "//evil.test", "/\\evil.test", "javascript:alert(1)"]
)
def test_way_back_leads_nowhere_else(alice, visitor, away):
    assert visitor.post("/sign-in", {**RIGHT, "next": away})["Location"] == "/workflows"


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": "wrong"}, {"password": ""}, {"email": "nobody@example.org"},
        {"email": ""}, {"email": "\x00"}, {"email": "x" * 10_000}, {"password": "\x00"},
    ],
)  # fmt: skip
def test_wrong_input_stays_on_the_page_and_tells_no_more_than_it_must(alice, visitor, wrong):
    answer = visitor.post("/sign-in", RIGHT | wrong)
    assert answer.status_code == 401
    assert "There is no user with this e-mail and password" in answer.content.decode()


def test_inactive_user_does_not_get_in(alice, visitor):
    alice.user.is_active = False
    alice.user.save()
    assert visitor.post("/sign-in", RIGHT).status_code == 401


def test_sign_in_needs_the_token_of_its_form(alice):
    assert browser(enforce_csrf_checks=True).post("/sign-in", RIGHT).status_code == 403


def test_signing_out_ends_the_session_and_takes_only_post(owner):
    assert owner.get("/sign-out").status_code == 405
    assert owner.post("/sign-out")["Location"] == "/"
    assert "Sign in" in owner.get("/").content.decode()
