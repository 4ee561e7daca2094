"""The run as one self-contained HTML page: nothing is loaded, nothing runs, and it prints well."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from html import escape
from itertools import groupby
from pathlib import Path

from apps.workflows.analysis.engine import Analysis
from apps.workflows.analysis.findings import Finding
from apps.workflows.reports.dial import dial
from apps.workflows.reports.picture import draw, lay_out, marks_of, styles
from apps.workflows.reports.policy import policy
from apps.workflows.reports.run import Run
from apps.workflows.reports.wording import (
    clean,
    count,
    headline,
    reasons,
    step_names,
    title,
    withheld,
)

CONTENT_TYPE = "text/html"
#: Workflows of one page that are drawn; a page of thousands would not open.
DRAWN = 100
_SHEET = Path(__file__).resolve().parents[1] / "static/workflows/export.css"


@cache
def _styles() -> str:
    return _SHEET.read_text(encoding="utf-8") + styles()


@cache
def content_policy() -> str:
    """The page's content security policy: its own styles and nothing else."""
    return policy(_styles())


def render(run: Run) -> str:
    names = [title(analysis) for _, analysis in run.analyses]
    name = names[0] if len(names) == 1 else count(len(names), "workflow")
    return "".join(
        [
            '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{content_policy()}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{_text(name)} · Workflow Debugger</title>\n",
            f"<style>{_styles()}</style></head>\n",
            "<body><main>\n",
            *_contents(run),
            *_entries(run),
            "</main>\n<footer><p>Made by Workflow Debugger.</p></footer></body></html>\n",
        ]
    )


def _text(value: str, most: int = 2000) -> str:
    return escape(clean(value, most))


def _contents(run: Run) -> Iterator[str]:
    """What is on the page, where there is more than one workflow."""
    for file, account in run.accounts:
        if account.value is not None:
            yield f"<p>The account in {_text(file)}: {account.value}/100 {account.grade}</p>"
    if len(run.entries) < 2:
        return
    yield "<nav aria-label='Contents'><h1>Workflows</h1><ol>"
    for number, entry in enumerate(run.entries, 1):
        if entry.analysis is not None:
            score = entry.analysis.score
            said = f"{score.value}/100 {score.grade}" if score else "no score"
            yield f'<li><a href="#w{number}">{_text(title(entry.analysis))}</a>: {said}</li>'
        elif entry.error is not None:
            yield f'<li><a href="#w{number}">{_text(entry.file)}</a>: not analysed</li>'
    yield "</ol></nav>\n"


def _entries(run: Run) -> Iterator[str]:
    for number, entry in enumerate(run.entries, 1):
        yield f'<article id="w{number}">'
        if entry.analysis is not None:
            yield from _analysis(entry.file, entry.analysis, number <= DRAWN)
        elif entry.error is not None:
            yield f"<h1>{_text(entry.file)}: not analysed</h1><p>{_text(entry.error.message)}</p>"
        yield "</article>\n"


def _analysis(file: str, analysis: Analysis, drawn: bool) -> Iterator[str]:
    yield f"<header><h1>{_text(title(analysis))}</h1>"
    yield f"<p>{_text(file)} · {headline(analysis)}</p></header>\n"
    yield '<section class="health" aria-label="Health">'
    yield dial(analysis.score)
    yield from _costs(analysis)
    yield "</section>\n"
    yield from _issues(analysis)
    if drawn and analysis.graph.steps:
        yield "<section><h2>The workflow</h2><div class='picture'>"
        marks = marks_of(analysis.findings)
        yield draw(lay_out(analysis.graph, wanted=list(marks)), marks).svg
        yield "</div></section>\n"
    yield from _not_checked(analysis)


def _costs(analysis: Analysis) -> Iterator[str]:
    """What each rule costs, and the score of each category."""
    counts = analysis.summary
    found = [f"{counts[severity]} {severity}" for severity in counts if counts[severity]]
    yield "<div><p>"
    yield _text(", ".join(found[: -1 if counts["total"] else None]) or "Nothing found.")
    yield f" · {count(counts['suppressed'], 'finding')} set aside" if counts["suppressed"] else ""
    yield "</p>"
    if analysis.score is not None and analysis.score.breakdown:
        yield "<table><caption>What each rule costs</caption><thead><tr><th scope='col'>Rule</th>"
        yield "<th scope='col'>Findings</th><th scope='col'>Points</th></tr></thead><tbody>"
        for row in analysis.score.breakdown:
            yield f"<tr><th scope='row'>{_text(row.rule_id)}</th><td>{row.count}</td>"
            yield f"<td>−{row.points:g}</td></tr>"
        yield "</tbody></table>"
    yield "<table><caption>Score by category</caption><tbody>"
    for category, value in analysis.categories.items():
        said = "not assessed" if value is None else f"{value}/100"
        yield f"<tr><th scope='row'>{category.value}</th><td>{said}</td></tr>"
    yield "</tbody></table></div>"


def _issues(analysis: Analysis) -> Iterator[str]:
    yield "<section><h2>What to fix, in this order</h2>"
    if not analysis.findings and not analysis.withheld:
        yield "<p>Nothing found.</p>"
    for severity, group in groupby(analysis.findings, key=lambda finding: finding.severity):
        yield f"<h3>{severity.value.capitalize()}</h3>"
        for finding in group:
            yield from _issue(analysis, finding)
    if analysis.withheld:
        yield f'<p class="withheld">{_text(withheld(analysis))}</p>'
    yield "</section>\n"


def _issue(analysis: Analysis, finding: Finding) -> Iterator[str]:
    yield f'<div class="issue {finding.severity.value}"><h4>{_text(finding.title)} '
    yield f"<code>{_text(finding.rule_id)}</code></h4><p>{_text(finding.message)}</p><dl>"
    if len(finding.path) > 1:
        walk = " → ".join(step_names(analysis, finding.path))
        yield f"<dt>Path</dt><dd>{_text(walk)}</dd>"
    elif finding.node_ids:
        yield f"<dt>Steps</dt><dd>{_text(', '.join(step_names(analysis, finding.node_ids)))}</dd>"
    yield f"<dt>Cost</dt><dd>{_text(finding.impact)}</dd>"
    yield f"<dt>Fix</dt><dd>{_text(finding.remedy)}</dd></dl></div>"


def _not_checked(analysis: Analysis) -> Iterator[str]:
    if not analysis.not_checked:
        return
    yield f"<section><h2>What was not checked</h2><p>{analysis.coverage:.0%} of the rules that "
    yield "apply have run.</p><dl>"
    for reason, rules in reasons(analysis):
        yield f"<dt>{_text(reason)}</dt><dd>{_text(', '.join(rules), 5000)}</dd>"
    yield "</dl></section>\n"
