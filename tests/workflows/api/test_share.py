"""Links by which anybody may read one report, for a while."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from apps.ops import logs
from apps.workflows.models import ShareLink


def share(person, analysis, body=None):
    return person.client.post(f"/api/analysis/{analysis.pk}/share", body or {}, format="json")


@pytest.fixture
def link(alice, pro, analysis) -> dict:
    made: dict = share(alice, analysis).json()["data"]
    return made


def test_anybody_with_the_link_reads_the_report(link, anonymous, analysis):
    answer = anonymous.get(f"/share/{link['token']}")
    assert answer.status_code == 200
    assert link["url"].endswith(f"/share/{link['token']}")
    assert answer["Content-Type"].startswith("text/html")
    assert "A loop that nobody ever leaves" in answer.content.decode()


def test_search_engines_caches_and_other_pages_are_kept_away(link, anonymous):
    answer = anonymous.get(f"/share/{link['token']}")
    assert "noindex" in answer["X-Robots-Tag"]
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_only_the_digest_of_the_token_is_stored(link):
    row = ShareLink.objects.values().get()
    assert link["token"] not in str(row)
    assert len(link["token"]) >= 43


def test_no_log_line_holds_the_token(link, anonymous, caplog):
    anonymous.get(f"/share/{link['token']}")
    [record] = [each for each in caplog.records if "/share/" in each.getMessage()]
    for formatter in (logs.JsonFormatter(), logs.ConsoleFormatter()):
        assert link["token"] not in formatter.format(record)


def test_a_link_lasts_thirty_days_unless_said_otherwise(alice, pro, analysis):
    for body, days in (({}, 30), ({"expiresInDays": 1}, 1), ({"expiresInDays": 365}, 365)):
        ends = share(alice, analysis, body).json()["data"]["expiresAt"]
        left = datetime.datetime.fromisoformat(ends) - timezone.now()
        assert days - 1 < left / datetime.timedelta(days=1) <= days


@pytest.mark.parametrize("days", [0, -1, 366, "soon", None, 1.5])
def test_a_life_that_makes_no_sense_is_refused(alice, pro, analysis, days):
    answer = share(alice, analysis, {"expiresInDays": days})
    assert answer.status_code == 400
    assert answer.json()["error"]["details"][0]["field"] == "expiresInDays"


def test_a_revoked_link_is_gone_with_all_others_of_the_report(alice, link, anonymous, analysis):
    other = share(alice, analysis).json()["data"]
    assert alice.client.delete(f"/api/analysis/{analysis.pk}/share").status_code == 204
    for token in (link["token"], other["token"]):
        assert anonymous.get(f"/share/{token}").status_code == 404
    assert alice.client.delete(f"/api/analysis/{analysis.pk}/share").status_code == 204


def test_an_expired_link_is_gone(link, anonymous):
    ShareLink.objects.update(expires_at=timezone.now())
    assert anonymous.get(f"/share/{link['token']}").status_code == 404


def test_a_link_goes_with_its_analysis(link, anonymous, analysis):
    analysis.delete()
    assert anonymous.get(f"/share/{link['token']}").status_code == 404


@pytest.mark.parametrize("token", ["x", "0" * 43, "a" * 5000, "%00", "%ed%a0%80"])
def test_what_is_no_token_is_not_found(link, anonymous, token):
    assert anonymous.get(f"/share/{token}").status_code == 404


def test_a_link_only_reads(link, anonymous):
    assert anonymous.post(f"/share/{link['token']}").status_code == 405
    assert anonymous.get(f"/api/analysis/{link['token']}").status_code in (401, 404)


def test_links_belong_to_a_paid_plan(alice, analysis):
    answer = share(alice, analysis)
    assert answer.status_code == 402
    assert answer.json()["error"]["code"] == "plan_limit"
    assert not ShareLink.objects.exists()


def test_an_account_that_falls_back_shares_what_its_plan_shows(link, anonymous, account):
    account.subscription.delete()
    text = anonymous.get(f"/share/{link['token']}").content.decode()
    assert "4 more issues" in text


def test_strangers_and_viewers_make_and_revoke_no_links(bob, charlie, pro, analysis):
    url = f"/api/analysis/{analysis.pk}/share"
    assert share(charlie, analysis).status_code == 404
    assert charlie.client.delete(url).status_code == 404
    assert bob.client.delete(url).status_code == 403
