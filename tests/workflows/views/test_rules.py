"""The pages of the rules."""

import re

import pytest

from apps.workflows.analysis.rules import all_rules


def test_list_shows_every_rule(visitor):
    page = visitor.get("/rules").content.decode()
    assert all(f'href="/rules/{rule_id}"' in page for rule_id in all_rules())


@pytest.mark.parametrize(
    ("query", "some", "none"),
    [
        ("q=loop", "loop-without-exit", "sms-segments"),
        ("platform=make", "rollback-with-autocommit", "sms-segments"),
        ("severity=critical", "loop-without-exit", "sms-segments"),
        ("category=messaging", "sms-segments", "loop-without-exit"),
        ("q=LOOP+exit&severity=critical", "loop-without-exit", "loop-without-wait"),
    ],
)
def test_list_is_narrowed(visitor, query, some, none):
    page = visitor.get(f"/rules?{query}").content.decode()
    assert f'href="/rules/{some}"' in page
    assert f'href="/rules/{none}"' not in page


@pytest.mark.parametrize("query", ["q=zzzz", "platform=cobol", "severity=%00", "q=" + "x" * 5000])
def test_nothing_fitting_says_so(visitor, query):
    assert "No rule fits all of that" in visitor.get(f"/rules?{query}").content.decode()


@pytest.mark.parametrize("rule_id", all_rules())
def test_page_of_every_rule_has_its_examples_with_pictures(visitor, rule_id):
    answer = visitor.get(f"/rules/{rule_id}")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Why it matters" in page
    examples = all_rules()[rule_id].page.examples
    assert page.count('class="card example"') == len(examples)
    bad = re.search(r"<h2>Bad</h2>(.*?)<h2>Good</h2>", page, re.DOTALL)
    assert bad
    assert "<svg" in bad[1] or rule_id == "empty-workflow"
    assert len(answer.content) < 300_000


@pytest.mark.parametrize("rule_id", ["nope", "%00", "loop_without_exit", "x" * 500])
def test_unknown_rule_is_not_found(visitor, rule_id):
    assert visitor.get(f"/rules/{rule_id}").status_code == 404
