"""Whatever is sent, the answer is JSON in the envelope and never a fault of ours."""

import json
import uuid
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from apps.workflows.models import Analysis, Workflow
from apps.workflows.samples import sample

DEEP: Any = {}
for _ in range(150):
    DEEP = {"severity": DEEP}
LONG = "x" * 1_000_000
GIVEN = "d89ff212-5c1e-4a6f-9d3b-2f7f0f6f1a11"

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def told(answer: Any) -> int:
    """The status, once it is sure that the answer has the shape every answer has."""
    assert answer.status_code < 500, answer.content[:500]
    assert answer["Content-Type"] == "application/json"
    body = answer.json()
    assert body["meta"]["requestId"] == answer["X-Request-ID"]
    assert body["success"] is (answer.status_code < 400)
    if not body["success"]:
        assert set(body["error"]) == {"code", "message", "details"}
        assert len(answer.content) < 5_000
    status: int = answer.status_code
    return status


def send(client: APIClient, body: Any, path: str = "/api/analyze") -> int:
    text = body if isinstance(body, str) else json.dumps(body)
    return told(client.generic("POST", path, text, content_type="application/json"))


@pytest.mark.parametrize(
    "rules",
    [
        {"insecure-url": DEEP},
        {f"rule-{number}": "off" for number in range(200_000)},
        {LONG: "off"},
        {"insecure-url": LONG},
        {"\x00": "off"},
        {"excessive-complexity": {LONG: 1}},
        {"excessive-complexity": {"max_steps": True}},
        {"excessive-complexity": {"max_steps": "5"}},
        {"insecure-url": None},
        5,
        None,
        "off",
    ],
    ids=range(12),
)
def test_settings_of_rules_that_make_no_sense_are_400(alice, rules):
    body = {"definition": sample("healthy"), "settings": {"rules": rules}}
    assert send(alice.client, body) == 400
    assert not Analysis.objects.exists()


@pytest.mark.parametrize("number", ["1" * 300, "1" * 400, "1e308", "1e309", "-1", "NaN"])
def test_number_of_any_size_is_no_fault_as_an_option(alice, number):
    rules = f'{{"excessive-complexity": {{"max_steps": {number}}}}}'
    definition = json.dumps(sample("healthy"))
    body = f'{{"definition": {definition}, "settings": {{"rules": {rules}}}}}'
    assert send(alice.client, body) in (200, 400)


@pytest.mark.parametrize("field", ["platform", "name", "settings", "sample", "definition"])
@pytest.mark.parametrize("value", [5, [], {}, "", "\x00", "\ud800", LONG, True, [{}], "𝕏" * 500])
def test_value_of_any_type_in_any_field_is_no_fault(alice, anonymous, settings, field, value):
    settings.ENABLE_TEST_ENDPOINTS = True
    body = {"definition": sample("healthy"), field: value}
    send(alice.client, body)
    send(anonymous, body, "/test/analyze")


@pytest.mark.parametrize("key", ["name", "id", "_id", "status", "workflowData", "triggers"])
@pytest.mark.parametrize("value", [None, 5, "\x00\ud800", LONG, [], [1], {}, {"": None}, DEEP])
def test_definition_with_anything_anywhere_is_no_fault(alice, key, value):
    whole = sample("medium")
    assert send(alice.client, {"definition": {**whole, key: value}}) in (200, 400, 422)
    inside = {**whole, "workflow": {**whole["workflow"], key: value}}
    assert send(alice.client, {"definition": inside}) in (200, 400, 422)
    told(alice.client.get("/api/history?pageSize=100"))


@given(body=JSON)
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_json_is_no_fault(alice, body):
    send(alice.client, json.dumps(body))
    send(alice.client, json.dumps({"definition": body, "settings": {"rules": body}}))
    send(alice.client, json.dumps({"definition": {"nodes": body, "connections": body}}))
    send(alice.client, json.dumps({"definition": {"workflowData": {"templates": body}}}))


