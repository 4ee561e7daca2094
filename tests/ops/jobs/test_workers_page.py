"""`GET /health/workers`, and what staff see and may do in the admin."""

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.ops.jobs import Job, enqueue
from apps.ops.jobs.registry import QUEUES
from tests.cast import sign_in_staff
from tests.ops.jobs import kinds

pytestmark = pytest.mark.django_db
ADDRESS = "/admin/ops/job/"


@pytest.fixture
def dead() -> Job:
    job = enqueue("test.note", payload={"n": 7, "api_key": "very-hidden"})
    Job.objects.update(state="dead", error="It did not work.")
    return job


def test_report_is_bare_and_open_to_anyone():
    enqueue("test.note")
    answer = Client().get("/health/workers")
    assert answer.status_code == 200
    found = answer.json()
    assert set(found) == {"workers", "queues", "jobs"}
    assert [each["name"] for each in found["queues"]] == list(QUEUES)
    assert found["jobs"]["queued"] == 1
    assert Client().post("/health/workers").status_code == 405


def test_staff_see_jobs_and_change_nothing_by_hand(staff, dead):
    assert "It did not work." in staff.get(f"{ADDRESS}{dead.pk}/change/").content.decode()
    assert staff.get(f"{ADDRESS}add/").status_code == 403
    assert staff.post(f"{ADDRESS}{dead.pk}/delete/", {"post": "yes"}).status_code == 403
    assert "very-hidden" not in staff.get(f"{ADDRESS}{dead.pk}/change/").content.decode()
    assert staff.get(f"{ADDRESS}?state=dead").status_code == 200


def act(staff: Client, action: str, job: Job) -> str:
    body = {"action": action, "_selected_action": str(job.pk), "reason": "it is mended"}
    return staff.post(ADDRESS, body, follow=True).content.decode()


def test_staff_begin_a_dead_job_anew(staff, dead, django_capture_on_commit_callbacks):
    kinds.done.clear()
    with django_capture_on_commit_callbacks(execute=True):
        assert "1 of 1" in act(staff, "job_retry", dead)
    dead.refresh_from_db()
    assert (dead.state, kinds.done) == ("done", [7])


def test_staff_discard_a_dead_job(staff, dead):
    assert "1 of 1" in act(staff, "job_discard", dead)
    assert not Job.objects.exists()


def test_job_that_is_done_is_neither_begun_anew_nor_discarded(staff, dead):
    Job.objects.update(state="done")
    assert "0 of 1" in act(staff, "job_retry", dead)
    assert "0 of 1" in act(staff, "job_discard", dead)
    assert Job.objects.get().state == "done"


def test_staff_without_the_right_get_no_actions(dead):
    user = User.objects.create_user("reader@example.org", "x", is_staff=True)
    reader = sign_in_staff(Client(), user)
    assert reader.get(ADDRESS).status_code == 403
