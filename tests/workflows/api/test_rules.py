"""GET /api/rules: the catalogue."""

from apps.workflows.analysis.rules import all_rules


def test_the_catalogue_lists_every_rule_for_anyone(anonymous):
    rows = anonymous.get("/api/rules").json()["data"]
    assert [row["id"] for row in rows] == sorted(all_rules())
    for row in rows:
        assert {"title", "severity", "category", "platforms", "why", "howToFix"} <= set(row)
        assert row["badExample"] != row["goodExample"]


def test_one_rule_is_found_by_its_id(anonymous):
    answer = anonymous.get("/api/rules/loop-without-exit")
    assert answer.status_code == 200
    assert answer.json()["data"]["severity"] == "critical"


def test_an_unknown_rule_is_404(anonymous):
    answer = anonymous.get("/api/rules/loop-without-exti")
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not_found"
