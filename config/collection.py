"""The API as requests to try: `python -m config.collection` writes docs/api from the schema.

One file for Postman (and whoever imports its format), one for editors that run `.http` files.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from config.env import BASE_DIR

FOLDER = BASE_DIR / "docs/api"
BASE_URL = "http://127.0.0.1:8000"
POSTMAN = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
METHODS = ("get", "post", "put", "patch", "delete")
Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """One request; ``path`` names what is to be filled in as ``{{name}}``."""

    group: str
    name: str
    method: str
    path: str
    about: str
    body: Any = None
    is_open: bool = False


def calls(document: Document) -> list[Call]:
    """Every operation of the schema, in the order of its paths."""
    return [
        _call(path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    ]


def _call(path: str, method: str, operation: Document) -> Call:
    parts = path.strip("/").split("/")
    about = str(operation.get("description") or operation.get("summary") or "").strip()
    return Call(
        group="/".join(parts[:2]) if parts[0] == "api" and len(parts) > 1 else parts[0],
        name=operation["operationId"].replace("_", " "),
        method=method.upper(),
        path=re.sub(r"\{(\w+)\}", _variable, path) + _query(operation),
        about=" ".join(about.split()),
        body=_body(operation),
        is_open=operation.get("security") in ([], [{}], None),
    )


def _variable(match: re.Match[str]) -> str:
    return "{{" + match[1] + "}}"


def _query(operation: Document) -> str:
    """Only what has to be given: the schema tells the rest."""
    needed = [
        f"{each['name']}={{{{{each['name']}}}}}"
        for each in operation.get("parameters", ())
        if each["in"] == "query" and each.get("required")
    ]
    return f"?{'&'.join(needed)}" if needed else ""


def _body(operation: Document) -> Any:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    if "example" in content:
        return content["example"]
    return {} if content else None


def postman(document: Document) -> Document:
    groups: dict[str, list[Call]] = {}
    for call in calls(document):
        groups.setdefault(call.group, []).append(call)
    return {
        "info": {
            "name": document["info"]["title"],
            "description": "Made from /api/schema by `make collection`.",
            "schema": POSTMAN,
        },
        "auth": {"type": "bearer", "bearer": [{"key": "token", "value": "{{token}}"}]},
        "variable": [
            {"key": "baseUrl", "value": BASE_URL},
            {"key": "token", "value": "wd_…"},
        ],
        "item": [
            {"name": group, "item": [_item(call) for call in found]}
            for group, found in groups.items()
        ],
    }


def _item(call: Call) -> Document:
    address, _, query = call.path.partition("?")
    url: Document = {
        "raw": "{{baseUrl}}" + call.path,
        "host": ["{{baseUrl}}"],
        "path": address.strip("/").split("/"),
    }
    if query:
        pairs = [pair.split("=", 1) for pair in query.split("&")]
        url["query"] = [{"key": key, "value": value} for key, value in pairs]
    request: Document = {"method": call.method, "url": url, "description": call.about}
    if call.is_open:
        request["auth"] = {"type": "noauth"}
    if call.body is not None:
        request["header"] = [{"key": "Content-Type", "value": "application/json"}]
        raw = json.dumps(call.body, indent=2, ensure_ascii=False)
        request["body"] = {"mode": "raw", "raw": raw, "options": {"raw": {"language": "json"}}}
    return {"name": call.name, "request": request}


def http(document: Document) -> str:
    return "\n".join(_lines(document))


def _lines(document: Document) -> Iterator[str]:
    yield "# Made from /api/schema by `make collection`."
    yield f"@baseUrl = {BASE_URL}"
    yield "@token = wd_…"
    for call in calls(document):
        yield ""
        yield f"### {call.name}"
        if call.about:
            yield f"# {call.about}"
        yield f"{call.method} {{{{baseUrl}}}}{call.path}"
        if not call.is_open:
            yield "Authorization: Bearer {{token}}"
        if call.body is not None:
            yield "Content-Type: application/json"
            yield ""
            yield json.dumps(call.body, indent=2, ensure_ascii=False)
    yield ""


def main() -> None:
    import django

    django.setup()
    from drf_spectacular.generators import SchemaGenerator

    generator = SchemaGenerator()  # type: ignore[no-untyped-call]
    document = generator.get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    FOLDER.mkdir(parents=True, exist_ok=True)
    text = json.dumps(postman(document), indent=1, ensure_ascii=False) + "\n"
    (FOLDER / "workflow-debugger.postman.json").write_text(text, encoding="utf-8")
    (FOLDER / "workflow-debugger.http").write_text(http(document), encoding="utf-8")


if __name__ == "__main__":
    main()
