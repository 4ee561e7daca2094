"""The week of an account: who is told, and of what."""

import datetime

import pytest
from django.core import mail
from django.utils import timezone

from apps.ops.jobs import Job
from apps.workflows import tasks
from apps.workflows.models import Analysis
from apps.workflows.services import start_of_week, week_tell, workflow_analyse
from tests.workflows.services.scanning import bring

pytestmark = pytest.mark.django_db
MONDAY = start_of_week()


@pytest.fixture
def week(pro, alice, bob, django_capture_on_commit_callbacks):
    """The medium workflow analysed the week before last and in the last, with another grade."""
    workflow = bring(pro, "medium")
    for days, score in ((10, 60), (3, 40)):
        analysis = workflow_analyse(workflow=workflow)
        at = MONDAY - datetime.timedelta(days=days)
        Analysis.objects.filter(pk=analysis.pk).update(created_at=at, health_score=score)

    def tell(**more):
        with django_capture_on_commit_callbacks(execute=True):
            return week_tell(**{"account": pro, "until": MONDAY, **more})

    return tell


def test_owners_are_told_of_the_week(week, alice):
    assert week()
    [sent] = mail.outbox
    assert sent.to == [alice.user.email]
    assert "scores 40" in sent.body
    assert "a week ago 60" in sent.body
    assert "1 analysis," in sent.body
    assert "These need you most" in sent.body


def test_week_without_work_is_no_mail(week, pro):
    assert not week(until=MONDAY + datetime.timedelta(days=21))
    assert mail.outbox == []


def test_every_account_on_a_plan_with_schedules_is_told_once(
    week, pro, charlie, django_capture_on_commit_callbacks
):
    for _ in range(2):
        tasks.tell_weeks(Job())
    assert [job.account_id for job in Job.objects.filter(kind="workflows.week")] == [pro.pk]
    with django_capture_on_commit_callbacks(execute=True):
        tasks.tell_week(Job.objects.get(kind="workflows.week"))
    assert len(mail.outbox) == 1


def test_week_begins_on_monday_at_midnight():
    thursday = datetime.datetime(2027, 3, 4, 15, tzinfo=datetime.UTC)
    assert start_of_week(thursday) == datetime.datetime(2027, 3, 1, tzinfo=datetime.UTC)
    assert start_of_week() <= timezone.now()
