"""`make quality`: how loud each rule is on real workflows, and whether its findings hold.

Reads the workflows below WORKFLOW_CORPUS and the verdicts in tests/judgements.json; prints the
page docs/quality.md, the same one for the same workflows.
"""

from __future__ import annotations

import math
import os
import re
import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from apps.workflows.analysis.engine import Analysis
from apps.workflows.analysis.graph import Kind, Need
from apps.workflows.analysis.rule import Rule
from apps.workflows.analysis.rules import all_rules
from tests.judging import (
    Drawn,
    Judgement,
    Judgements,
    UnjudgedError,
    draw,
    judged,
    judgements,
    tally,
)
from tests.published import COUNTED_ON, NOT_MEASURED, RATES, Rate
from tests.workflows.corpus import FOLDERS, LIMITS, Analysed, analysed, noise

Corpus = Mapping[str, Sequence[Analysed]]

COLLECTIONS = {
    "n8n": "n8n templates from enescingoz/awesome-n8n-templates (CC BY 4.0)",
    "node-red": "of Node-RED’s own examples, from node-red/node-red (Apache-2.0)",
    "make": "Make blueprints from silbersteine/make.com-workflow-blueprints (MIT)",
    "highlevel": "HighLevel samples of a single step each, from uxieee/uxie-ghl-factory (MIT)",
}
TITLES = {"n8n": "n8n", "node-red": "Node-RED", "make": "Make", "highlevel": "HighLevel"}
LONGEST_MESSAGE = 200
_MARKS = re.compile(r"[\\|*`_\[]")


def analyses(corpus: Corpus, name: str) -> list[Analysis]:
    return [item.analysis for item in corpus.get(name, ()) if item.analysis is not None]


def page(corpus: Corpus, known: Judgements) -> str:
    parts = [
        introduction(corpus),
        noise_section(analyses(corpus, "n8n")),
        score_section(analyses(corpus, "n8n")),
        n8n_section(analyses(corpus, "n8n")),
        *(platform_section(name, analyses(corpus, name)) for name in FOLDERS if name != "n8n"),
        silent_section(corpus),
        sample_section(judged(draw(corpus), known)),
    ]
    return "\n\n".join(parts)


# -- Markdown ------------------------------------------------------------------------------


