"""POST /api/analyze and what it leaves behind."""

import json
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.workflows.models import Analysis, Workflow
from apps.workflows.samples import sample

KEYS = {
    "analysisId", "workflow", "healthScore", "grade", "summary", "categories", "scoreBreakdown",
    "issues", "notChecked", "coverage", "hiddenIssues", "upgrade", "durationMs", "createdAt",
}  # fmt: skip


def analyze(person, definition, **more):
    return person.client.post("/api/analyze", {"definition": definition, **more}, format="json")


def test_a_definition_is_analysed_and_kept(alice, definition):
    answer = analyze(alice, definition)
    assert answer.status_code == 200
    data = answer.json()["data"]
    assert set(data) == KEYS
    assert data["healthScore"] == 22
    assert data["grade"] == "High Risk"
    assert data["summary"]["total"] == 7
    assert data["summary"]["suppressed"] == 0
    kept = Analysis.objects.get(pk=data["analysisId"])
    assert kept.account == alice.account
    assert kept.created_by == alice.user
    assert data["workflow"]["id"] == str(kept.workflow_id)
    assert data["workflow"]["platform"] == "highlevel"


def test_the_free_plan_shows_the_three_gravest_and_counts_the_rest(alice, definition):
    data = analyze(alice, definition).json()["data"]
    assert [issue["severity"] for issue in data["issues"]] == ["critical", "high", "high"]
    assert data["hiddenIssues"] == 4
    assert set(data["upgrade"]) == {"message", "url"}
    assert sum(row["count"] for row in data["scoreBreakdown"]) == 7


def test_the_pro_plan_shows_everything(alice, pro, definition):
    data = analyze(alice, definition).json()["data"]
    assert len(data["issues"]) == 7
    assert data["hiddenIssues"] == 0
    assert data["upgrade"] is None


def test_every_path_is_a_walk_that_ends_at_the_step(alice, pro, definition):
    for issue in analyze(alice, definition).json()["data"]["issues"]:
        assert set(issue) >= {"ruleId", "nodeIds", "path", "impact", "remedy", "fingerprint"}
        assert issue["docsUrl"] == f"/rules/{issue['ruleId']}"
        assert not issue["nodeIds"] or issue["path"]


def test_the_same_workflow_twice_is_one_workflow_and_two_analyses(alice, definition):
    first, second = analyze(alice, definition), analyze(alice, definition)
    assert first.json()["data"]["workflow"] == second.json()["data"]["workflow"]
    assert Workflow.objects.count() == 1
    assert Analysis.objects.count() == 2


def test_two_accounts_never_share_a_workflow(alice, charlie, definition):
    analyze(alice, definition)
    analyze(charlie, definition)
    assert Workflow.objects.filter(account=alice.account).count() == 1
    assert Workflow.objects.filter(account=charlie.account).count() == 1


def test_a_rule_switched_off_is_not_reported(alice, pro, definition):
    before = analyze(alice, definition).json()["data"]
    rule_id = before["issues"][0]["ruleId"]
    after = analyze(alice, definition, settings={"rules": {rule_id: "off"}}).json()["data"]
    assert rule_id not in {issue["ruleId"] for issue in after["issues"]}
    assert after["healthScore"] >= before["healthScore"]


def test_a_severity_can_be_changed(alice, pro, definition):
    rule_id = analyze(alice, definition).json()["data"]["issues"][0]["ruleId"]
    after = analyze(alice, definition, settings={"rules": {rule_id: "info"}}).json()["data"]
    changed = [issue for issue in after["issues"] if issue["ruleId"] == rule_id]
    assert {issue["severity"] for issue in changed} == {"info"}


@pytest.mark.parametrize(
    ("body", "status", "code", "field"),
    [
        ({}, 400, "validation_error", "definition"),
        ({"definition": 5}, 400, "validation_error", "definition"),
        ({"definition": None}, 400, "validation_error", "definition"),
        ({"definition": "x"}, 400, "validation_error", "definition"),
        ({"definition": {}}, 422, "unsupported_definition", "definition"),
        ({"definition": []}, 422, "unsupported_definition", "definition"),
        ({"definition": {"hello": 1}}, 422, "unsupported_definition", "definition"),
        ({"definition": {}, "platform": "zapier"}, 400, "validation_error", "platform"),
        (
            {"definition": {}, "settings": {"rules": {"loop-without-exti": "off"}}},
            400, "validation_error", "settings.rules.loop-without-exti",
        ),
        (
            {"definition": {}, "settings": {"rules": {"loop-without-exit": "loud"}}},
            400, "validation_error", "settings.rules.loop-without-exit",
        ),
        ({"definition": {}, "settings": {"rules": []}}, 400, "validation_error", "settings.rules"),
    ],
)  # fmt: skip
def test_a_wrong_request_says_what_and_where(alice, body, status, code, field):
    answer = alice.client.post("/api/analyze", body, format="json")
    assert answer.status_code == status
    error = answer.json()["error"]
    assert error["code"] == code
    assert error["details"][0]["field"] == field
    assert not Analysis.objects.exists()


def test_an_unknown_rule_suggests_the_nearest(alice):
    body = {"definition": {}, "settings": {"rules": {"loop-without-exti": "off"}}}
    error = alice.client.post("/api/analyze", body, format="json").json()["error"]
    assert "Did you mean loop-without-exit?" in error["message"]


