"""An aggregator without a source module.

## Why it matters
An aggregator collects what its source module gives out. Without one before it there is nothing to
collect: it fails or hands on an empty result, and everything behind it works with that.

## How to fix
Open the aggregator and choose as “Source module” the iterator or search that comes before it.

## Bad
    {"name": "Daily list", "flow": [
      {"id": 1, "module": "google-sheets:filterRows", "version": 2},
      {"id": 2, "module": "util:TextAggregator", "version": 1, "parameters": {"feeder": 7},
       "mapper": {"value": "{{1.name}}"}}],
     "metadata": {"instant": false}}

## Good
    {"name": "Daily list", "flow": [
      {"id": 1, "module": "google-sheets:filterRows", "version": 2},
      {"id": 2, "module": "util:TextAggregator", "version": 1, "parameters": {"feeder": 1},
       "mapper": {"value": "{{1.name}}"}}],
     "metadata": {"instant": false}}
"""

from typing import Any

from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import MAKE, Graph, Kind, Step
from apps.workflows.analysis.rule import Rule

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.HIGH,
    confidence=Confidence.CERTAIN,
    platforms=[MAKE],
)

#: Joins the branches of an if-else; all other modules of its kind collect bundles.
_MERGE = "builtin:BasicMerge"
#: Sources looked for in one walk over the graph: bounds its memory.
_SWEEP = 4_096


@rule.graph
def check(graph: Graph) -> list[Hit]:
    aggregators = [step for step in graph.steps if _aggregates(step) and graph.is_reachable(step)]
    if not aggregators:
        return []
    by_id = {step.id: step.index for step in graph.steps}
    sources: dict[int, list[int]] = {}  # aggregator -> the modules that have its source's id
    for step in aggregators:
        feeder = _feeder(step)
        sources[step.index] = graph.duplicate_ids.get(feeder) or [
            index for index in [by_id.get(feeder)] if index is not None
        ]
    fed = _fed(graph, sources)
    return [_hit(step, sources[step.index], graph) for step in aggregators if step.index not in fed]


def _aggregates(step: Step) -> bool:
    if not step.enabled:
        return False
    known = step.spec.kind is Kind.MERGE and step.type != _MERGE
    return known or "feeder" in _parameters(step)


def _parameters(step: Step) -> dict[str, Any]:
    parameters = step.params.get("parameters")
    return parameters if isinstance(parameters, dict) else {}


def _feeder(step: Step) -> str:
    """The id of the source module; empty when none is chosen."""
    value = _parameters(step).get("feeder")
    if isinstance(value, str):
        return value.strip()[:40]
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return ""
    return str(int(value)) if 0 < value < 1e15 and value == int(value) else ""


def _fed(graph: Graph, sources: dict[int, list[int]]) -> set[int]:
    """The aggregators one of whose sources comes before them.

    One bit per source travels along the edges, from the start of the scenario on.
    """
    wanted = sorted({index for indexes in sources.values() for index in indexes})
    found: set[int] = set()
    for start in range(0, len(wanted), _SWEEP):
        bits = {index: 1 << n for n, index in enumerate(wanted[start : start + _SWEEP])}
        passed = [0] * len(graph.steps)
        for component in reversed(graph.components):
            for index in component:
                before = 0
                for edge in graph.into[index]:
                    before |= passed[edge.source]
                if any(before & bits.get(source, 0) for source in sources.get(index, ())):
                    found.add(index)
                passed[index] = before | bits.get(index, 0)
    return found


def _hit(step: Step, sources: list[int], graph: Graph) -> Hit:
    feeder = _feeder(step)
    if not feeder:
        message = f"“{step.label}” has no source module: it has nothing to collect."
    elif not sources:
        message = (
            f"“{step.label}” collects from module {feeder}, which is not in the scenario: "
            "it has nothing to collect."
        )
    else:
        source = graph.steps[sources[0]]
        where = "itself" if source is step else f"“{source.label}”, which is not before it"
        message = f"“{step.label}” collects from {where}: it has nothing to collect."
    return Hit([step], message)
