"""An analysis as a file in every format."""

from __future__ import annotations

import csv
import io
import json
import re
from xml.etree import ElementTree as ET

import pytest

from apps.workflows.models import WorkflowVersion
from apps.workflows.samples import sample
from apps.workflows.services import analysis_create

TYPES = {
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "sarif": "application/sarif+json",
    "markdown": "text/markdown; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "svg": "image/svg+xml; charset=utf-8",
}


def fetch(person, analysis, kind, **headers):
    return person.client.get(f"/api/analysis/{analysis.pk}/report?format={kind}", **headers)


@pytest.mark.parametrize("kind", TYPES)
def test_every_format_is_a_file_of_its_type_with_a_safe_name(alice, pro, analysis, kind):
    answer = fetch(alice, analysis, kind)
    assert answer.status_code == 200
    assert answer["Content-Type"] == TYPES[kind]
    way, name = answer["Content-Disposition"].split("; ")
    assert way == ("inline" if kind in ("html", "svg") else "attachment")
    assert re.fullmatch(r'filename="webinar-follow-up-report\.[a-z.]+"', name)
    text = answer.content.decode()
    assert all(issue["ruleId"] in text for issue in analysis.findings["issues"])


def test_the_files_parse_as_what_they_say_they_are(alice, pro, analysis):
    read = {kind: fetch(alice, analysis, kind).content.decode() for kind in TYPES}
    result = json.loads(read["json"])["results"][0]
    assert (result["healthScore"], len(result["issues"])) == (22, 7)
    assert len(json.loads(read["sarif"])["runs"][0]["results"]) == 7
    assert len(list(csv.reader(io.StringIO(read["csv"])))) == 8
    assert sum("data-node" in each.attrib for each in ET.fromstring(read["svg"]).iter()) == 14
    assert "data-node" in read["html"]


def test_without_a_format_it_is_json(alice, analysis):
    answer = alice.client.get(f"/api/analysis/{analysis.pk}/report")
    assert answer["Content-Type"] == "application/json"


@pytest.mark.parametrize("kind", TYPES)
def test_the_free_plan_shows_three_issues_and_counts_the_rest(alice, analysis, kind):
    text = fetch(alice, analysis, kind).content.decode()
    shown, hidden = analysis.findings["issues"][:3], analysis.findings["issues"][3:]
    assert all(issue["ruleId"] in text for issue in shown)
    assert not any(issue["message"] in text for issue in hidden)
    assert "4 more issues" in text or '"hiddenIssues": 4' in text
    if kind == "json":
        assert json.loads(text)["results"][0]["summary"]["total"] == 7


@pytest.mark.parametrize("kind", ["pdf", "HTML", "text", "junit", "../svg"])
def test_an_unknown_format_is_refused(alice, analysis, kind):
    answer = fetch(alice, analysis, kind)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "validation_error"


@pytest.mark.parametrize("kind", ["html", "svg"])
def test_what_a_browser_shows_may_run_and_load_nothing(alice, analysis, kind):
    policy = fetch(alice, analysis, kind)["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "script" not in policy


@pytest.mark.parametrize(
    ("kind", "accept", "status"),
    [
        ("html", "text/html", 200),
        ("html", "text/html,application/xhtml+xml,*/*;q=0.8", 200),
        ("html", "application/json", 200),
        ("sarif", "application/sarif+json", 200),
        ("svg", "image/*", 200),
        ("csv", "image/png", 406),
        ("json", "text/html", 406),
    ],
)
def test_what_the_caller_accepts_counts(alice, analysis, kind, accept, status):
    assert fetch(alice, analysis, kind, HTTP_ACCEPT=accept).status_code == status


@pytest.mark.parametrize("kind", TYPES)
def test_a_report_without_its_definition_still_says_all_it_knows(alice, pro, analysis, kind):
    WorkflowVersion.objects.all().delete()
    answer = fetch(alice, analysis, kind)
    assert answer.status_code == 200
    assert ("Webinar follow-up" in answer.content.decode()) is True


def test_a_hostile_name_reaches_no_header(alice):
    definition = {**sample("healthy")}
    definition["workflow"] = {**definition["workflow"], "name": 'a"\r\nX-Evil: 1/../\u202e漢.exe'}
    answer = fetch(alice, analysis_create(account=alice.account, definition=definition), "csv")
    assert answer["Content-Disposition"] == 'attachment; filename="a-x-evil-1-exe-report.csv"'
    assert "X-Evil" not in answer.headers
