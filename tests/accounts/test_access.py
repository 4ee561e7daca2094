"""Which account a request works in, and what it may do there."""

import pytest
from rest_framework.test import APIClient

from apps.accounts.access import SESSION_KEY
from apps.accounts.models import Account, Membership
from apps.accounts.tokens import api_token_create
from apps.workflows.samples import sample
from apps.workflows.services import analysis_create


@pytest.fixture
def second(alice) -> Membership:
    account = Account.objects.create(name="Alice's other agency")
    return Membership.objects.create(user=alice.user, account=account, role="viewer")


@pytest.fixture
def browser(alice) -> APIClient:
    client = APIClient()
    client.force_login(alice.user)
    return client


def seen(client: APIClient) -> int:
    total: int = client.get("/api/history").json()["meta"]["pagination"]["total"]
    return total


def test_session_works_in_the_first_account(browser, second, analysis):
    assert seen(browser) == 1


def test_session_works_in_the_account_that_was_chosen(browser, second, analysis):
    session = browser.session
    session[SESSION_KEY] = str(second.account_id)
    session.save()
    assert seen(browser) == 0


@pytest.mark.parametrize("chosen", ["charlie", "gone"])
def test_account_one_does_not_belong_to_cannot_be_chosen(browser, charlie, analysis, chosen):
    session = browser.session
    gone = "00000000-0000-4000-8000-000000000000"
    session[SESSION_KEY] = str(charlie.account.pk) if chosen == "charlie" else gone
    session.save()
    analysis_create(account=charlie.account, definition=sample("healthy"))
    assert [row["analysisId"] for row in browser.get("/api/history").json()["data"]] == [
        str(analysis.pk)
    ]


def test_token_works_in_its_own_account_whatever_the_session_chose(second, analysis, alice):
    _, plain = api_token_create(membership=second, name="other")
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {plain}")
    assert seen(client) == 0
    assert client.get(f"/api/analysis/{analysis.pk}").status_code == 404


def test_role_counts_in_the_account_the_request_works_in(second):
    _, plain = api_token_create(membership=second, name="other")
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {plain}")
    answer = client.post("/api/analyze", {"definition": sample("healthy")}, format="json")
    assert answer.status_code == 403


def test_person_without_an_account_is_told_403_not_500(browser, alice):
    alice.membership.delete()
    for answer in (browser.get("/api/history"), browser.post("/api/analyze", {}, format="json")):
        assert answer.status_code == 403
        assert answer.json()["error"]["code"] == "permission_denied"


@pytest.mark.parametrize(
    ("scopes", "reads", "writes"),
    [(["read"], 200, 403), (["write"], 403, 200), ([], 403, 403), (["read", "write"], 200, 200)],
)
def test_scopes_of_a_token_bound_what_it_may_do(alice, scopes, reads, writes):
    _, plain = api_token_create(membership=alice.membership, name="x", scopes=scopes)
    alice.client.credentials(HTTP_AUTHORIZATION=f"Bearer {plain}")
    assert alice.client.get("/api/history").status_code == reads
    body = {"definition": sample("healthy")}
    assert alice.client.post("/api/analyze", body, format="json").status_code == writes


@pytest.mark.parametrize("header", ["Basic YTpi", "Token wd_x", "wd_x", ""])
def test_header_of_another_kind_is_as_good_as_none(anonymous, browser, header):
    assert anonymous.get("/api/history", HTTP_AUTHORIZATION=header).status_code == 401
    assert browser.get("/api/history", HTTP_AUTHORIZATION=header).status_code == 200


def test_wrong_token_is_refused_even_beside_a_good_session(browser):
    assert browser.get("/api/history", HTTP_AUTHORIZATION="Bearer wd_x").status_code == 401


@pytest.mark.parametrize(
    "cookie", [r'"\000aaaaaaaaaaaa"', r'"aaaaaaaaaaaa\000"', "a" * 5000, "ä" * 32]
)
def test_a_session_that_we_never_gave_out_is_as_good_as_none(db, cookie):
    answer = APIClient().get("/auth/status", headers={"Cookie": f"sessionid={cookie}"})
    assert answer.status_code == 200
    assert answer.json()["data"]["authenticated"] is False
