"""What staff see at a glance, find with one box, do with a reason, and leave in the trail."""

import re

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from apps.accounts.models import Connection, User
from apps.billing.models import StripeSubscription, Subscription
from apps.ops.models import Alert, AuditEntry, Job
from apps.ops.staff import dashboard
from apps.ops.staff.dashboard import HEIGHT, WIDTH, Card, bars
from apps.webhooks.models import Delivery
from tests.cast import sign_in_staff

pytestmark = pytest.mark.django_db
REQUEST = "d89ff212-0000-4000-8000-000000000000"


def text(client: Client, path: str, **query: str) -> str:
    answer = client.get(path, query)
    assert answer.status_code == 200
    return answer.content.decode()


def dead_job(**fields) -> Job:
    row = {"kind": "test.note", "queue": "default", "state": "dead", "request_id": REQUEST}
    return Job.objects.create(**{**row, **fields})


def test_index_shows_the_figures_of_today(staff, analysis):
    dead_job()
    Alert.objects.create(name="queue-age", firing=True)
    page = text(staff, "/admin/")
    for title in (
        "Analyses today",
        "Failed requests",
        "Queues",
        "Alerts",
        "Webhooks today",
        "Paying accounts",
    ):
        assert title in page
    assert "queue-age" in page
    assert "1 given up" in page
    assert "<rect" in page


def test_index_obeys_the_content_security_policy(staff, analysis):
    page = text(staff, "/admin/")
    assert "style=" not in page
    assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>\s*\S", page)


def test_figure_that_breaks_hides_no_other(staff, monkeypatch, caplog):
    def broken() -> Card:
        raise ZeroDivisionError

    monkeypatch.setitem(
        dashboard.CARDS, "Broken", dashboard._Declared("Broken", "ops.view_job", 1, broken)
    )
    page = text(staff, "/admin/")
    assert "could not be read" in page
    assert "Queues" in page


def test_staff_without_rights_see_no_figures_and_find_nothing(analysis):
    clerk = User.objects.create_user("clerk@example.org", "x", is_staff=True)
    client = sign_in_staff(Client(), clerk)
    assert 'class="figure"' not in text(client, "/admin/")
    assert "Nothing was found" in text(client, "/admin/search", q="alice")
    clerk.user_permissions.add(Permission.objects.get(codename="view_account"))
    assert "Alice&#x27;s agency" in text(client, "/admin/search", q="alice")


@given(st.lists(st.integers(0, 10**9), max_size=40))
def test_bars_stay_inside_their_chart(series):
    for bar in bars(series):
        assert 0 <= bar.x <= bar.x + bar.width <= WIDTH
        assert 0 <= bar.y <= HEIGHT
        assert bar.y + bar.height <= HEIGHT + 0.2


def test_day_with_anything_can_be_seen():
    assert [bar.height > 0 for bar in bars([0, 1, 10**6])] == [False, True, True]


@pytest.fixture
def findable(account, alice):
    """One of everything that the box finds."""
    account.location_id = "loc_42"
    account.save(update_fields=["location_id"])
    subscription = Subscription.objects.create(account=account, customer_id="cus_42")
    StripeSubscription.objects.create(subscription=subscription, stripe_id="sub_42")
    dead_job(account_id=account.pk)
    Delivery.objects.create(
        source="stripe", event_id="evt_42", type="x", body="SECRET", request_id=REQUEST,
        event_created="2026-01-01T00:00:00Z",
    )  # fmt: skip
    return account


@pytest.mark.parametrize(
    ("query", "groups"),
    [
        ("alice's", {"Accounts"}),
        ("ALICE@example.org", {"Accounts", "People"}),
        ("loc_42", {"Accounts"}),
        (REQUEST, {"Jobs", "Deliveries"}),
        ("cus_42", {"Subscriptions"}),
        ("sub_42", {"Subscriptions"}),
        ("evt_42", {"Deliveries"}),
        ("cus_4", set()),
        ("nobody", set()),
        ("%", set()),
        ("'; DROP TABLE accounts_account; --", set()),
        ("a\x00b", set()),
    ],
)
def test_box_finds_by_name_mail_request_and_stripe_id(staff, findable, query, groups):
    page = text(staff, "/admin/search", q=query)
    assert set(re.findall(r"<h2>([A-Z]\w+)</h2>", page)) == groups


def test_found_rows_lead_to_their_page_and_show_no_body(staff, findable):
    page = text(staff, "/admin/search", q=REQUEST)
    links = re.findall(r'<li><a href="([^"]+)"', page)
    assert len(links) == 2
    assert all(staff.get(link).status_code == 200 for link in links)
    assert "SECRET" not in page


def test_account_is_found_by_its_id_with_its_jobs(staff, findable):
    page = text(staff, "/admin/search", q=str(findable.pk))
    assert {"Accounts", "Jobs"} <= set(re.findall(r"<h2>([A-Z]\w+)</h2>", page))


def test_query_is_shown_as_text(staff):
    page = text(staff, "/admin/search", q="<script>alert(1)</script>")
    assert "<script>alert" not in page


def test_only_some_of_many_are_shown_and_it_is_said(staff):
    for number in range(25):
        User.objects.create_user(f"many{number}@example.org", "x")
    page = text(staff, "/admin/search", q="many")
    assert page.count("@example.org</a>") == 20
    assert "There are more" in page


def test_parked_job_is_begun_anew_with_a_reason(staff):
    job = dead_job()
    act = {"action": "job_retry", "_selected_action": [str(job.pk)]}
    asked = staff.post("/admin/ops/job/", act)
    assert b"Why?" in asked.content
    staff.post("/admin/ops/job/", {**act, "reason": "  "})
    job.refresh_from_db()
    assert job.state == "dead"
    staff.post("/admin/ops/job/", {**act, "reason": "the upstream is back"})
    job.refresh_from_db()
    assert job.state == "queued"
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.reason) == ("job-retry", "the upstream is back")
    assert (entry.actor, entry.target_id) == ("staff@example.org", str(job.pk))
    assert entry.request_id


