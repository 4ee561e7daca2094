"""The run for a person at a terminal: what is wrong, where, how a contact gets there, the fix."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from apps.workflows.analysis.engine import Analysis
from apps.workflows.analysis.findings import Finding, Severity
from apps.workflows.reports.run import Run
from apps.workflows.reports.wording import (
    clean,
    count,
    headline,
    reasons,
    step_names,
    title,
    verdict,
    withheld,
)

CONTENT_TYPE = "text/plain"
_CODES = {
    Severity.CRITICAL: "1;37;41",
    Severity.HIGH: "1;31",
    Severity.MEDIUM: "1;33",
    Severity.LOW: "1;36",
    Severity.INFO: "2",
}
_INDENT = " " * 12


class _Page:
    """Writes lines to the terminal's width, coloured only where the terminal shows colours."""

    def __init__(self, run: Run) -> None:
        self.width = max(60, min(run.width, 110))
        self.color = run.color

    def paint(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.color else text

    def wrap(self, label: str, text: str) -> Iterator[str]:
        first = f"{_INDENT}{label:<6}"
        lines = textwrap.wrap(text, self.width - len(first), break_long_words=True) or [""]
        for number, line in enumerate(lines):
            head = f"{_INDENT}{self.paint('2', f'{label:<6}')}" if not number else " " * len(first)
            yield f"{head}{line}".rstrip()


def render(run: Run) -> str:
    page = _Page(run)
    lines: list[str] = []
    for entry in run.entries:
        if entry.analysis is not None:
            lines += [*_analysis(page, entry.file, entry.analysis), ""]
        elif entry.error is not None:
            lines += [f"{clean(entry.file)}: {page.paint('1;31', 'not analysed')}"]
            lines += [*page.wrap("", f"{clean(entry.error.message)} ({entry.error.code})"), ""]
    lines += _around(run)
    lines.append(_total(run))
    return "\n".join(lines) + "\n"


def _analysis(page: _Page, file: str, analysis: Analysis) -> Iterator[str]:
    result = verdict(analysis)
    name = title(analysis)
    gap = " " * max(2, page.width - len(name) - len(result))
    yield f"{page.paint('1', name)}{gap}{page.paint('1', result)}"
    yield page.paint("2", f"{clean(file)} · {headline(analysis)}")
    for finding in analysis.findings:
        yield ""
        yield from _finding(page, analysis, finding)
    if not analysis.findings and not analysis.withheld:
        yield ""
        yield "  Nothing found."
    if analysis.withheld:
        yield ""
        yield f"  {withheld(analysis)}"
    notes = [*_score(page, analysis), *_not_checked(page, analysis)]
    yield from ["", *notes] if notes else []


def _finding(page: _Page, analysis: Analysis, finding: Finding) -> Iterator[str]:
    level = page.paint(_CODES[finding.severity], f"{finding.severity.value.upper():<8}")
    gap = " " * max(2, page.width - 12 - len(finding.title) - len(finding.rule_id))
    yield f"  {level}  {page.paint('1', finding.title)}{gap}{page.paint('2', finding.rule_id)}"
    yield from page.wrap("", clean(finding.message, 2000))
    if len(finding.path) > 1:
        yield from page.wrap("path", " → ".join(step_names(analysis, finding.path)))
    elif len(finding.node_ids) > 1:
        yield from page.wrap("steps", ", ".join(step_names(analysis, finding.node_ids)))
    yield from page.wrap("cost", finding.impact)
    yield from page.wrap("fix", clean(finding.remedy, 2000))


def _score(page: _Page, analysis: Analysis) -> Iterator[str]:
    if analysis.score is None or not analysis.score.breakdown:
        return
    parts = [f"{row.rule_id} −{row.points:g}" for row in analysis.score.breakdown if row.points]
    text = f"Score {analysis.score.value} = 100 less " + ", ".join(parts)
    if parts:
        yield from textwrap.wrap(text, page.width, initial_indent="  ", subsequent_indent="    ")


def _not_checked(page: _Page, analysis: Analysis) -> Iterator[str]:
    for reason, rules in reasons(analysis):
        text = f"{count(len(rules), 'rule')} not checked: {clean(reason)} ({', '.join(rules)})"
        yield from textwrap.wrap(text, page.width, initial_indent="  ", subsequent_indent="    ")


def _around(run: Run) -> list[str]:
    """What concerns no single workflow: accounts, the baseline, stale suppressions."""
    lines = [
        f"The account in {clean(file)}: {score.value}/100 {score.grade}"
        for file, score in run.accounts
        if score.value is not None
    ]
    if run.gone is not None:
        lines.append(f"{count(run.gone, 'finding')} of the baseline no longer there.")
    lines += [f"Stale suppression: {clean(str(each))}" for each in run.stale]
    return [*lines, ""] if lines else []


def _total(run: Run) -> str:
    counts = [f"{number} {name}" for name, number in run.by_severity.items() if number]
    found = ", ".join(counts) if counts else "nothing found"
    failed = f", {count(len(run.errors), 'error')}" if run.errors else ""
    files = count(run.files, "file")
    aside = f" ({run.suppressed:,} set aside)" if run.suppressed else ""
    return f"{count(len(run.analyses), 'workflow')} in {files}{failed}: {found}{aside}."
