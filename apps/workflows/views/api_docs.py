"""The API documentation as a page: every operation of the schema, with a request to copy."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

from apps.workflows.views.doors import show

METHODS = ("get", "post", "put", "patch", "delete")
TITLES = {
    "analyze": "Analysis", "analysis": "Analysis", "history": "Analysis", "trends": "Analysis",
    "workflows": "Workflows", "rules": "Rules", "scans": "Scans", "simulate": "Simulation",
    "map": "Map and references", "references": "Map and references", "settings": "Settings",
    "suppressions": "Suppressions", "subscription": "Subscription", "auth": "Signing in",
    "test": "Without an account", "webhooks": "Webhooks", "connections": "Connections",
    "monitoring": "Health and figures", "health": "Health and figures",
    "live": "Health and figures", "ready": "Health and figures", "metrics": "Health and figures",
}  # fmt: skip
Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Operation:
    """One row of the page; ``example`` is a call for a shell."""

    id: str
    method: str
    path: str
    about: str
    is_open: bool
    parameters: list[tuple[str, str, bool, str]]
    fields: list[tuple[str, str, bool, str]]
    statuses: list[tuple[str, str]]
    example: str


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    groups = _groups()
    base = request.build_absolute_uri("/").rstrip("/")
    shown = {"groups": groups, "base": base, "count": sum(len(rows) for _, rows in groups)}
    return show(request, "api_docs", shown, area="api")


@cache
def _groups() -> list[tuple[str, list[Operation]]]:
    """By theme; the schema does not change while the service runs."""
    generator = SchemaGenerator()  # type: ignore[no-untyped-call]
    document: Document = generator.get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    groups: dict[str, list[Operation]] = {}
    for path, methods in document["paths"].items():
        parts = path.strip("/").split("/")
        theme = TITLES.get(parts[1] if parts[0] == "api" and len(parts) > 1 else parts[0], "More")
        for method in METHODS:
            if method in methods:
                found = _operation(document, path, method, methods[method])
                groups.setdefault(theme, []).append(found)
    return list(groups.items())


def _operation(document: Document, path: str, method: str, said: Document) -> Operation:
    content = said.get("requestBody", {}).get("content", {}).get("application/json", {})
    is_open = said.get("security") in ([], [{}], None)
    return Operation(
        id=said["operationId"],
        method=method.upper(),
        path=path,
        about=" ".join(str(said.get("description", "")).split()),
        is_open=is_open,
        parameters=[
            (
                each["name"],
                _kind(document, each["schema"]),
                bool(each.get("required")),
                each.get("description", ""),
            )
            for each in said.get("parameters", ())
            if each["in"] in ("query", "path")
        ],
        fields=list(_fields(document, content.get("schema", {}))),
        statuses=[
            (status, answer.get("description", "")) for status, answer in said["responses"].items()
        ],
        example=_curl(path, method, content, is_open),
    )


def _resolved(document: Document, schema: Mapping[str, Any]) -> Mapping[str, Any]:
    name = schema.get("$ref", "").rsplit("/", 1)[-1]
    found: Mapping[str, Any] = document["components"]["schemas"][name] if name else schema
    return found


def _fields(document: Document, schema: Mapping[str, Any]) -> Iterator[tuple[str, str, bool, str]]:
    body = _resolved(document, schema)
    for name, said in body.get("properties", {}).items():
        needed = name in body.get("required", ())
        yield name, _kind(document, said), needed, said.get("description", "")


def _kind(document: Document, schema: Mapping[str, Any]) -> str:
    """A type in a word or two; of a choice, what there is to choose from."""
    found = _resolved(document, schema)
    if "enum" in found:
        return " | ".join(str(each) for each in found["enum"][:12] if each is not None)
    if found.get("type") == "array":
        return f"list of {_kind(document, found.get('items', {}))}"
    kind = found.get("type", "")
    if isinstance(kind, list):
        kind = " or ".join(each for each in kind if each != "null")
    parts = found.get("oneOf") or found.get("allOf") or found.get("anyOf") or ()
    if not kind and parts:
        return " or ".join(dict.fromkeys(filter(None, (_kind(document, each) for each in parts))))
    form = found.get("format", "")
    return f"{kind} ({form})" if form else str(kind or "any")


def _curl(path: str, method: str, content: Document, is_open: bool) -> str:
    """A command for a shell, in lines; an example's text must hold no single quote."""
    lines = [f'curl -X {method.upper()} "$BASE{path}"']
    if not is_open:
        lines.append('  -H "Authorization: Bearer $TOKEN"')
    if "example" in content:
        lines.append("  -H 'Content-Type: application/json'")
        lines.append(f"  -d '{json.dumps(content['example'], ensure_ascii=False)}'")
    return " \\\n".join(lines)
