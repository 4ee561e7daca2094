"""What a report is made of: the analyses and errors of one run, in order."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from apps.workflows.analysis.account_score import AccountScore, account_score
from apps.workflows.analysis.engine import Analysis
from apps.workflows.analysis.findings import Severity
from apps.workflows.analysis.graph import Graph
from apps.workflows.analysis.suppressions import Suppression
from apps.workflows.platforms.base import DefinitionError


@dataclass(slots=True)
class Entry:
    """One workflow of a file, or why the file (or the workflow in it) could not be analysed."""

    file: str
    analysis: Analysis | None = None
    error: DefinitionError | None = None
    #: The file holds all workflows of one account.
    of_account: bool = False


def outline(analysis: Analysis) -> Analysis:
    """The analysis with what reports show of the graph and without the definition behind it.

    A run over thousands of files keeps all its analyses until the report is written.
    """
    graph = analysis.graph
    steps = [
        replace(step, params={}, raw={}, _leaves=None, _text=None, _lower=None)
        for step in graph.steps
    ]
    slim = Graph(
        graph.platform, graph.name, steps, graph.edges, graph.entries, graph.id, graph.active
    )
    return replace(analysis, graph=slim)


@dataclass(slots=True)
class Run:
    """``files`` is how many files were given; ``color`` and ``width`` are the terminal's.

    ``stale`` are suppressions that have expired or cover nothing; ``gone`` is how many findings
    of the baseline are no longer there (``None`` without a baseline).
    """

    entries: list[Entry] = field(default_factory=list)
    files: int = 0
    color: bool = False
    width: int = 100
    stale: list[Suppression] = field(default_factory=list)
    gone: int | None = None

    @property
    def analyses(self) -> list[tuple[str, Analysis]]:
        return [(entry.file, entry.analysis) for entry in self.entries if entry.analysis]

    @property
    def errors(self) -> list[tuple[str, DefinitionError]]:
        return [(entry.file, entry.error) for entry in self.entries if entry.error]

    @property
    def suppressed(self) -> int:
        return sum(len(analysis.suppressed) for _, analysis in self.analyses)

    @property
    def accounts(self) -> list[tuple[str, AccountScore]]:
        """The health of each account that a file holds as a whole."""
        groups: dict[str, list[Analysis]] = {}
        for entry in self.entries:
            if entry.of_account and entry.analysis is not None:
                groups.setdefault(entry.file, []).append(entry.analysis)
        return [(file, account_score(group)) for file, group in groups.items()]

    @property
    def by_severity(self) -> dict[str, int]:
        counts = dict.fromkeys((severity.value for severity in Severity), 0)
        for _, analysis in self.analyses:
            for finding in (*analysis.findings, *analysis.withheld):
                counts[finding.severity.value] += 1
        return counts

    def worst_at_least(self, level: Severity) -> bool:
        """Whether any finding is of this severity or graver."""
        return any(
            finding.severity.rank <= level.rank
            for _, analysis in self.analyses
            for finding in analysis.findings
        )
