"""The result of an analysis as the API and ``--format json`` write it; keys are the contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from apps.workflows.analysis.engine import Analysis
from apps.workflows.analysis.findings import Category, Confidence, Finding, NotChecked, Severity
from apps.workflows.analysis.graph import Graph
from apps.workflows.analysis.scoring import Deduction, Score


def analysis_to_wire(analysis: Analysis) -> dict[str, Any]:
    """Everything about one analysis that follows from the definition alone."""
    score = analysis.score
    return {
        "workflow": workflow_to_wire(analysis),
        "healthScore": score.value if score else None,
        "grade": score.grade if score else None,
        "summary": analysis.summary,
        "categories": {key.value: value for key, value in analysis.categories.items()},
        "scoreBreakdown": [
            {"ruleId": row.rule_id, "deduction": row.points, "count": row.count}
            for row in (score.breakdown if score else ())
        ],
        "issues": [finding_to_wire(finding) for finding in analysis.findings],
        "suppressed": [
            finding_to_wire(finding) | {"reason": reason} for finding, reason in analysis.suppressed
        ],
        "notChecked": [
            {"ruleId": skipped.rule_id, "reason": skipped.reason}
            for skipped in analysis.not_checked
        ],
        "coverage": analysis.coverage,
        "durationMs": round(analysis.duration_ms, 1),
    }


def workflow_to_wire(analysis: Analysis) -> dict[str, Any]:
    graph = analysis.graph
    return {
        "id": graph.id or None,
        "name": graph.name,
        "platform": graph.platform,
        "nodeCount": len(graph.steps),
        "edgeCount": len(graph.edges),
    }


def finding_to_wire(finding: Finding) -> dict[str, Any]:
    return {
        "ruleId": finding.rule_id,
        "severity": finding.severity.value,
        "confidence": finding.confidence.value,
        "category": finding.category.value,
        "title": finding.title,
        "message": finding.message,
        "nodeIds": list(finding.node_ids),
        "path": list(finding.path),
        "impact": finding.impact,
        "affectedSteps": finding.affected_steps,
        "remedy": finding.remedy,
        "docsUrl": finding.docs_url,
        "fingerprint": finding.fingerprint,
    }


Wire = Mapping[str, Any]


def analysis_from_wire(
    result: Wire, issues: Sequence[Wire], suppressed: Sequence[Wire], graph: Graph
) -> Analysis:
    """The analysis that was written to the wire, with the graph it was about."""
    rows = result["scoreBreakdown"]
    costs = tuple(Deduction(row["ruleId"], row["deduction"], row["count"]) for row in rows)
    value = result["healthScore"]
    return Analysis(
        graph=graph,
        findings=[finding_from_wire(issue) for issue in issues],
        not_checked=[NotChecked(row["reason"], row["ruleId"]) for row in result["notChecked"]],
        coverage=result["coverage"],
        score=None if value is None else Score(value, costs),
        categories={Category(key): score for key, score in result["categories"].items()},
        duration_ms=result["durationMs"],
        suppressed=[(finding_from_wire(each), each["reason"]) for each in suppressed],
    )


def finding_from_wire(issue: Wire) -> Finding:
    return Finding(
        rule_id=issue["ruleId"],
        severity=Severity(issue["severity"]),
        confidence=Confidence(issue["confidence"]),
        category=Category(issue["category"]),
        title=issue["title"],
        message=issue["message"],
        node_ids=tuple(issue["nodeIds"]),
        path=tuple(issue["path"]),
        impact=issue["impact"],
        affected_steps=issue["affectedSteps"],
        remedy=issue["remedy"],
        fingerprint=issue["fingerprint"],
    )