def cell(value: object) -> str:
    """A text in a table, with nothing in it that Markdown or HTML would take for its own."""
    text = " ".join(str(value).split())
    text = text.replace("&", "&amp;").replace("<", "&lt;")
    return _MARKS.sub(r"\\\g<0>", text)


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [heads, ["---"] * len(heads), *([cell(value) for value in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def shortened(message: str) -> str:
    if len(message) <= LONGEST_MESSAGE:
        return message
    return message[:LONGEST_MESSAGE].rsplit(" ", 1)[0] + " …"


def percent(part: float, whole: float, digits: int = 1) -> str:
    return f"{100 * part / whole:.{digits}f} %" if whole else "–"


# -- the sections --------------------------------------------------------------------------


def introduction(corpus: Corpus) -> str:
    lines = [
        f"- {len(analyses(corpus, name))} {text}"
        for name, text in COLLECTIONS.items()
        if analyses(corpus, name)
    ]
    return "\n".join(
        [
            "# Quality on real workflows",
            "",
            (
                "Made by `make quality`; edit `tests/judgements.json` and run it again instead of "
                "this page."
            ),
            "Every number comes from public collections, unchanged and no part of this project:",
            "",
            *lines,
        ]
    )


def noise_section(found: Sequence[Analysis]) -> str:
    steps = sum(len(analysis.graph.steps) for analysis in found)
    bare = sum(s.spec.kind is not Kind.NOTE for analysis in found for s in analysis.graph.steps)
    rows = [
        (level, count, percent(count, steps, 2), percent(count, bare, 2), percent(LIMITS[level], 1))
        for level, count in noise(found).items()
    ]
    heads = ("severity", "findings", "of the steps", "of the steps without notes", "limit")
    return (
        f"## Noise\n\nFindings beside the steps of a corpus of {len(found)} n8n templates "
        f"({steps:,} steps, {bare:,} without sticky notes). The suite holds the limits.\n\n"
        + table(heads, rows)
    )


def score_section(found: Sequence[Analysis]) -> str:
    values = [analysis.score.value for analysis in found if analysis.score is not None]
    if not values:
        return "## Score\n\nNo workflow was scored."
    value, count = min(Counter(values).items(), key=lambda row: (-row[1], row[0]))
    rows = [
        ("mean", f"{statistics.fmean(values):.1f}", ""),
        ("standard deviation", f"{statistics.pstdev(values):.1f}", "at least 15"),
        ("median", f"{statistics.median(values):g}", ""),
        (
            "most frequent value",
            f"{value}, in {percent(count, len(values))} of the files",
            "at most 25 %",
        ),
    ]
    return f"## Score\n\nOf the {len(values)} n8n templates.\n\n" + table(
        ("", "here", "wanted"), rows
    )


def fired(found: Iterable[Analysis]) -> Counter[str]:
    """Rule -> workflows it fires on."""
    return Counter(
        rule_id for analysis in found for rule_id in {f.rule_id for f in analysis.findings}
    )


def rules_for(platform: str) -> list[Rule]:
    return [rule for rule in all_rules().values() if platform in rule.platforms]


def n8n_section(found: Sequence[Analysis]) -> str:
    counts = fired(found)
    rates = {rate.rules[0]: rate for rate in RATES}
    rows = []
    for rule in sorted(rules_for("n8n"), key=lambda rule: (-counts[rule.id], rule.id)):
        rate = rates.get(rule.id)
        beside = comparison(rate, found) if rate else ("", "", "")
        share = percent(counts[rule.id], len(found))
        rows.append((rule.id, rule.severity, counts[rule.id], share, *beside))
    heads = ("rule", "severity", "workflows", "share", "published", "measured alike", "reading")
    missing = "".join(f"- {line}\n" for line in NOT_MEASURED)
    return (
        "## How often each n8n rule fires\n\n"
        f"Beside the rates published for {COUNTED_ON:,} clean public workflows. “Measured alike” "
        "is our share for the same question: of the workflows it is about, and with the rules "
        "that answer it together. The reading allows for chance: a rate is *within* when the "
        "published one lies in the 95 % interval of ours.\n\n"
        + table(heads, rows)
        + "\n\nPublished rates that no rule measures alone:\n\n"
        + missing.rstrip()
    )


def comparison(rate: Rate, found: Sequence[Analysis]) -> tuple[str, str, str]:
    """The published rate, ours for the same question, and how the two compare."""
    base = [a for a in found if a.graph.active is True] if rate.live else found
    hits = sum(any(f.rule_id in rate.rules for f in analysis.findings) for analysis in base)
    low, high = interval(hits, len(base))
    reading = "above" if low > rate.high else "below" if high < rate.low else "within"
    others = f"with {', '.join(rate.rules[1:])}" if rate.rules[1:] else ""
    notes = "; ".join(filter(None, (others, rate.note)))
    ours = f"{hits} of {len(base)}, {percent(hits, len(base))}"
    return rate.text, ours, f"{reading}: {notes}" if notes else reading


def interval(hits: int, of: int) -> tuple[float, float]:
    """Wilson’s 95 % interval of a share, in per cent."""
    if not of:
        return 0.0, 100.0
    z = 1.96
    middle = (hits + z * z / 2) / (of + z * z)
    half = z / (of + z * z) * math.sqrt(hits * (of - hits) / of + z * z / 4)
    return 100 * max(0.0, middle - half), 100 * min(1.0, middle + half)


def platform_section(name: str, found: Sequence[Analysis]) -> str:
    rows = [
        (rule_id, all_rules()[rule_id].severity, count, percent(count, len(found)))
        for rule_id, count in sorted(fired(found).items(), key=lambda row: (-row[1], row[0]))
    ]
    rest = len(rules_for(name)) - len(rows)
    return (
        f"## {TITLES[name]}\n\nOn {len(found)} workflows; the other {rest} rules for the platform "
        "are silent.\n\n" + table(("rule", "severity", "workflows", "share"), rows)
    )


def silent_section(corpus: Corpus) -> str:
    counts = fired(analysis for name in FOLDERS for analysis in analyses(corpus, name))
    groups: dict[str, list[str]] = {}
    for rule in all_rules().values():
        if not counts[rule.id]:
            groups.setdefault(why_silent(rule), []).append(f"`{rule.id}`")
    lines = [f"- {why}: {', '.join(ids)}" for why, ids in sorted(groups.items())]
    return "## Rules that never fire here\n\n" + "\n".join(lines)


def why_silent(rule: Rule) -> str:
    if {Need.ACCOUNT, Need.LISTS} & set(rule.needs):
        return "They need a whole account, and these are single files"
    if set(rule.platforms) == {"highlevel"}:
        return "For HighLevel alone, where the collection has single steps and no workflow"
    return "Nothing of the kind in these files"


def sample_section(rows: Sequence[tuple[Drawn, Judgement]]) -> str:
    counts = ", ".join(f"{count} {verdict}" for verdict, count in tally(rows).items())
    lines = [
        (
            number,
            f"{item.file} ({item.workflow})" if item.workflow else item.file,
            item.finding.rule_id,
            item.finding.severity,
            shortened(item.finding.message),
            judgement.verdict,
            judgement.why,
        )
        for number, (item, judgement) in enumerate(rows, 1)
    ]
    heads = ("", "file (workflow)", "rule", "severity", "finding", "verdict", "why")
    return (
        f"## A judged sample\n\n{len(rows)} findings, each judged by opening the file: {counts}. "
        "A hash of file and fingerprint draws them: one of every rule that fires, then a second "
        "of each, and so on.\n\n" + table(heads, lines)
    )


def failed(corpus: Corpus) -> list[str]:
    """The rules that raised on a file: without them no number is right."""
    return sorted(
        {
            row.rule_id
            for name in FOLDERS
            for analysis in analyses(corpus, name)
            for row in analysis.not_checked
            if "failed" in row.reason
        }
    )


def main() -> None:
    if not os.environ.get("WORKFLOW_CORPUS"):
        raise SystemExit("WORKFLOW_CORPUS names no folder; run WORKFLOW_CORPUS=… make quality")
    corpus = {name: analysed(name) for name in FOLDERS}
    if broken := failed(corpus):
        raise SystemExit(f"these rules failed on a file: {', '.join(broken)}")
    try:
        print(page(corpus, judgements()))
    except UnjudgedError as error:
        raise SystemExit(str(error)) from None


if __name__ == "__main__":
    main()
