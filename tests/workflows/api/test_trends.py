"""Scores over time."""

from __future__ import annotations

import datetime
import uuid

import pytest
from django.utils import timezone

from apps.workflows.models import Analysis
from apps.workflows.samples import sample
from apps.workflows.selectors import trends
from apps.workflows.services import analysis_create


def scored(account, name: str, days_ago: int) -> Analysis:
    made = analysis_create(account=account, definition=sample(name))
    made.created_at = timezone.now() - datetime.timedelta(days=days_ago)
    made.save(update_fields=["created_at"])
    return made


def trend(person, query=""):
    answer = person.client.get(f"/api/trends{query}")
    assert answer.status_code == 200, answer.content
    return answer.json()["data"]


@pytest.fixture
def history(alice) -> list[Analysis]:
    made = [("medium", 5), ("healthy", 5), ("critical", 3), ("medium", 1), ("medium", 1)]
    return [scored(alice.account, name, days) for name, days in made]


def test_each_workflow_has_a_point_per_analysis_oldest_first(alice, history):
    lines = {line["name"]: line["points"] for line in trend(alice)["workflows"]}
    assert [point["healthScore"] for point in lines["Webinar follow-up"]] == [22, 22, 22]
    times = [point["at"] for point in lines["Webinar follow-up"]]
    assert times == sorted(times)
    assert len(lines) == 3


def test_the_account_has_a_point_per_day_over_the_scores_known_by_then(alice, history):
    days = trend(alice)["account"]
    assert [day["healthScore"] for day in days] == [58, 39, 39]  # 22+94, then 0, as before
    assert [day["date"] for day in days] == sorted(day["date"] for day in days)


def test_one_workflow_or_a_part_of_the_time_can_be_asked_for(alice, history):
    only = trend(alice, f"?workflow={history[2].workflow_id}")
    assert [line["name"] for line in only["workflows"]] == ["Lead nurture (copy)"]
    since = (timezone.now() - datetime.timedelta(days=4)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert len(trend(alice, f"?since={since}")["account"]) == 2


def test_another_account_s_scores_are_in_no_trend(charlie, history):
    assert trend(charlie) == {"account": [], "workflows": []}
    assert trend(charlie, f"?workflow={history[0].workflow_id}")["workflows"] == []
    assert trend(charlie, f"?workflow={uuid.uuid4()}")["account"] == []


@pytest.mark.parametrize("query", ["?workflow=1", "?since=yesterday"])
def test_what_makes_no_sense_is_refused(alice, query):
    assert alice.client.get(f"/api/trends{query}").status_code == 400


def test_a_long_history_is_one_query_of_a_bounded_size(
    alice, history, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(trends, "MOST", 2)
    with django_assert_num_queries(2):  # the plan and the points
        found = trends.trends_of(alice.account)
    assert sum(len(line["points"]) for line in found["workflows"]) == 2
