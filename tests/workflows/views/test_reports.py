"""The report of a stored analysis, whole without JavaScript."""

import re

import pytest

from apps.workflows.models import Analysis, WorkflowVersion
from apps.workflows.samples import sample
from apps.workflows.services import analysis_create


def page_of(client, analysis, query="") -> str:
    answer = client.get(f"/analysis/{analysis.pk}{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_report_shows_score_costs_issues_and_picture(owner, analysis, pro):
    page = page_of(owner, analysis)
    assert "Health score 22 of 100" in page
    assert 'href="/rules/loop-without-exit"' in page
    assert page.count('class="issue ') == 7
    assert page.count("data-node=") >= 14
    assert "What was not checked" in page


def test_free_plan_shows_three_issues_and_says_how_many_more_there_are(owner, analysis):
    page = page_of(owner, analysis)
    assert page.count('class="issue ') == 3
    assert "4 more issues found" in page
    assert 'href="/settings/plan"' in page


def test_free_plan_tells_nothing_of_hidden_issues_in_the_picture(owner, analysis):
    page = page_of(owner, analysis)
    hidden = analysis.findings["issues"][3:]
    shown = {node for issue in analysis.findings["issues"][:3] for node in issue["nodeIds"]}
    marked = set(re.findall(r'data-node="([^"]*)"[^>]*data-findings', page))
    assert marked <= shown
    assert all(issue["message"] not in page for issue in hidden)


def test_issue_is_lit_in_the_picture_by_a_link(owner, analysis):
    plain = page_of(owner, analysis)
    assert "wd-lit" not in plain
    fingerprint = analysis.findings["issues"][0]["fingerprint"]
    assert f"?issue={fingerprint}#picture" in plain
    lit = page_of(owner, analysis, f"?issue={fingerprint}")
    assert lit.count("wd-lit") > 5
    assert "data-chosen" in lit


@pytest.mark.parametrize("query", ["?issue=nonsense", "?open=nothing", "?issue=%00&open=%00", "?x"])
def test_strange_query_changes_nothing(owner, analysis, query):
    assert "wd-lit" not in page_of(owner, analysis, query)


def test_report_whose_definition_is_not_kept_has_no_picture(owner, analysis):
    WorkflowVersion.objects.all().delete()
    page = page_of(owner, analysis)
    assert "data-picture" not in page
    assert "Health score 22 of 100" in page


def test_healthy_workflow_is_told_so(owner, alice):
    definition = sample("healthy")
    found = analysis_create(account=alice.account, definition=definition)
    assert "Health score 94 of 100: Excellent" in page_of(owner, found)


def test_viewer_sees_no_way_to_write(owner, viewer, analysis):
    page = page_of(viewer, analysis)
    assert "Delete this analysis" not in page
    assert "Set aside" not in page
    assert "Delete this analysis" in page_of(owner, analysis)


def test_deleting_needs_post_and_leads_to_the_history(owner, analysis):
    assert owner.get(f"/analysis/{analysis.pk}/delete").status_code == 405
    answer = owner.post(f"/analysis/{analysis.pk}/delete", follow=True)
    assert "The analysis is deleted" in answer.content.decode()
    assert not Analysis.objects.exists()


@pytest.mark.parametrize("pk", ["nope", "1", "00000000-0000-4000-8000-000000000000"])
def test_unknown_analysis_is_a_page_with_404(owner, pk):
    answer = owner.get(f"/analysis/{pk}")
    assert answer.status_code == 404
    assert "Nothing is here" in answer.content.decode()


def test_history_lists_analyses_and_filters_by_grade(owner, analysis):
    assert "Webinar follow-up" in owner.get("/history").content.decode()
    assert "Webinar follow-up" in owner.get("/history?grade=High+Risk").content.decode()
    other = owner.get("/history?grade=Excellent").content.decode()
    assert "No analysis fits" in other


@pytest.mark.parametrize("query", ["page=0", "page=99999", "page=x", "grade=%00", "workflow=x"])
def test_history_answers_whatever_the_address_says(owner, analysis, query):
    assert owner.get(f"/history?{query}").status_code == 200


def test_report_page_asks_few_questions(owner, analysis, pro, django_assert_max_num_queries):
    with django_assert_max_num_queries(9):
        page_of(owner, analysis)
