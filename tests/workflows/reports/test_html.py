"""The HTML export: whole in itself, closed to everything, honest about what it does not show."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from apps.workflows.analysis.engine import Analysis
from apps.workflows.inspection import inspect_document
from apps.workflows.platforms.base import MalformedJson
from apps.workflows.reports import formats, html, report
from apps.workflows.reports.run import Entry, Run
from apps.workflows.samples import NAMES, sample
from tests.workflows.reports.test_reports import hostile_definition


class Page(HTMLParser):
    """The page's elements, attributes and text; fails on a tag that is closed out of turn."""

    VOID = frozenset({"meta", "rect", "path", "circle"})

    def __init__(self, source: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(source)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.text += data


def analysis(document: object) -> Analysis:
    (item,) = inspect_document(document)
    assert item.analysis is not None
    return item.analysis


def page(*found: Analysis) -> Page:
    return Page(html.render(Run([Entry("flow.json", each) for each in found], len(found))))


@pytest.fixture(scope="module")
def hostile() -> Page:
    return page(analysis(hostile_definition()))


def test_every_sample_shows_score_issues_remedies_and_what_was_not_checked():
    for name in NAMES:
        found = analysis(sample(name))
        shown = page(found)
        assert found.score is not None
        assert f"{found.score.value}" in shown.text
        for finding in found.findings:
            assert finding.title in shown.text
            assert finding.remedy in shown.text
        assert all(skipped.rule_id in shown.text for skipped in found.not_checked)


def test_the_picture_is_within():
    drawn = page(analysis(sample("medium")))
    assert sum("data-node" in attributes for _, attributes in drawn.found) == 14


def test_nothing_is_loaded_and_nothing_runs(hostile):
    tags = {tag for tag, _ in hostile.found}
    assert not tags & {"script", "link", "img", "iframe", "object", "form", "use", "image"}
    for _, attributes in hostile.found:
        assert "style" not in attributes
        assert "src" not in attributes
        assert not [name for name in attributes if name.startswith("on")]
        assert (attributes.get("href") or "#").startswith("#")


def test_hostile_names_stay_text(hostile):
    assert "<script>alert(1)</script>" in hostile.text


def test_the_policy_allows_the_page_s_own_styles_and_nothing_else(hostile):
    (policy,) = [a["content"] for tag, a in hostile.found if "http-equiv" in a]
    assert policy == html.content_policy()
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_styles_load_nothing_and_do_not_end_the_element():
    assert not re.search(r"@import|url\(|</", html._styles())


def test_several_workflows_get_contents_and_errors_are_said():
    entries = [
        Entry("a.json", analysis(sample("medium"))),
        Entry("b.json", error=MalformedJson("Not valid JSON.")),
    ]
    shown = Page(html.render(Run(entries, 2)))
    links = [a["href"] for tag, a in shown.found if tag == "a"]
    assert links == ["#w1", "#w2"]
    assert "b.json: not analysed" in shown.text


def test_a_workflow_without_its_steps_has_no_score_and_says_so():
    shown = page(analysis({"workflows": [{"id": "1", "name": "Known by name", "status": "draft",
                                          "version": 1, "locationId": "x"}]}))  # fmt: skip
    assert "No score" in shown.text


@pytest.mark.parametrize("name", sorted(set(formats()) - {"junit"}))
def test_what_is_withheld_is_counted_in_every_format(name):
    found = analysis(sample("medium"))
    less = replace(found, findings=found.findings[:3], withheld=found.findings[3:])
    out = report(name).render(Run([Entry("a.json", less)], 1))
    assert all(finding.rule_id in out for finding in less.findings)
    assert "4 more issues" in out or '"hiddenIssues": 4' in out
    assert less.withheld[0].message not in out


def test_a_reader_of_everything_reads_nothing_of_hidden_issues():
    assert "more issue" not in page(analysis(sample("medium"))).text
