"""Two analyses of the account compared, as its plan shows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from apps.billing.plans import Plan
from apps.workflows.analysis.compare import Issue, Side, compare
from apps.workflows.models import Analysis
from apps.workflows.selectors.analyses import analysis_row, upgrade


def comparison_of(before: Analysis, after: Analysis, plan: Plan | None) -> dict[str, Any]:
    """From one analysis to another. The counts and the score count every issue; the plan's limit
    holds for each of the two, so that nothing shows here that its own report would hide."""
    found = compare(_side(before), _side(after))
    lists = {"new": found.new, "fixed": found.fixed, "unchanged": found.unchanged}
    open_after, open_before = _open(after, plan), _open(before, plan)
    shown = {
        "new": _shown(found.new, open_after),
        "fixed": _shown(found.fixed, open_before),
        "unchanged": _shown(found.unchanged, open_after),
    }
    hidden = sum(len(lists[key]) - len(shown[key]) for key in lists)
    return {
        "from": analysis_row(before, plan),
        "to": analysis_row(after, plan),
        "sameWorkflow": before.workflow_id == after.workflow_id,
        "scoreChange": found.score_change,
        "scoreChanges": [
            {"ruleId": e.rule_id, "before": e.before, "after": e.after, "change": e.change}
            for e in found.rule_changes
        ],
        "counts": {key: len(issues) for key, issues in lists.items()},
        **shown,
        "hiddenIssues": hidden,
        "upgrade": upgrade(hidden) if hidden else None,
    }


def _side(analysis: Analysis) -> Side:
    issues = analysis.findings["issues"]
    return Side(analysis.health_score, issues, analysis.result["scoreBreakdown"])


def _open(analysis: Analysis, plan: Plan | None) -> set[str]:
    most = plan.issues_shown if plan else None
    return {issue["fingerprint"] for issue in analysis.findings["issues"][:most]}


def _shown(issues: Sequence[Issue], fingerprints: set[str]) -> list[Issue]:
    return [issue for issue in issues if issue["fingerprint"] in fingerprints]
