"""An inspection as text for a terminal, as JSON for a script, as Markdown for a ticket."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping

from apps.ops.deployment.inspection import Inspection, Result
from apps.ops.deployment.verdict import Status


def as_json(inspection: Inspection) -> str:
    checks = [
        {
            "id": result.id,
            "status": result.verdict.status.value,
            "severity": result.severity.value,
            "message": result.verdict.message,
            "remedy": result.verdict.remedy,
        }
        for result in inspection.results
    ]
    return json.dumps({"score": inspection.score, "checks": checks}, indent=2, ensure_ascii=False)


def as_text(inspection: Inspection) -> str:
    lines = [f"Deployment {inspection.score}/100 ({_counts(inspection)})", ""]
    for result in inspection.results:
        verdict = result.verdict
        what = f"{verdict.status.upper():5} {result.severity:9} {result.id:28} {verdict.message}"
        lines.append(what)
        if verdict.remedy:
            lines.append(f"{'':16} fix: {verdict.remedy}")
    return "\n".join(lines)


def as_markdown(inspection: Inspection) -> str:
    head = [
        f"# Deployment {inspection.score}/100",
        "",
        f"{_counts(inspection).capitalize()}.",
        "",
        "| status | severity | check | found | what to do |",
        "|---|---|---|---|---|",
    ]
    return "\n".join([*head, *(_row(result) for result in inspection.results)])


FORMATS: Mapping[str, Callable[[Inspection], str]] = {
    "text": as_text,
    "json": as_json,
    "markdown": as_markdown,
}


def _row(result: Result) -> str:
    verdict = result.verdict
    cells = [verdict.status, result.severity, f"`{result.id}`", verdict.message, verdict.remedy]
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _counts(inspection: Inspection) -> str:
    found = Counter(result.verdict.status for result in inspection.results)
    words = {Status.FAIL: "failed", Status.WARN: "warned", Status.SKIP: "skipped"}
    words[Status.PASS] = "passed"
    return ", ".join(f"{found[status]} {word}" for status, word in words.items())
