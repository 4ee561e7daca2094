"""What a report is made of: the analyses and errors of one run, in order."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from apps.workflows.analysis.engine import Analysis
from apps.workflows.analysis.findings import Severity
from apps.workflows.analysis.graph import Graph
from apps.workflows.platforms.base import DefinitionError


@dataclass(slots=True)
class Entry:
    """One workflow of a file, or why the file (or the workflow in it) could not be analysed."""

    file: str
    analysis: Analysis | None = None
    error: DefinitionError | None = None


def outline(analysis: Analysis) -> Analysis:
    """The analysis with what reports show of the graph and without the definition behind it.

    A run over thousands of files keeps all its analyses until the report is written.
    """
    graph = analysis.graph
    steps = [replace(step, params={}, raw={}, _text=None, _lower=None) for step in graph.steps]
    slim = Graph(
        graph.platform, graph.name, steps, graph.edges, graph.entries, graph.id, graph.active
    )
    return replace(analysis, graph=slim)


@dataclass(slots=True)
class Run:
    """``files`` is how many files were given; ``color`` and ``width`` are the terminal's."""

    entries: list[Entry] = field(default_factory=list)
    files: int = 0
    color: bool = False
    width: int = 100

    @property
    def analyses(self) -> list[tuple[str, Analysis]]:
        return [(entry.file, entry.analysis) for entry in self.entries if entry.analysis]

    @property
    def errors(self) -> list[tuple[str, DefinitionError]]:
        return [(entry.file, entry.error) for entry in self.entries if entry.error]

    @property
    def by_severity(self) -> dict[str, int]:
        counts = dict.fromkeys((severity.value for severity in Severity), 0)
        for _, analysis in self.analyses:
            for finding in analysis.findings:
                counts[finding.severity.value] += 1
        return counts

    def worst_at_least(self, level: Severity) -> bool:
        """Whether any finding is of this severity or graver."""
        return any(
            finding.severity.rank <= level.rank
            for _, analysis in self.analyses
            for finding in analysis.findings
        )
