"""The findings of a run as CSV, one row each, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io

from apps.workflows.reports.run import Run
from apps.workflows.reports.wording import clean, step_names, withheld

CONTENT_TYPE = "text/csv"
_COLUMNS = (
    "file", "workflow", "score", "severity", "rule", "title", "message", "steps", "path", "remedy",
    "fingerprint",
)  # fmt: skip


def render(run: Run) -> str:
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(_COLUMNS)
    for file, analysis in run.analyses:
        score = analysis.score.value if analysis.score else ""
        for finding in analysis.findings:
            row = [
                file,
                analysis.graph.name,
                str(score),
                finding.severity.value,
                finding.rule_id,
                finding.title,
                finding.message,
                "; ".join(step_names(analysis, finding.node_ids)),
                " > ".join(step_names(analysis, finding.path)),
                finding.remedy,
                finding.fingerprint,
            ]
            table.writerow([_cell(value) for value in row])
        if analysis.withheld:
            note = withheld(analysis)
            table.writerow([_cell(file), _cell(analysis.graph.name), score, "", "", "", note])
    for file, error in run.errors:
        table.writerow([_cell(file), "", "", "error", error.code, "", _cell(error.message)])
    return out.getvalue()


def _cell(value: str) -> str:
    """A spreadsheet runs what begins like a formula; a quote in front keeps it text."""
    text = clean(value, 2000)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text