@pytest.mark.parametrize(
    "query",
    [
        *("page=%00", "page=1%00", "page=%FF", "page=" + "9" * 5000, "page=1e1", "page=0x1"),
        *("pageSize=%D9%A1", "pageSize=1000000", "pageSize=-0", "pageSize=+1", "pageSize=1%0A"),
        *("workflow=%00", "workflow[]=1", "grade=%00", "grade=Critical%00", "since=%00"),
        *("since=0001-01-01T00:00:00%2B14:00", "since=9999-12-31T23:59:59-14:00", "since=%ff"),
        *("%FF=%FF", "&&&=&", "a=1;b=2", "__proto__=1", "format=html", "version=9"),
    ],
)
def test_query_of_any_kind_is_no_fault(alice, anonymous, analysis, query):
    for path in ("/api/history", f"/api/analysis/{analysis.pk}"):
        assert told(alice.client.get(f"{path}?{query}")) in (200, 400, 404)
    assert told(anonymous.get(f"/api/rules?{query}")) in (200, 400, 404)


@pytest.mark.parametrize("name", ["%00", "%0d%0aX-Evil:%201", "..%2f..%2fetc", "%FF", "x" * 5000])
def test_path_of_any_kind_is_no_fault(alice, name):
    for path in ("/api/rules/", "/api/analysis/", "/api/", "/"):
        answer = alice.client.get(f"{path}{name}")
        assert told(answer) == 404
        assert "X-Evil" not in answer


@pytest.mark.parametrize(
    "given",
    [
        f"{GIVEN}\r\nX-Evil: 1",
        f"{GIVEN}\n",
        f" {GIVEN} ; x",
        "<script>",
        "{}",
        "\x1b[31m",
    ],
)
def test_request_id_carries_nothing_into_header_or_body(anonymous, given):
    answer = anonymous.get("/nope", HTTP_X_REQUEST_ID=given)
    assert told(answer) == 404
    assert uuid.UUID(answer["X-Request-ID"]).version == 4
    assert "X-Evil" not in answer


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "FOO", "post"])
def test_method_that_is_not_taken_is_405_with_those_that_are(alice, method):
    answer = alice.client.generic(method, "/api/analyze", b"{}", "application/json")
    if method == "post":
        assert told(answer) == 400
        return
    assert told(answer) == 405
    assert answer["Allow"] == "POST, OPTIONS"


@pytest.mark.parametrize("path", ["/api/analyze", "/api/history", "/api/rules", "/api/rules/x"])
def test_options_says_what_an_address_takes(alice, path):
    answer = alice.client.options(path)
    assert told(answer) == 200
    assert "OPTIONS" in answer.json()["data"]["methods"]


@pytest.mark.parametrize("path", ["/api/history", "/api/rules", "/live", "/test/health"])
def test_head_is_get_without_a_body(alice, settings, path):
    settings.ENABLE_TEST_ENDPOINTS = True
    answer = alice.client.head(path)
    assert (answer.status_code, answer.content) == (200, b"")


def test_stranger_reads_and_deletes_nothing_by_any_address(charlie, analysis):
    foreign = [analysis.pk, str(analysis.pk).upper(), f"{analysis.pk}%00", f"./{analysis.pk}"]
    for identity in foreign:
        for method in ("get", "delete", "head"):
            answer = getattr(charlie.client, method)(f"/api/analysis/{identity}")
            assert answer.status_code == 404
    query = f"workflow={analysis.workflow_id}"
    assert charlie.client.get(f"/api/history?{query}").json()["data"] == []
    assert Analysis.objects.filter(pk=analysis.pk).exists()


def test_stranger_who_names_anothers_workflow_gets_one_of_their_own(charlie, alice, analysis):
    answer = charlie.client.post("/api/analyze", {"definition": sample("medium")}, format="json")
    assert answer.json()["data"]["workflow"]["id"] != str(analysis.workflow_id)
    assert Workflow.objects.filter(account=alice.account).count() == 1
