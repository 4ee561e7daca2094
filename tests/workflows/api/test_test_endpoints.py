"""The /test endpoints: there only where the deployment says so."""

import pytest

PATHS = ["/test/workflows", "/test/history", "/test/health"]


@pytest.fixture
def enabled(settings):
    settings.ENABLE_TEST_ENDPOINTS = True


@pytest.mark.parametrize("path", PATHS)
def test_they_are_not_found_by_default(anonymous, settings, path):
    settings.ENABLE_TEST_ENDPOINTS = False
    assert anonymous.get(path).status_code == 404
    assert anonymous.post("/test/analyze", {"sample": "medium"}, format="json").status_code == 404
    assert anonymous.delete("/test/history").status_code == 404


@pytest.mark.parametrize(
    ("name", "score", "issues", "grade"),
    [
        ("critical", 0, 12, "Critical"),
        ("medium", 22, 7, "High Risk"),
        ("healthy", 94, 2, "Excellent"),
    ],
)
def test_the_samples_score_as_promised(anonymous, enabled, name, score, issues, grade):
    data = anonymous.post("/test/analyze", {"sample": name}, format="json").json()["data"]
    assert (data["healthScore"], data["summary"]["total"], data["grade"]) == (score, issues, grade)
    assert len(data["issues"]) == issues
    assert data["hiddenIssues"] == 0


def test_the_samples_are_listed_and_can_be_sent_back(anonymous, enabled):
    rows = anonymous.get("/test/workflows").json()["data"]
    assert [row["id"] for row in rows] == ["critical", "medium", "healthy"]
    answer = anonymous.post("/test/analyze", {"definition": rows[1]["definition"]}, format="json")
    assert answer.json()["data"]["healthScore"] == 22


def test_the_history_is_kept_apart_and_cleared(anonymous, alice, enabled):
    anonymous.post("/test/analyze", {"sample": "healthy"}, format="json")
    assert len(anonymous.get("/test/history").json()["data"]) == 1
    assert alice.client.get("/api/history").json()["data"] == []
    assert anonymous.delete("/test/history").json()["data"] == {"deleted": 1}
    assert anonymous.get("/test/history").json()["data"] == []


def test_clearing_leaves_the_accounts_analyses_alone(anonymous, enabled, alice, analysis):
    assert anonymous.delete("/test/history").status_code == 200
    assert alice.client.get(f"/api/analysis/{analysis.pk}").status_code == 200


@pytest.mark.parametrize(
    "body", [{}, {"sample": "none"}, {"sample": "medium", "definition": {}}, {"definition": 1}]
)
def test_a_wrong_body_is_400(anonymous, enabled, body):
    assert anonymous.post("/test/analyze", body, format="json").status_code == 400


def test_health_counts_rules_and_samples(anonymous, enabled):
    data = anonymous.get("/test/health").json()["data"]
    assert data["status"] == "ok"
    assert data["samples"] == 3
