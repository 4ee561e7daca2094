"""The API as requests to try, and the examples in it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from config import collection
from config.examples import EXAMPLES

DOCUMENT: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
OPERATIONS = {
    operation["operationId"]: (method, path, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
    if method in collection.METHODS
}
REGISTRY = Registry().with_resource("urn:api", DRAFT202012.create_resource(DOCUMENT))
#: Examples that need something beside the account: a password, Stripe.
ELSEWHERE = {"auth_password", "subscription_checkout", "subscription_cancel"}
RUN = sorted(set(EXAMPLES) & set(OPERATIONS) - ELSEWHERE)


def test_every_operation_is_in_both_files():
    text = collection.http(DOCUMENT)
    assert text.count("\n### ") == len(OPERATIONS)
    items = [item for group in collection.postman(DOCUMENT)["item"] for item in group["item"]]
    assert len(items) == len(OPERATIONS)


def test_postman_file_is_json_with_an_address_and_a_method_for_each():
    found = json.loads(json.dumps(collection.postman(DOCUMENT)))
    for group in found["item"]:
        for item in group["item"]:
            assert item["request"]["url"]["raw"].startswith("{{baseUrl}}/")
            assert item["request"]["method"] in {"GET", "POST", "PUT", "PATCH", "DELETE"}


def test_requests_of_the_http_file_can_be_told_apart():
    text = collection.http(DOCUMENT)
    lines = re.findall(r"^(?:GET|POST|PUT|PATCH|DELETE) .+$", text, re.MULTILINE)
    assert len(set(lines)) == len(lines) == len(OPERATIONS)


def test_open_operations_send_no_token():
    calls = {call.name: call for call in collection.calls(DOCUMENT)}
    assert calls["rules"].is_open
    assert not calls["analyze"].is_open


@pytest.mark.parametrize("name", sorted(set(EXAMPLES) & set(OPERATIONS)))
def test_example_is_as_the_schema_says(name):
    content = OPERATIONS[name][2]["requestBody"]["content"]["application/json"]
    assert content["example"] == EXAMPLES[name]
    schema = {**content["schema"]}
    if "$ref" in schema:
        schema["$ref"] = "urn:api" + schema["$ref"]
    Draft202012Validator(schema, registry=REGISTRY).validate(EXAMPLES[name])


@pytest.mark.parametrize("name", RUN)
def test_example_works(name, alice, pro, analysis, settings):
    settings.ENABLE_TEST_ENDPOINTS = True
    method, path, operation = OPERATIONS[name]
    url = re.sub(r"\{\w+\}", str(analysis.pk), path)
    answer = getattr(alice.client, method)(url, EXAMPLES[name], format="json")
    assert 200 <= answer.status_code < 300, answer.content[:400]
    assert str(answer.status_code) in operation["responses"]
