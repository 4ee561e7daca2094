"""The OpenAPI document tells the truth: every answer it lists is provoked and held against it."""

from __future__ import annotations

import copy
import dataclasses
import re
from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from apps.accounts.models import User
from apps.accounts.tokens import api_token_create
from apps.billing.models import Subscription
from apps.ops import envelope, errors
from apps.workflows.samples import sample
from tests.workflows.api.matrix import MATRIX, PUBLIC, UNDESCRIBED, pk_for
from tests.workflows.api.provoking import BODIES, CHANGES, PAID, PREPARE, QUERIES

DOCUMENT: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
OPERATIONS = {
    operation["operationId"]: (method, path, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
}
ANSWERS = [
    (name, int(status))
    for name, (_, _, operation) in OPERATIONS.items()
    for status in operation["responses"]
    # Those that need a signature or a Stripe are provoked in tests/webhooks and tests/billing.
    if status != "default" and not re.match("webhooks|subscription", name)
]


def strict(schema: Any) -> Any:
    """The schema with nothing allowed that it does not name."""
    if isinstance(schema, list):
        return [strict(inner) for inner in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: strict(inner) for key, inner in schema.items()}
    if isinstance(found.get("properties"), dict):
        found.setdefault("additionalProperties", False)
    return found


REGISTRY: Registry[Any] = Registry().with_resource(
    "urn:api", DRAFT202012.create_resource(strict(copy.deepcopy(DOCUMENT)))
)


def check(operation: str, answer: Any) -> None:
    """The answer's status is documented and its body is as described there."""
    method, path, described = OPERATIONS[operation]
    status = str(answer.status_code)
    if status not in described["responses"]:
        status = "default"
    if not described["responses"][status].get("content"):
        assert answer.content == b""
        return
    if "text/plain" in described["responses"][status]["content"]:
        assert answer["Content-Type"].startswith("text/plain")
        return
    assert answer["Content-Type"] == "application/json"
    pointer = f"/paths/{path.replace('/', '~1')}/{method}/responses/{status}"
    place = f"urn:api#{pointer}/content/application~1json/schema"
    validator = Draft202012Validator(
        {"$ref": place}, registry=REGISTRY, format_checker=Draft202012Validator.FORMAT_CHECKER
    )
    validator.validate(answer.json())


@pytest.fixture(autouse=True)
def enabled(settings):
    settings.ENABLE_TEST_ENDPOINTS = True


#: For staff alone.
WATCHED = {"metrics", "metrics_json", "performance", "endpoints", "redis"}


@pytest.fixture
def call(alice, anonymous, analysis, settings):
    """Sends an operation in such a way that the status is the answer to expect."""

    def send(operation: str, status: int) -> Any:
        method, path, _ = OPERATIONS[operation]
        sent = {"id": pk_for(path[1:], analysis), "rule_id": "insecure-url"}
        sent["query"] = QUERIES.get(operation, "").format(**sent)
        sent["body"] = BODIES.get(operation)
        sent |= CHANGES.get(status, {})
        if operation in PAID and status != 402:
            Subscription.objects.create(account=alice.account, plan="pro", state="active")
        # HighLevel is set up and does not answer; n8n is played on this machine.
        settings.ALLOW_PRIVATE_ADDRESSES = True
        settings.ENVIRONMENT = dataclasses.replace(
            settings.ENVIRONMENT,
            highlevel_client_id="" if status == 404 else "app-1",
            highlevel_api_base_url="http://127.0.0.1:9",
        )
        if prepare := PREPARE.get((operation, status)):
            sent |= prepare(alice)
        client = anonymous if status == 401 else alice.client
        if operation in WATCHED and status == 200:
            User.objects.update(is_staff=True)
        if status == 403 and prepare is None:
            _, plain = api_token_create(membership=alice.membership, name="x", scopes=[])
            client.credentials(HTTP_AUTHORIZATION=f"Bearer {plain}")
        settings.ENABLE_TEST_ENDPOINTS = status != 404
        settings.MAX_BODY_BYTES = 5 if status == 413 else settings.MAX_BODY_BYTES
        if status == 429:
            settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, (0, 60))
        if status == 503:
            settings.HEALTH_THRESHOLDS = {**settings.HEALTH_THRESHOLDS, "database": (0, 0)}
        return client.generic(
            method,
            path.format(**sent) + sent["query"],
            b"" if sent["body"] is None else envelope.to_json(sent["body"]),
            sent.get("type", "application/json"),
            HTTP_ACCEPT=sent.get("accept", "*/*"),
        )

    return send


