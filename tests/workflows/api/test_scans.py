"""/api/scans: begin, watch, list, cancel."""

import uuid

import pytest
from django.test import Client
from rest_framework.test import APIClient

from apps.accounts.models import User
from apps.ops.jobs import Job
from apps.workflows.models import Scan
from apps.workflows.samples import sample

SHAPE = {
    "id", "scope", "state", "total", "done", "failed", "etaSeconds", "createdAt", "startedAt",
    "finishedAt", "summary",
}  # fmt: skip


@pytest.fixture
def begin(alice, pro, django_capture_on_commit_callbacks):
    def post(body=None, *, running: bool = False):
        with django_capture_on_commit_callbacks(execute=not running):
            return alice.client.post("/api/scans", body, format="json")

    return post


def test_scan_is_taken_and_then_done(alice, begin):
    alice.client.post("/api/workflows", {"definition": sample("medium")}, format="json")
    answer = begin()
    assert answer.status_code == 202
    data = answer.json()["data"]
    assert set(data) == SHAPE
    assert data["state"] == "queued"
    seen = alice.client.get(f"/api/scans/{data['id']}").json()["data"]
    assert (seen["state"], seen["total"], seen["done"], seen["failed"]) == ("done", 1, 1, 0)
    assert seen["summary"]["accounts"][0]["done"] == 1
    assert Job.objects.filter(request_id=answer["X-Request-ID"]).count() == Job.objects.count()


@pytest.mark.parametrize("body", [None, {}, {"scope": "account"}])
def test_body_may_name_the_scope(begin, body):
    assert begin(body).status_code == 202


def test_token_reaches_no_further_than_its_account(alice, begin):
    answer = begin({"scope": "agency"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "permission_denied")
    browser = APIClient()
    browser.force_login(alice.user)
    made = browser.post("/api/scans", {"scope": "agency"}, format="json")
    assert made.status_code == 202
    url = f"/api/scans/{made.json()['data']['id']}"
    assert browser.get(url).status_code == 200
    assert alice.client.get(url).status_code == 404
    assert alice.client.get("/api/scans").json()["data"] == []


@pytest.mark.parametrize("body", [{"scope": "world"}, {"scope": None}, {"scope": 1}, [1]])
def test_wrong_body_is_refused(begin, body):
    assert begin(body).status_code == 400
    assert not Scan.objects.exists()


def test_scan_that_runs_is_the_answer_to_a_second_call(begin):
    first, second = begin(running=True), begin(running=True)
    assert first.json()["data"]["id"] == second.json()["data"]["id"]


def test_scan_can_be_cancelled(alice, begin):
    url = f"/api/scans/{begin(running=True).json()['data']['id']}"
    answer = alice.client.delete(url)
    assert (answer.status_code, answer.content) == (204, b"")
    assert alice.client.get(url).json()["data"]["state"] == "cancelled"
    assert alice.client.delete(url).status_code == 204


def test_scan_that_is_done_cannot_be_cancelled(alice, begin):
    url = f"/api/scans/{begin().json()['data']['id']}"
    assert alice.client.delete(url).status_code == 409


def test_scans_are_listed_newest_first(alice, bob, begin):
    ids = [begin().json()["data"]["id"] for _ in range(3)]
    answer = bob.client.get("/api/scans?pageSize=2").json()
    assert [row["id"] for row in answer["data"]] == [ids[2], ids[1]]
    assert answer["meta"]["pagination"]["total"] == 3


def test_free_plan_is_told_what_it_lacks(alice):
    answer = alice.client.post("/api/scans", {}, format="json")
    assert (answer.status_code, answer.json()["error"]["code"]) == (402, "plan_limit")


def test_scan_of_another_account_is_not_found(charlie, begin):
    url = f"/api/scans/{begin().json()['data']['id']}"
    assert charlie.client.get(url).status_code == 404
    assert charlie.client.delete(url).status_code == 404
    assert charlie.client.get(f"/api/scans/{uuid.uuid4()}").status_code == 404


def test_staff_read_scans_and_change_none(begin, settings):
    settings.STAFF_TWO_FACTOR = False
    scan = begin().json()["data"]["id"]
    staff = Client()
    staff.force_login(User.objects.create_superuser("admin@example.org", "correct horse"))
    assert staff.get("/admin/workflows/scan/").status_code == 200
    page = staff.get(f"/admin/workflows/scan/{scan}/change/")
    assert "unchanged" in page.content.decode()
    assert staff.post(f"/admin/workflows/scan/{scan}/delete/", {"post": "yes"}).status_code == 403
