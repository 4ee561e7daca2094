"""The run as one JSON document, the shape fixed by the command-line contract."""

from __future__ import annotations

from typing import Any

from apps.workflows.analysis.account_score import AccountScore
from apps.workflows.reports.run import Entry, Run
from apps.workflows.reports.wire import analysis_to_wire
from apps.workflows.reports.wording import written

CONTENT_TYPE = "application/json"


def render(run: Run) -> str:
    document: dict[str, Any] = {
        "results": [_entry(entry) for entry in run.entries],
        "summary": {
            "files": run.files,
            "workflows": len(run.analyses),
            "errors": len(run.errors),
            "bySeverity": run.by_severity,
            "suppressed": run.suppressed,
        },
        "accounts": [_account(file, score) for file, score in run.accounts],
        "staleSuppressions": [str(each) for each in run.stale],
    }
    if run.gone is not None:
        document["baseline"] = {"gone": run.gone}
    return written(document)


def _account(file: str, score: AccountScore) -> dict[str, Any]:
    categories = {key.value: value for key, value in score.categories.items()}
    return {
        "file": file,
        "healthScore": score.value,
        "grade": score.grade,
        "categories": categories,
    }


def _entry(entry: Entry) -> dict[str, Any]:
    if entry.analysis is not None:
        hidden = {"hiddenIssues": len(entry.analysis.withheld)} if entry.analysis.withheld else {}
        return {"file": entry.file, **analysis_to_wire(entry.analysis), **hidden}
    if entry.error is not None:
        place = {"place": entry.error.place} if entry.error.place else {}
        error = {"code": entry.error.code, "message": entry.error.message}
        return {"file": entry.file, "error": error | place}
    return {"file": entry.file}
