"""The result of an analysis as the API and ``--format json`` write it; keys are the contract."""

from __future__ import annotations

from typing import Any

from apps.workflows.analysis.engine import Analysis
from apps.workflows.analysis.findings import Finding


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