def test_the_wrong_platform_says_what_it_looks_like(alice, definition):
    answer = analyze(alice, definition, platform="n8n")
    assert answer.status_code == 422
    assert "looks like HighLevel" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    "body",
    [b"{", b"", b"[1,", b'{"definition": NaN}', b'{"definition": ' + b"[" * 10_000 + b"]" * 10_000],
)
def test_a_broken_body_is_malformed_json(alice, body):
    answer = alice.client.generic("POST", "/api/analyze", body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] in ("malformed_json", "validation_error")


def test_lone_surrogates_and_nul_do_no_harm(alice):
    text = json.dumps({"definition": sample("medium")}).replace("Webinar", r"\ud800\u0000")
    answer = alice.client.generic("POST", "/api/analyze", text, content_type="application/json")
    assert answer.status_code == 200
    assert alice.client.get("/api/history").status_code == 200


def test_an_id_longer_than_any_column_is_kept_apart(alice, definition):
    definition["workflow"]["_id"] = "x" * 5000
    first = analyze(alice, definition)
    definition["workflow"]["_id"] = "x" * 4999 + "y"
    second = analyze(alice, definition)
    assert first.status_code == second.status_code == 200
    assert first.json()["data"]["workflow"]["id"] != second.json()["data"]["workflow"]["id"]


def test_a_viewer_may_look_but_not_analyse(bob, analysis, definition):
    assert analyze(bob, definition).status_code == 403
    assert bob.client.get(f"/api/analysis/{analysis.pk}").status_code == 200
    assert bob.client.delete(f"/api/analysis/{analysis.pk}").status_code == 403


def test_a_stranger_does_not_find_anothers_analysis(charlie, analysis):
    assert charlie.client.get(f"/api/analysis/{analysis.pk}").status_code == 404
    assert charlie.client.delete(f"/api/analysis/{analysis.pk}").status_code == 404
    assert Analysis.objects.filter(pk=analysis.pk).exists()


def test_an_analysis_can_be_read_again_and_deleted(alice, pro, analysis):
    url = f"/api/analysis/{analysis.pk}"
    assert len(alice.client.get(url).json()["data"]["issues"]) == 7
    answer = alice.client.delete(url)
    assert (answer.status_code, answer.content) == (204, b"")
    assert alice.client.get(url).status_code == 404
    assert alice.client.get(f"/api/analysis/{uuid.uuid4()}").status_code == 404
    assert alice.client.get("/api/analysis/no-uuid").status_code == 404


def test_history_is_newest_first_without_issues_and_by_page(alice, definition):
    ids = [analyze(alice, definition).json()["data"]["analysisId"] for _ in range(3)]
    answer = alice.client.get("/api/history?pageSize=2").json()
    assert [row["analysisId"] for row in answer["data"]] == ids[:0:-1]
    assert answer["meta"]["pagination"] == {"page": 1, "pageSize": 2, "total": 3, "pages": 2}
    assert "issues" not in answer["data"][0]
    assert alice.client.get("/api/history?pageSize=2&page=3").status_code == 404
    assert alice.client.get("/api/history?pageSize=0").status_code == 400


def test_history_is_filtered(alice, definition):
    workflow = analyze(alice, definition).json()["data"]["workflow"]["id"]
    analyze(alice, sample("healthy"))

    def total(query: str) -> int:
        return alice.client.get(f"/api/history?{query}").json()["meta"]["pagination"]["total"]

    assert total(f"workflow={workflow}") == 1
    assert total(f"workflow={uuid.uuid4()}") == 0
    assert total("grade=Excellent") == 1
    assert total("since=2020-01-01T00:00:00Z") == 2
    assert total("since=2199-01-01T00:00:00Z") == 0
    for wrong in ("workflow=1", "grade=Fine", "since=yesterday"):
        assert alice.client.get(f"/api/history?{wrong}").status_code == 400


def test_a_read_takes_a_bounded_number_of_queries(alice, analysis, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        alice.client.get("/api/history")
    with django_assert_max_num_queries(6):
        alice.client.get(f"/api/analysis/{analysis.pk}")


def test_history_leaves_the_issues_where_they_are(alice, analysis):

    with CaptureQueriesContext(connection) as queries:
        assert alice.client.get("/api/history").status_code == 200
    assert not any('"findings"' in query["sql"] for query in queries)


def test_row_of_the_history_counts_what_the_plan_hides(alice, analysis):
    [row] = alice.client.get("/api/history").json()["data"]
    assert row["hiddenIssues"] == row["summary"]["total"] - 3
    assert row["upgrade"]["url"]
    assert row["scoreBreakdown"]


def test_name_beyond_any_column_is_cut(alice, definition):
    definition["workflow"]["name"] = "n" * 1_000_000
    data = analyze(alice, definition).json()["data"]
    assert data["workflow"]["name"] == "n" * 500
    assert Workflow.objects.get().name == "n" * 500


def test_walks_of_a_long_chain_stay_bounded(alice, pro):
    steps = [
        {"id": f"s{i}", "type": "sms", "next": f"s{i + 1}", "attributes": {"body": ""}}
        for i in range(3000)
    ]
    body = {"name": "Long", "status": "published", "workflowData": {"templates": steps}}
    answer = analyze(alice, body)
    assert answer.status_code == 200
    assert len(answer.content) < 20_000_000
