"""Every rule's page, from its one text: the page is whole, Bad is reported and Good is not."""

import json

import pytest

from apps.workflows.analysis.graph import PLATFORMS
from apps.workflows.analysis.rule import Rule, parse_page
from apps.workflows.analysis.rules import all_rules
from apps.workflows.inspection import inspect_document
from apps.workflows.platforms import detect

RULES = list(all_rules().values())


def reported(text: str) -> set[str]:
    return {
        finding.rule_id
        for item in inspect_document(json.loads(text))
        if item.analysis is not None
        for finding in item.analysis.findings
    }


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_bad_examples_are_reported_and_good_ones_are_not(rule: Rule):
    for example in rule.page.examples:
        assert (rule.id in reported(example.text)) != example.good, example.text


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_examples_are_of_a_platform_the_rule_is_for(rule: Rule):
    assert set(rule.platforms) <= set(PLATFORMS)
    for example in rule.page.examples:
        found = detect(example.definition)
        assert found in rule.platforms
        assert example.platform in ("", found)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_page_reads_as_sentences(rule: Rule):
    page = rule.page
    assert 5 <= len(page.title) <= 80
    assert not page.title.endswith(".")
    assert rule.impact.endswith((".", "?"))
    assert rule.remedy.endswith(".")
    assert rule.step_checks or rule.text_checks or rule.graph_checks


@pytest.mark.parametrize(
    "doc",
    [
        "",
        "Title.",
        "Title.\n\n## Why it matters\nx\n\n## Bad\n    {}\n\n## Good\n    {}",
        "Title.\n\n## Why it matters\nx\n\n## How to fix\ny\n\n## Good\n    {}",
        "Title.\n\n## Why it matters\nx\n\n## How to fix\ny\n\n## Bad\n    {}",
        "Title.\n\n## Why\nx\n\n## How to fix\ny\n\n## Bad\n    {}\n\n## Good\n    {}",
    ],
)
def test_a_page_with_a_part_missing_is_refused(doc: str):
    with pytest.raises(ValueError, match=r"page|heading"):
        parse_page(doc)


def test_a_page_may_have_examples_for_several_platforms():
    page = parse_page(
        "Title.\n\n## Why it matters\nx\n\n## How to fix\ny\n\n"
        "## Bad (n8n)\n    {}\n\n## Good (n8n)\n    {}\n\n## Bad (make)\n    []\n"
    )
    assert [(e.good, e.platform, e.text) for e in page.examples] == [
        (False, "n8n", "{}"),
        (True, "n8n", "{}"),
        (False, "make", "[]"),
    ]
