"""OpenAPI of the probes and of monitoring: plain views, which the generator does not see."""

from typing import Any

from apps.ops.schema import FAILURE

Schema = dict[str, Any]

_NUMBER: Schema = {"type": "number"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_MOMENT: Schema = {"type": "string", "format": "date-time"}
_STATUS: Schema = {"type": "string", "enum": ["healthy", "degraded", "unhealthy"]}
_COUNTS: Schema = {"type": "object", "additionalProperties": _COUNT}


def _object(properties: Schema, *optional: str) -> Schema:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "required": required, "properties": properties}


_CHECK = _object({"status": _STATUS, "responseTime": {**_NUMBER, "description": "Milliseconds."}})
# What else a part says of itself is its own affair.
_TOLD_CHECK: Schema = {**_CHECK, "additionalProperties": True}
LIVE = _object({"status": {"type": "string", "enum": ["alive"]}})
READY = _object(
    {
        "status": _STATUS,
        "draining": {"type": "boolean"},
        "checks": _object({"database": _CHECK, "migrations": _CHECK, "redis": _CHECK}, "redis"),
    }
)
HEALTH = _object(
    {
        "status": _STATUS,
        "timestamp": _MOMENT,
        "uptime": {**_NUMBER, "description": "Seconds."},
        "checks": {"type": "object", "additionalProperties": _TOLD_CHECK},
    }
)
_ANY: Schema = {"type": "object", "additionalProperties": True}
DETAILED = _object(
    {**HEALTH["properties"], "process": _ANY, "platform": _ANY}, "process", "platform"
)
_TIMES = _object(dict.fromkeys(("min", "max", "avg", "p50", "p95", "p99"), _NUMBER))
_MEMORY = _object({"growth": {"type": "integer"}, "growthPerRequest": {"type": "integer"}})
_WINDOW: Schema = {
    "totalRequests": _COUNT,
    "requestsPerSecond": _NUMBER,
    "errorRate": {**_NUMBER, "description": "The share answered 5xx, 0 to 1."},
    "slow": {**_COUNT, "description": "Longer than 1 s."},
    "verySlow": {**_COUNT, "description": "Longer than 5 s."},
    "queries": _COUNT,
    "responseTime": {**_TIMES, "description": "Milliseconds."},
}
TOTALS = _object(
    {
        **_WINDOW,
        "byMethod": _COUNTS,
        "byStatus": _COUNTS,
        "errorsByType": _COUNTS,
        "uptime": _NUMBER,
    }
)
_SLOWEST = _object(
    {
        "status": _COUNT,
        "method": {"type": "string"},
        "route": {"type": "string"},
        "queries": _COUNT,
        "durationMs": _NUMBER,
        "at": _MOMENT,
    }
)
_RECENT = {name: schema for name, schema in _WINDOW.items() if name != "totalRequests"}
PERFORMANCE = _object(
    {
        **_WINDOW,
        "recent": _object(
            {"requests": _COUNT, **_RECENT, "slowest": {"type": "array", "items": _SLOWEST}}
        ),
        "memory": _object({"process": _COUNT, **_MEMORY["properties"]}),
        "since": _MOMENT,
    }
)
_ENDPOINT = _object(
    {
        "method": {"type": "string"},
        "route": {"type": "string"},
        **_WINDOW,
        "byStatus": _COUNTS,
        "memory": _MEMORY,
    }
)
ENDPOINTS = _object({"endpoints": {"type": "array", "items": _ENDPOINT}, "since": _MOMENT})
REDIS = _object(
    {
        "connected": {"type": "boolean"},
        "mode": {"type": "string", "enum": ["redis", "fallback", "memory"]},
        "since": _MOMENT,
        "reconnects": _COUNT,
        "roundTripMs": {"type": ["number", "null"]},
        "pool": {
            "oneOf": [{"type": "null"}, _object({"idle": _COUNT, "inUse": _COUNT, "max": _COUNT})]
        },
        "hits": _COUNT,
        "misses": _COUNT,
        "evictions": _COUNT,
    }
)
_STATES = ("queued", "running", "done", "failed", "dead")
WORKERS = _object(
    {
        "workers": _object(
            {"alive": _COUNT, "names": {"type": "array", "items": {"type": "string"}}}
        ),
        "queues": {
            "type": "array",
            "items": _object(
                {
                    "name": {"type": "string"},
                    "depth": {**_COUNT, "description": "Jobs that are due and wait."},
                    "oldestAgeSeconds": {**_NUMBER, "minimum": 0},
                }
            ),
        },
        "jobs": _object(dict.fromkeys(_STATES, _COUNT)),
    }
)
_WELL = {"200": "It may be given requests; degraded when it lacks something it can do without."}
# Path: operation, what it tells, its schema, what other statuses mean.
_PROBES: dict[str, tuple[str, str, Schema, dict[str, str]]] = {
    "/live": ("live", "The process runs.", LIVE, {}),
    "/ready": (
        "ready",
        _WELL["200"],
        READY,
        {"503": "It may not: no database, a missing migration, or it is stopping."},
    ),
    "/health": (
        "health",
        "How the parts are.",
        HEALTH,
        {"503": "The database does not answer, or a migration is missing."},
    ),
    "/health/detailed": (
        "health_detailed",
        "All parts; their details only for staff and with the monitoring token.",
        DETAILED,
        {"503": "The database does not answer, or a migration is missing."},
    ),
    "/health/workers": ("workers", "Who does jobs, what waits and since when.", WORKERS, {}),
}
_WATCHED: dict[str, tuple[str, str, Schema]] = {
    "/health/metrics": ("metrics_json", "The figures of the whole service.", TOTALS),
    "/metrics": ("metrics", "The same as Prometheus text.", {"type": "string"}),
    "/api/monitoring/performance": ("performance", "Times and rates.", PERFORMANCE),
    "/api/monitoring/endpoints": ("endpoints", "The same per method and route.", ENDPOINTS),
    "/api/monitoring/redis": ("redis", "The cache and the Redis behind it.", REDIS),
}
_REFUSALS = {"401": "`not_authenticated`", "403": "`permission_denied`: only staff may see this."}


def describe_probes(result: Schema, **_more: Any) -> Schema:
    """Adds them to the document."""
    for path, (name, description, schema, others) in _PROBES.items():
        responses = {"200": _answer(description, schema)}
        responses |= {status: _answer(text, schema) for status, text in others.items()}
        result["paths"][path] = _get(name, responses, [{}])
    ways: list[Schema] = [{each: []} for each in result["components"].get("securitySchemes", {})]
    for path, (name, description, schema) in _WATCHED.items():
        kind = "text/plain" if path == "/metrics" else "application/json"
        responses = {"200": _answer(description, schema, kind)}
        responses |= {status: _answer(text, FAILURE) for status, text in _REFUSALS.items()}
        result["paths"][path] = _get(name, responses, ways)
    return result


def _answer(description: str, schema: Schema, kind: str = "application/json") -> Schema:
    return {"description": description, "content": {kind: {"schema": schema}}}


def _get(name: str, responses: Schema, security: list[Schema]) -> Schema:
    return {
        "get": {
            "operationId": name,
            "description": "Answers without an envelope.",
            "tags": ["monitoring"],
            "security": security,
            "responses": responses,
        }
    }