def test_act_that_is_refused_is_told_and_leaves_no_trail(staff):
    job = dead_job(state="done")
    act = {"action": "job_retry", "_selected_action": [str(job.pk)], "reason": "why not"}
    page = staff.post("/admin/ops/job/", act, follow=True).content.decode()
    assert "errorlist" in page or "messagelist" in page
    assert not AuditEntry.objects.exists()


def test_who_may_only_look_may_not_act(staff):
    job = dead_job()
    clerk = User.objects.create_user("clerk@example.org", "x", is_staff=True)
    clerk.user_permissions.add(Permission.objects.get(codename="view_job"))
    client = sign_in_staff(Client(), clerk)
    act = {"action": "job_retry", "_selected_action": [str(job.pk)], "reason": "because"}
    client.post("/admin/ops/job/", act)
    job.refresh_from_db()
    assert job.state == "dead"


@pytest.mark.parametrize("path", ["ops/job", "ops/alert", "ops/auditentry"])
def test_ledger_is_read_only(staff, path):
    dead_job()
    Alert.objects.create(name="a")
    AuditEntry.objects.create(actor="a", action="b", target_type="c", target_id="d", target="e")
    model = {"ops/job": Job, "ops/alert": Alert, "ops/auditentry": AuditEntry}[path]
    row = model._default_manager.get()
    assert staff.get(f"/admin/{path}/").status_code == 200
    assert staff.get(f"/admin/{path}/{row.pk}/change/").status_code == 200
    assert staff.get(f"/admin/{path}/add/").status_code == 403
    assert staff.post(f"/admin/{path}/{row.pk}/delete/", {"post": "yes"}).status_code == 403
    assert staff.post(f"/admin/{path}/{row.pk}/change/", {"actor": "x"}).status_code == 403


def test_change_by_a_form_stands_in_the_trail_with_the_names_of_its_fields(staff, alice):
    url = f"/admin/accounts/user/{alice.user.pk}/change/"
    staff.post(url, {"email": "alice@example.org", "name": "Alice B.", "is_active": "on"})
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.target) == ("change", "alice@example.org")
    assert "Alice B." not in entry.reason
    assert "name" in entry.reason.lower()


def test_change_of_a_password_shows_none_in_the_trail(staff, alice):
    body = {"password1": "another horse", "password2": "another horse", "usable_password": "true"}
    staff.post(f"/admin/accounts/user/{alice.user.pk}/password/", body)
    assert "horse" not in str(list(AuditEntry.objects.values()))


def test_revoked_token_stands_in_the_trail(staff, alice):
    token = alice.membership.api_tokens.get()
    staff.post(f"/admin/accounts/apitoken/{token.pk}/delete/", {"post": "yes"})
    assert AuditEntry.objects.get().action == "delete"


def test_connection_that_needs_attention_is_seen(staff, account):
    Connection.objects.create(account=account, provider="highlevel", state="needs_attention")
    assert "1 need attention" in text(staff, "/admin/")


def test_index_asks_the_database_a_bounded_number_of_times(
    staff, findable, django_assert_max_num_queries
):
    staff.get("/admin/")
    with django_assert_max_num_queries(40):
        staff.get("/admin/")


def test_token_is_revoked_with_a_reason(staff, alice):
    token = alice.membership.api_tokens.get()
    act = {"action": "token_revoke", "_selected_action": [str(token.pk)], "reason": "leaked"}
    staff.post("/admin/accounts/apitoken/", act)
    assert alice.client.get("/api/history").status_code == 401
    assert AuditEntry.objects.get().reason == "leaked"


def test_tokens_that_cannot_be_renewed_are_told_and_the_try_stands_in_the_trail(staff, account):
    connection = Connection.objects.create(account=account, provider="highlevel")
    act = {"action": "connection_renew", "_selected_action": [str(connection.pk)]}
    page = staff.post("/admin/accounts/connection/", {**act, "reason": "asked"}, follow=True)
    assert b"0 of 1" in page.content
    assert AuditEntry.objects.get().action == "connection-renew"


def test_plan_set_by_hand_stands_in_the_trail_with_its_reason(staff, account):
    subscription = Subscription.objects.create(account=account)
    url = f"/admin/billing/subscription/{subscription.pk}/change/"
    none = {f"{name}-TOTAL_FORMS": 0 for name in ("stripe_subscriptions", "changes")}
    none |= {f"{name}-INITIAL_FORMS": 0 for name in ("stripe_subscriptions", "changes")}
    form = {"account": str(account.pk), "override_plan": "pro", **none}
    staff.post(url, form)
    assert not AuditEntry.objects.exists()
    staff.post(url, {**form, "override_reason": "a partner of ours"})
    subscription.refresh_from_db()
    assert subscription.override_plan == "pro"
    assert AuditEntry.objects.get().reason.endswith("a partner of ours")


def test_workflows_of_an_account_are_synced_with_a_reason(staff, account):
    act = {"action": "account_sync", "_selected_action": [str(account.pk)], "reason": "asked"}
    assert b"0 of 1" in staff.post("/admin/accounts/account/", act, follow=True).content
    Connection.objects.create(account=account, provider="highlevel")
    assert b"1 of 1" in staff.post("/admin/accounts/account/", act, follow=True).content
    assert Job.objects.filter(kind="workflows.sync", account_id=account.pk).exists()
    assert [entry.action for entry in AuditEntry.objects.all()] == ["account-sync"]