def test_document_is_valid_openapi():
    validate_schema(copy.deepcopy(DOCUMENT))
    assert DOCUMENT["openapi"] == "3.1.0"


@pytest.mark.parametrize(("operation", "status"), ANSWERS)
def test_every_documented_answer_can_be_had_and_is_as_described(call, operation, status):
    answer = call(operation, status)
    assert answer.status_code == status, answer.content[:300]
    check(operation, answer)


def test_document_describes_every_route_of_the_api():
    described = {path for _, path, _ in OPERATIONS.values()}
    served = {
        re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", f"/{path}").replace("{pk}", "{id}")
        for path in {row.split(" ", 1)[1] for row in MATRIX} | PUBLIC
    }
    assert described == served - {f"/{path}" for path in UNDESCRIBED}


@pytest.mark.parametrize("sent", ["critical", "medium", "healthy"])
def test_analyses_of_all_samples_are_as_described(alice, anonymous, pro, sent):
    body = {"definition": sample(sent)}
    check("analyze", alice.client.post("/api/analyze", body, format="json"))
    check("test_analyze", anonymous.post("/test/analyze", body, format="json"))
    check("history", alice.client.get("/api/history"))
    check("test_history", anonymous.get("/test/history"))


def test_an_analysis_with_issues_hidden_is_as_described(alice, analysis):
    answer = alice.client.get(f"/api/analysis/{analysis.pk}")
    assert answer.json()["data"]["upgrade"]
    check("analysis_retrieve", answer)


def test_check_itself_notices_what_the_document_does_not_name(anonymous):
    answer = anonymous.get("/test/health")
    answer.json = lambda: {"success": True, "data": {"surprise": 1}, "meta": {}}
    with pytest.raises(Exception, match="surprise"):
        check("test_health", answer)


@pytest.mark.parametrize(
    "name", [name for name in OPERATIONS if "analys" in name or name == "history"]
)
def test_who_may_call_is_described(name):
    _, path, operation = OPERATIONS[name]
    closed: list[dict[str, list[str]]] = [{"apiToken": []}, {"session": []}]
    assert operation["security"] == ([{}] if path.startswith("/test") else closed)


def test_ways_to_sign_in_are_described():
    schemes = DOCUMENT["components"]["securitySchemes"]
    assert (schemes["apiToken"]["type"], schemes["apiToken"]["scheme"]) == ("http", "bearer")
    assert schemes["session"]["in"] == "cookie"


def test_parameters_of_a_list_are_described():
    parameters = {each["name"]: each["schema"] for each in OPERATIONS["history"][2]["parameters"]}
    assert set(parameters) == {"page", "pageSize", "workflow", "version", "since", "grade"}
    assert (parameters["pageSize"]["minimum"], parameters["pageSize"]["maximum"]) == (1, 100)
    assert parameters["pageSize"]["default"] == 20


@pytest.mark.parametrize(
    ("rules", "fits"),
    [
        ({}, True),
        ({"insecure-url": "off"}, True),
        ({"excessive-complexity": {"severity": "low", "max_steps": 10}}, True),
        ({"excessive-complexity": {"max_steps": 10}}, True),
        ({"insecure-url": "loud"}, False),
        ({"insecure-url": None}, False),
        ({"excessive-complexity": {"max_steps": -1}}, False),
        ([], False),
    ],
)
def test_settings_of_rules_are_described_as_they_are_taken(alice, rules, fits):
    body = {"definition": sample("healthy"), "settings": {"rules": rules}}
    answer = alice.client.post("/api/analyze", body, format="json")
    assert (answer.status_code == 200) is fits
    place = {"$ref": "urn:api#/components/schemas/AnalyzeRequest"}
    assert Draft202012Validator(place, registry=REGISTRY).is_valid(body) is fits


def test_codes_of_failures_are_the_closed_list():
    failure = DOCUMENT["components"]["schemas"]["Failure"]
    code = failure["properties"]["error"]["properties"]["code"]
    assert set(code["enum"]) == set(errors.STATUSES)


@pytest.mark.parametrize("accept", ["*/*", "application/json", "application/vnd.oai.openapi+json"])
def test_document_is_served_to_anyone_as_json(anonymous, accept):
    answer = anonymous.get("/api/schema", HTTP_ACCEPT=accept)
    assert answer.status_code == 200
    assert answer.json()["openapi"] == "3.1.0"
