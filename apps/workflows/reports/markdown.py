"""The run as Markdown, for a pull request or a ticket."""

from __future__ import annotations

import re
from collections.abc import Iterator

from apps.workflows.analysis.engine import Analysis
from apps.workflows.analysis.findings import Finding
from apps.workflows.reports.run import Run
from apps.workflows.reports.wording import (
    clean,
    headline,
    reasons,
    step_names,
    title,
    verdict,
    withheld,
)

CONTENT_TYPE = "text/markdown"
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|<>~&])")


def render(run: Run) -> str:
    lines: list[str] = []
    for entry in run.entries:
        if entry.analysis is not None:
            lines += [*_analysis(entry.file, entry.analysis), ""]
        elif entry.error is not None:
            lines += [f"## {escaped(entry.file)}: not analysed", ""]
            lines += [f"{escaped(entry.error.message)} (`{entry.error.code}`)", ""]
    return "\n".join(lines).rstrip() + "\n"


def escaped(text: str, most: int = 2000) -> str:
    """Text from a file that stays text in Markdown and in the HTML made of it."""
    return _SPECIAL.sub(r"\\\1", clean(text, most)).replace("\\<", "&lt;").replace("\\&", "&amp;")


def _analysis(file: str, analysis: Analysis) -> Iterator[str]:
    yield f"## {escaped(title(analysis))}: {verdict(analysis)}"
    yield ""
    yield f"{escaped(file)} · {headline(analysis)}"
    yield ""
    if not analysis.findings and not analysis.withheld:
        yield "Nothing found."
    for finding in analysis.findings:
        yield from _finding(analysis, finding)
    if analysis.withheld:
        yield f"**{withheld(analysis)}**"
        yield ""
    if analysis.score is not None and analysis.score.breakdown:
        yield "| Rule | Findings | Costs |"
        yield "|---|---:|---:|"
        for row in analysis.score.breakdown:
            yield f"| {row.rule_id} | {row.count} | {row.points:g} |"
        yield ""
    for reason, rules in reasons(analysis):
        yield f"Not checked ({escaped(reason)}): {', '.join(rules)}"
        yield ""


def _finding(analysis: Analysis, finding: Finding) -> Iterator[str]:
    yield f"### {finding.severity.value.capitalize()}: {escaped(finding.title)}"
    yield ""
    yield escaped(finding.message)
    yield ""
    if len(finding.path) > 1:
        walk = " → ".join(escaped(name) for name in step_names(analysis, finding.path))
        yield f"- Path: {walk}"
    yield f"- Cost: {escaped(finding.impact)}"
    yield f"- Fix: {escaped(finding.remedy)}"
    yield f"- Rule: `{finding.rule_id}`"
    yield ""
