"""Every rule is shown to fire and to stay silent on each platform that it is for."""

import json
from typing import Any

import pytest

from apps.workflows.analysis.rules import all_rules
from apps.workflows.platforms import detect
from tests.workflows.analysis.builders import findings
from tests.workflows.analysis.platform_cases import CASES

PAIRS = [(rule.id, platform) for rule in all_rules().values() for platform in rule.platforms]


def examples(rule_id: str, platform: str) -> tuple[list[Any], list[Any]]:
    """What breaks the rule on this platform, and what does not."""
    bad: list[Any] = []
    good: list[Any] = []
    for example in all_rules()[rule_id].page.examples:
        definition = json.loads(example.text)
        if detect(definition) == platform:
            (good if example.good else bad).append(definition)
    if case := CASES.get((rule_id, platform)):
        bad.append(case[0])
        good.append(case[1])
    return bad, good


@pytest.mark.parametrize(("rule_id", "platform"), PAIRS, ids=[" on ".join(pair) for pair in PAIRS])
def test_a_rule_fires_and_stays_silent_on_each_of_its_platforms(rule_id, platform):
    bad, good = examples(rule_id, platform)
    assert bad, "nothing shows that it fires here"
    assert good, "nothing shows that it stays silent here"
    for definition in (*bad, *good):
        assert detect(definition) == platform
    for definition in bad:
        assert findings(definition, rule_id), definition
    for definition in good:
        assert findings(definition, rule_id) == [], definition


def test_every_case_is_for_a_rule_of_its_platform():
    assert set(CASES) <= set(PAIRS)
