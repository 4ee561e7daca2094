"""The page about quality is made the same way every time, and from judged findings only."""

from collections import Counter
from pathlib import Path

import pytest

from apps.workflows.analysis.findings import NotChecked
from apps.workflows.analysis.rules import all_rules
from apps.workflows.inspection import inspect_document
from apps.workflows.samples import NAMES, sample
from tests.judging import (
    MOST_PER_RULE,
    SIZE,
    VERDICTS,
    WRONG_LIMIT,
    Judgement,
    UnjudgedError,
    draw,
    judged,
    judgements,
)
from tests.published import RATES
from tests.quality import cell, comparison, failed, interval, page, shortened
from tests.workflows.corpus import Analysed

ROOT = Path(__file__).resolve().parents[2]


def analysed(file, document):
    return [Analysed(file, item.analysis, item.error) for item in inspect_document(document)]


@pytest.fixture(scope="module")
def corpus():
    """The samples and the examples of the rules’ pages, as if they were collections."""
    found: dict = {"n8n": [], "node-red": [], "make": [], "highlevel": []}
    for name in NAMES:
        found["highlevel"] += analysed(f"{name}.json", sample(name))
    for rule in all_rules().values():
        for number, example in enumerate(rule.page.examples):
            if example.platform in ("", *found):
                for item in analysed(f"{rule.id}-{number}.json", example.definition):
                    found[item.analysis.graph.platform].append(item)
    return found


def verdicts(drawn, verdict="right"):
    known: dict = {}
    for item in drawn:
        row = Judgement(item.finding.rule_id, verdict, "looked at")
        known.setdefault(item.file, {})[item.finding.fingerprint] = row
    return known


def test_the_page_counts_every_collection_and_lists_the_sample(corpus):
    text = page(corpus, verdicts(draw(corpus)))
    for name in ("Noise", "Score", "Node-RED", "Make", "HighLevel", "A judged sample"):
        assert f"\n## {name}\n" in text
    assert f"- {len(corpus['n8n'])} n8n templates from enescingoz/awesome-n8n-templates" in text
    assert f"{SIZE} findings, each judged by opening the file: {SIZE} right, 0 wrong" in text
    assert text.count("| looked at |") == SIZE
    assert all(f"| {rule.id} |" in text for rule in all_rules().values() if "n8n" in rule.platforms)


def test_the_page_is_the_same_every_time_and_names_no_place_of_this_machine(corpus):
    known = verdicts(draw(corpus))
    text = page(corpus, known)
    assert text == page({name: items[::-1] for name, items in corpus.items()}, known)
    assert str(ROOT) not in text
    assert str(Path.home()) not in text


def test_the_page_can_do_without_a_collection(corpus):
    assert "No workflow was scored." in page({}, {})
    few = {"highlevel": corpus["highlevel"]}
    assert "On 0 workflows" in page(few, verdicts(draw(few)))


def test_a_rule_that_failed_is_named(corpus):
    assert failed(corpus) == []
    analysis = inspect_document(sample("healthy"))[0].analysis
    assert analysis
    analysis.not_checked.append(NotChecked("the rule failed (KeyError)", "sms-segments"))
    assert failed({"highlevel": [Analysed("x.json", analysis)]}) == ["sms-segments"]


def test_every_rule_has_its_turn_before_one_comes_again(corpus):
    drawn = [item.finding.rule_id for item in draw(corpus, 1_000)]
    rules = set(drawn)
    assert set(drawn[: len(rules)]) == rules
    assert max(Counter(drawn).values()) <= MOST_PER_RULE
    assert [item.lot for item in draw(corpus)] == [item.lot for item in draw(corpus, 1_000)][:SIZE]


def test_a_drawn_finding_without_a_verdict_is_named(corpus):
    drawn = draw(corpus)
    known = verdicts(drawn[1:])
    with pytest.raises(UnjudgedError, match=r"^1 drawn findings have no verdict") as caught:
        judged(drawn, known)
    assert f"{drawn[0].file} {drawn[0].finding.fingerprint}" in str(caught.value)


def test_verdicts_are_whole_and_few_findings_are_wrong():
    rows = [row for found in judgements().values() for row in found.values()]
    assert len(rows) >= SIZE
    for row in rows:
        assert row.verdict in VERDICTS
        assert row.rule in all_rules()
        assert 0 < len(row.why) < 140
    wrong = sum(row.verdict == "wrong" for row in rows)
    assert wrong <= WRONG_LIMIT * len(rows)


def test_published_rates_are_of_n8n_rules_each_named_once():
    named = [rule_id for rate in RATES for rule_id in rate.rules]
    assert len(named) == len(set(named))
    assert all("n8n" in all_rules()[rule_id].platforms for rule_id in named)
    assert all(0 <= rate.low <= rate.high <= 100 for rate in RATES)


def test_a_rate_is_compared_on_the_workflows_it_is_about(corpus):
    [live] = [rate for rate in RATES if rate.rules == ("no-error-workflow",)]
    found = [item.analysis for item in corpus["n8n"]]
    active = [analysis for analysis in found if analysis.graph.active]
    _, ours, reading = comparison(live, found)
    assert f" of {len(active)}, " in ours
    assert reading.partition(":")[0] in ("above", "within", "below")


@pytest.mark.parametrize(
    ("hits", "of", "inside", "outside"),
    [(0, 334, 0.9, 2), (36, 36, 98, 85), (3, 334, 1.8, 5), (7, 334, 2.1, 7), (0, 0, 100, 101)],
)
def test_the_interval_allows_for_chance_only(hits, of, inside, outside):
    low, high = interval(hits, of)
    assert low <= inside <= high
    assert not low <= outside <= high


def test_what_others_wrote_stays_text_in_the_table():
    assert cell("a | b\nc <b>*x*</b> `d`") == "a \\| b c &lt;b>\\*x\\*&lt;/b> \\`d\\`"
    assert cell("[x](javascript:y)") == "\\[x](javascript:y)"
    assert len(shortened("word " * 100)) < 210
    assert shortened("short") == "short"
