"""The run as SARIF 2.1.0, for code scanning in CI."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from apps.workflows.analysis.engine import Analysis
from apps.workflows.analysis.findings import Confidence, Finding, Severity
from apps.workflows.analysis.rule import Rule
from apps.workflows.analysis.rules import all_rules
from apps.workflows.reports.run import Run
from apps.workflows.reports.wording import clean, labels, withheld, written

CONTENT_TYPE = "application/sarif+json"
#: A viewer shows no longer walk, and code scanning takes no larger file; graver findings first.
LONGEST_WALK, WALKED = 50, 20_000
SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFO: "note",
}
_PRECISION = {
    Confidence.CERTAIN: "very-high",
    Confidence.FIRM: "high",
    Confidence.TENTATIVE: "medium",
}


def render(run: Run) -> str:
    rules = list(all_rules().values())
    places = {rule.id: number for number, rule in enumerate(rules)}
    document = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "Workflow Debugger",
                        "rules": [_rule(rule) for rule in rules],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "invocations": [
                    {
                        "executionSuccessful": not run.errors,
                        "toolExecutionNotifications": list(_notifications(run)),
                    }
                ],
                "results": list(_results(run, places)),
            }
        ],
    }
    return written(document)


def _notifications(run: Run) -> Iterator[dict[str, Any]]:
    """What could not be analysed, and what is not shown."""
    for file, error in run.errors:
        yield {
            "level": "error",
            "descriptor": {"id": error.code},
            "message": {"text": error.message},
            "locations": [{"physicalLocation": _artifact(file)}],
        }
    for file, analysis in run.analyses:
        if analysis.withheld:
            yield {
                "level": "note",
                "descriptor": {"id": "withheld"},
                "message": {"text": withheld(analysis)},
                "locations": [{"physicalLocation": _artifact(file)}],
            }


def _rule(rule: Rule) -> dict[str, Any]:
    page = rule.page
    return {
        "id": rule.id,
        "name": "".join(word.capitalize() for word in rule.id.split("-")),
        "shortDescription": {"text": page.title},
        "fullDescription": {"text": rule.impact},
        "help": {
            "text": f"{page.why}\n\n{page.how_to_fix}",
            "markdown": f"**Why it matters**\n\n{page.why}\n\n**How to fix**\n\n{page.how_to_fix}",
        },
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {
            "tags": [rule.category.value, *rule.platforms],
            "precision": _PRECISION[rule.confidence],
            "problem.severity": _LEVELS[rule.severity].replace("note", "recommendation"),
        },
    }


def _artifact(file: str) -> dict[str, Any]:
    """GitHub places a result only where there is a region; a definition is data, so line 1."""
    uri = quote(file.encode("utf-8", "surrogateescape"), safe="/-._~")
    return {"artifactLocation": {"uri": uri}, "region": {"startLine": 1}}


def _results(run: Run, places: dict[str, int]) -> Iterator[dict[str, Any]]:
    left = WALKED
    for file, analysis in run.analyses:
        for finding in analysis.findings:
            result = _result(file, analysis, finding, places[finding.rule_id])
            path = finding.path[-LONGEST_WALK:]
            if 1 < len(path) <= left:
                left -= len(path)
                result["codeFlows"] = [_flow(file, analysis, path)]
            yield result


def _result(file: str, analysis: Analysis, finding: Finding, place: int) -> dict[str, Any]:
    names = analysis.graph.shared(labels)
    location = {
        "physicalLocation": _artifact(file),
        "logicalLocations": [
            _logical(analysis, step_id, names) for step_id in finding.node_ids[:100]
        ]
        or [{"name": clean(analysis.graph.name) or "workflow", "kind": "module"}],
    }
    return {
        "ruleId": finding.rule_id,
        "ruleIndex": place,
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{finding.message} {finding.remedy}"},
        "locations": [location],
        "partialFingerprints": {"workflowDebugger/v1": finding.fingerprint},
        "properties": {
            "severity": finding.severity.value,
            "confidence": finding.confidence.value,
            "affectedSteps": finding.affected_steps,
            "impact": finding.impact,
        },
    }


def _flow(file: str, analysis: Analysis, path: Sequence[str]) -> dict[str, Any]:
    names = analysis.graph.shared(labels)
    walk = [
        {
            "location": {
                "physicalLocation": _artifact(file),
                "logicalLocations": [_logical(analysis, step_id, names)],
                "message": {"text": clean(names.get(step_id, step_id))},
            }
        }
        for step_id in path
    ]
    return {"threadFlows": [{"locations": walk}]}


def _logical(analysis: Analysis, step_id: str, names: dict[str, str]) -> dict[str, Any]:
    return {
        "name": clean(names.get(step_id, step_id)),
        "fullyQualifiedName": f"{clean(analysis.graph.name)}#{clean(step_id)}",
        "kind": "member",
    }
