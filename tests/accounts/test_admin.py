"""Staff can look at everything but secrets; others cannot look at all."""

import re

import pytest
from django.test import Client

from apps.accounts.models import ApiToken, User
from apps.accounts.tokens import api_token_create
from apps.billing.models import Subscription
from apps.workflows.models import Analysis, Workflow

MODELS = {
    "accounts/user": User,
    "accounts/account": None,
    "accounts/membership": None,
    "accounts/apitoken": ApiToken,
    "billing/subscription": Subscription,
    "workflows/workflow": Workflow,
    "workflows/analysis": Analysis,
}
LEDGERS = ["workflows/workflow", "workflows/analysis"]


def rows(path: str):
    from django.apps import apps

    return apps.get_model(path.replace("/", ".")).objects.all()


@pytest.mark.parametrize("path", MODELS)
def test_pages_load_and_show_no_digest(staff, analysis, pro, path):
    _, plain = api_token_create(membership=analysis.account.memberships.first(), name="laptop")
    [row, *_] = rows(path)
    secrets = [*ApiToken.objects.values_list("digest", flat=True), plain]
    secrets += User.objects.values_list("password", flat=True)
    for url in (
        f"/admin/{path}/",
        f"/admin/{path}/?q=a",
        f"/admin/{path}/{row.pk}/change/",
        f"/admin/{path}/{row.pk}/history/",
    ):
        answer = staff.get(url)
        assert answer.status_code == 200, url
        text = answer.content.decode()
        assert not any(secret in text for secret in secrets), url


@pytest.mark.parametrize("path", [path for path in MODELS if path not in LEDGERS])
def test_form_for_a_new_row_loads_unless_it_would_show_a_secret(staff, path):
    expected = 403 if path == "accounts/apitoken" else 200
    assert staff.get(f"/admin/{path}/add/").status_code == expected


@pytest.mark.parametrize("path", LEDGERS)
def test_history_is_read_only(staff, analysis, path):
    row = rows(path)[0]
    assert staff.get(f"/admin/{path}/add/").status_code == 403
    assert staff.post(f"/admin/{path}/{row.pk}/change/", {"name": "x"}).status_code == 403
    assert staff.post(f"/admin/{path}/{row.pk}/delete/", {"post": "yes"}).status_code == 403
    assert rows(path).filter(pk=row.pk).exists()


def test_result_of_an_analysis_is_shown_as_text_and_not_as_markup(staff, analysis):
    analysis.result["workflow"]["name"] = "<script>alert(1)</script>" + "x" * 30_000
    analysis.save(update_fields=["result"])
    text = staff.get(f"/admin/workflows/analysis/{analysis.pk}/change/").content.decode()
    assert "<script>alert(1)" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert len(text) < 60_000


def test_person_can_be_added_with_a_password(staff):
    body = {"email": "New@Example.org", "password1": "correct horse b", "usable_password": "true"}
    answer = staff.post("/admin/accounts/user/add/", {**body, "password2": "correct horse b"})
    assert answer.status_code == 302
    assert User.objects.get(email__iexact="new@example.org").check_password("correct horse b")


def test_password_can_be_changed_on_its_page(staff, alice):
    body = {"password1": "another horse", "password2": "another horse", "usable_password": "true"}
    url = f"/admin/accounts/user/{alice.user.pk}/password/"
    assert staff.get(url).status_code == 200
    assert staff.post(url, body).status_code == 302
    alice.user.refresh_from_db()
    assert alice.user.check_password("another horse")


def test_token_can_be_revoked(staff, alice):
    token = ApiToken.objects.get()
    url = f"/admin/accounts/apitoken/{token.pk}/delete/"
    assert staff.post(url, {"post": "yes"}).status_code == 302
    assert alice.client.get("/api/history").status_code == 401


@pytest.mark.parametrize("path", ["", *MODELS])
def test_those_who_are_no_staff_are_sent_to_the_sign_in(alice, anonymous, path):
    url = f"/admin/{path}/" if path else "/admin/"
    browser = Client()
    browser.force_login(alice.user)
    for client in (anonymous, browser):
        answer = client.get(url)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/admin/login/")


def test_admin_is_found_without_its_slash_too(anonymous):
    assert anonymous.get("/admin")["Location"] == "/admin/"


def test_assets_of_the_admin_are_allowed_by_the_content_security_policy(staff):
    text = staff.get("/admin/accounts/user/").content.decode()
    assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>\s*\S", text)
    assert not re.search(r"\son\w+=\"", text)
    assert not re.search(r"(?:src|href)=\"https?://", text)
