"""The guide to the API does what it says: its requests are run, from the top to the bottom."""

from __future__ import annotations

import json
import re
from pathlib import Path

from rest_framework.test import APIClient

from apps.accounts.tokens import api_token_create

PAGE = Path(__file__).resolve().parents[2] / "docs/api-guide.md"
REQUEST = re.compile(r"```http\n(\w+) (\S+) → (\d+)\n(.*?)```", re.DOTALL)


def test_requests_of_the_guide_are_answered_as_it_says(alice, pro):
    _, token = api_token_create(membership=alice.membership, name="guide")
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    known: dict[str, str] = {}
    requests = REQUEST.findall(PAGE.read_text(encoding="utf-8"))
    assert len(requests) >= 10
    for method, path, status, rest in requests:
        for name, value in known.items():
            path = path.replace(f"{{{{{name}}}}}", value)
        body = json.loads(rest) if rest.strip().startswith("{") else None
        answer = client.generic(
            method, path, json.dumps(body) if body is not None else "", "application/json"
        )
        assert answer.status_code == int(status), (method, path, answer.content[:300])
        if answer["Content-Type"] == "application/json" and answer.status_code < 300:
            data = answer.json().get("data")
            if isinstance(data, dict) and "analysisId" in data:
                known["analysisId"] = data["analysisId"]


def test_every_block_of_the_guide_is_a_request():
    text = PAGE.read_text(encoding="utf-8")
    assert text.count("```http") == len(REQUEST.findall(text))
