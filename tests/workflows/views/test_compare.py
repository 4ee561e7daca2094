"""Comparing two analyses on a page; share links."""

import re

import pytest

from apps.workflows.models import Analysis, ShareLink
from apps.workflows.samples import sample
from apps.workflows.services import analysis_create
from tests.workflows.views.conftest import browser


@pytest.fixture
def mended(alice, analysis) -> Analysis:
    """The same workflow after its loop was taken out and a step was renamed."""
    definition = sample("medium")
    steps = definition["workflow"]["workflowData"]["templates"]
    kept = [step for step in steps if step["name"] != "Back to the tip"]
    kept[0]["name"] = "Thank them warmly"
    definition["workflow"]["workflowData"]["templates"] = kept
    return analysis_create(account=alice.account, definition=definition)


def page(client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_comparison_shows_what_changed(owner, pro, analysis, mended):
    text = page(owner, f"/analysis/{mended.pk}/compare/{analysis.pk}")
    change = mended.health_score - analysis.health_score
    points = "1 point" if abs(change) == 1 else f"{abs(change)} points"
    assert f"{points} {'better' if change > 0 else 'worse'}" in text
    assert "Back to the tip" in re.search(r"<dt>Removed</dt><dd>(.*?)</dd>", text)[1]  # type: ignore[index]
    assert "Thank them warmly" in re.search(r"<dt>Changed</dt><dd>(.*?)</dd>", text)[1]  # type: ignore[index]
    fixed = re.search(r'id="fate-fixed">.*?</section>', text, re.DOTALL)
    assert fixed
    assert "A loop that nobody ever leaves" in fixed[0]
    assert text.count("data-picture") == 2


def test_other_way_round_turns_fixed_into_new(owner, pro, analysis, mended):
    text = page(owner, f"/analysis/{analysis.pk}/compare/{mended.pk}")
    new = re.search(r'id="fate-new">.*?</section>', text, re.DOTALL)
    assert new
    assert "A loop that nobody ever leaves" in new[0]


def test_analysis_beside_itself_has_nothing_new(owner, pro, analysis):
    text = page(owner, f"/analysis/{analysis.pk}/compare/{analysis.pk}")
    assert "The same score" in text
    assert "No step was added, removed or changed" in text
    assert text.count("data-picture") == 1


def test_free_plan_compares_what_it_shows(owner, analysis, mended):
    text = page(owner, f"/analysis/{mended.pk}/compare/{analysis.pk}")
    assert "See the Pro plan" in text
    assert text.count('class="issue ') <= 6


def test_form_of_two_columns_leads_to_the_comparison(owner, analysis, mended):
    answer = owner.get(f"/compare?from={analysis.pk}&to={mended.pk}")
    assert answer["Location"] == f"/analysis/{mended.pk}/compare/{analysis.pk}"


@pytest.mark.parametrize("query", ["", "?from=x&to=y", "?from=%00"])
def test_form_without_a_choice_says_so(owner, query):
    answer = owner.get(f"/compare{query}")
    assert answer.status_code == 400
    assert "Choose two analyses" in answer.content.decode()


def test_analysis_of_a_stranger_is_not_compared(owner, stranger, charlie, analysis):
    theirs = analysis_create(account=charlie.account, definition=sample("medium"))
    assert owner.get(f"/analysis/{analysis.pk}/compare/{theirs.pk}").status_code == 404
    assert owner.get(f"/analysis/{theirs.pk}/compare/{analysis.pk}").status_code == 404


def test_report_leads_to_the_one_before(owner, analysis, mended):
    assert f"/analysis/{mended.pk}/compare/{analysis.pk}" in page(owner, f"/analysis/{mended.pk}")


def test_share_link_is_shown_once_and_opens_the_report_for_anybody(owner, pro, analysis):
    answer = owner.post(f"/analysis/{analysis.pk}/share", {"days": "7"})
    link = re.search(r"<code[^>]*data-link>(.*?)</code>", answer.content.decode())
    assert link
    assert browser().get(link[1].replace("http://testserver", "")).status_code == 200
    again = page(owner, f"/analysis/{analysis.pk}")
    assert link[1] not in again
    assert "Revoke 1 link" in again
    owner.post(f"/analysis/{analysis.pk}/share", {"action": "revoke"})
    assert browser().get(link[1].replace("http://testserver", "")).status_code == 404


@pytest.mark.parametrize("days", ["", "0", "99999", "x", "-7"])
def test_length_that_is_not_offered_is_refused(owner, pro, analysis, days):
    answer = owner.post(f"/analysis/{analysis.pk}/share", {"days": days})
    assert answer.status_code == 400
    assert not ShareLink.objects.exists()


def test_free_plan_shares_nothing_and_says_why(owner, analysis):
    answer = owner.post(f"/analysis/{analysis.pk}/share", {"days": "7"})
    assert answer.status_code == 402
    assert "upgrade" in answer.content.decode().lower()
