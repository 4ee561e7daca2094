"""An analysis as its page reads it: issues with the names of their steps, sorted by meaning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from apps.workflows.analysis.engine import Analysis as Result
from apps.workflows.analysis.findings import CATEGORIES, SEVERITIES
from apps.workflows.analysis.graph import Graph
from apps.workflows.analysis.rules import all_rules
from apps.workflows.reports.wire import analysis_to_wire
from apps.workflows.reports.wording import clean, labels

#: Issues written out on one page; more are only counted, and the exports have them all.
MOST_ISSUES = 500
#: Steps of a walk that are written out.
LONGEST_WALK = 24


@dataclass(frozen=True, slots=True)
class Issue:
    """One finding: the wire's fields, and its steps as a person calls them."""

    wire: Mapping[str, Any]
    #: ``(id, name)``; an id of ``""`` stands for steps that are left out.
    walk: list[tuple[str, str]]
    steps: list[tuple[str, str]]

    @property
    def lit(self) -> str:
        """The ids the picture lights, one per line."""
        return "\n".join(self.wire["path"] or self.wire["nodeIds"])

    @property
    def nodes(self) -> str:
        return "\n".join(self.wire["nodeIds"])


@dataclass(slots=True)
class Report:
    """What the report template shows. ``picture`` is SVG of ours, with all texts escaped."""

    wire: Mapping[str, Any]
    issues: list[Issue]
    picture: str = ""
    left_out: int = 0
    not_checked: list[tuple[str, list[str]]] = field(default_factory=list)
    suppressed: list[Mapping[str, Any]] = field(default_factory=list)

    @property
    def counts(self) -> list[tuple[str, int]]:
        """``(severity, how many)`` for those there are."""
        summary = self.wire["summary"]
        return [(level.value, summary[level]) for level in SEVERITIES if summary[level]]

    @property
    def categories(self) -> list[tuple[str, int | None]]:
        # In our order: a database need not keep that of keys.
        return [(each.value, self.wire["categories"].get(each.value)) for each in CATEGORIES]

    @property
    def breakdown(self) -> list[dict[str, Any]]:
        rules = all_rules()
        return [
            {**row, "title": rules[row["ruleId"]].page.title if row["ruleId"] in rules else ""}
            for row in self.wire["scoreBreakdown"]
        ]


def report_of(wire: Mapping[str, Any], graph: Graph | None = None, picture: str = "") -> Report:
    """The report of an analysis on the wire; without its graph steps are named by their ids."""
    shown = wire["issues"][:MOST_ISSUES]
    return Report(
        wire,
        issues_of(shown, graph),
        picture,
        len(wire["issues"]) - len(shown),
        _by_reason(wire["notChecked"]),
        list(wire.get("suppressed", ())),
    )


def report_of_result(result: Result, picture: str = "") -> Report:
    """The report of an analysis that is not stored."""
    return report_of(analysis_to_wire(result), result.graph, picture)


def issues_of(issues: Sequence[Mapping[str, Any]], graph: Graph | None) -> list[Issue]:
    """Issues of the wire with the names their steps have in the graph."""
    names = graph.shared(labels) if graph is not None else {}
    return [_issue(issue, names) for issue in issues[:MOST_ISSUES]]


def _issue(wire: Mapping[str, Any], names: Mapping[str, str]) -> Issue:
    walk = wire["path"] if len(wire["path"]) > 1 else []
    return Issue(wire, _named(walk, names), _named(wire["nodeIds"], names))


def _named(ids: Sequence[str], names: Mapping[str, str]) -> list[tuple[str, str]]:
    found = [(each, clean(names.get(each, each), 80)) for each in ids]
    if len(found) > LONGEST_WALK:
        half = LONGEST_WALK // 2
        left_out = ("", f"… {len(found) - 2 * half} more …")
        return [*found[:half], left_out, *found[-half:]]
    return found


def _by_reason(rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[str]]]:
    by_reason: dict[str, list[str]] = {}
    for row in rows:
        by_reason.setdefault(row["reason"], []).append(row["ruleId"])
    return sorted(by_reason.items())
