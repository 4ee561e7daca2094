"""The account's severities and thresholds hold from its next analysis on."""

import pytest

from apps.workflows.models import RuleSettings
from apps.workflows.selectors import merged
from apps.workflows.selectors.choices import usable
from tests.workflows.api.asking import RULE, analyze, put, rules_in


def test_nothing_is_set_at_first(alice):
    data = alice.client.get("/api/settings/rules").json()["data"]
    assert data == {"rules": {}, "updatedAt": None}


def test_settings_are_replaced_as_a_whole(alice, charlie):
    assert put(alice, {RULE: "off", "insecure-url": "high"}).status_code == 200
    rules = {"excessive-complexity": {"severity": "low", "max_steps": 10}}
    data = put(alice, rules).json()["data"]
    assert data["rules"] == rules
    assert data["updatedAt"]
    assert alice.client.get("/api/settings/rules").json()["data"] == data
    assert charlie.client.get("/api/settings/rules").json()["data"]["rules"] == {}
    assert put(alice, {}).json()["data"]["rules"] == {}
    assert RuleSettings.objects.count() == 1


def test_settings_hold_for_every_analysis_of_the_account(alice, charlie, pro, definition):
    put(alice, {RULE: "off"})
    assert RULE not in rules_in(analyze(alice, definition=definition))
    assert RULE in rules_in(analyze(charlie, definition=definition))


def test_settings_of_a_call_go_over_those_of_the_account(alice, pro, definition):
    put(alice, {RULE: "off"})
    data = analyze(alice, definition=definition, settings={"rules": {RULE: "info"}})
    assert {row["severity"] for row in data["issues"] if row["ruleId"] == RULE} == {"info"}


def test_settings_are_laid_over_each_other_value_by_value():
    stored = {"a": "off", "b": {"severity": "low", "max": 3}, "c": "high"}
    sent = {"b": {"max": 5}, "c": {"min": 1}, "d": "low"}
    assert merged(stored, sent) == {
        "a": {"severity": "off"},
        "b": {"severity": "low", "max": 5},
        "c": {"severity": "high", "min": 1},
        "d": {"severity": "low"},
    }


def test_settings_of_a_rule_that_is_no_more_harm_nobody(alice, definition):
    RuleSettings.objects.create(
        account=alice.account,
        rules={
            "gone": "off",
            "excessive-complexity": {"gone": 1},
            "insecure-url": {"severity": "low"},
        },
    )
    assert usable(RuleSettings.objects.get().rules) == {"insecure-url": {"severity": "low"}}
    analyze(alice, definition=definition)


@pytest.mark.parametrize(
    ("rules", "field", "said"),
    [
        (
            {"loop-without-exti": "off"},
            "rules.loop-without-exti",
            "Did you mean loop-without-exit?",
        ),
        ({RULE: "loud"}, f"rules.{RULE}", "no level"),
        ({RULE: None}, f"rules.{RULE}", "no level"),
        ({RULE: {"max": 1}}, f"rules.{RULE}.max", "no option"),
        ([], "rules", "object"),
        ("off", "rules", "object"),
    ],
)
def test_wrong_settings_say_what_is_wrong_and_change_nothing(alice, rules, field, said):
    put(alice, {RULE: "off"})
    answer = put(alice, rules)
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert (error["code"], error["details"][0]["field"]) == ("validation_error", field)
    assert said in error["message"]
    assert RuleSettings.objects.get().rules == {RULE: "off"}
    assert alice.client.put("/api/settings/rules", {}, format="json").status_code == 400
